# SPDX-License-Identifier: Apache-2.0
"""Where subject, predicate and object of every statement of a file stand.

The statements come in exactly the order in which pyoxigraph's parser yields them, so that the
number of a statement tells where it stands: nothing is looked up by its name, and blank nodes need
none. What is not written has the place of what stands for it:

- a blank node's ``[``; the first cell of a list its ``(``, every other its member; ``rdf:nil`` at
  the end of a list the ``)``
- ``rdf:first`` its member, ``rdf:rest`` the next member
- a reifier without name its ``~``, ``{|`` or ``<<``
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from typing import Final

from cosigraph.source.statement_reader import Place, StatementReader

_NUMBERS: Final = 6


class Statements:
    """The places of a file's statements, by number."""

    def __init__(self, numbers: array[int]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers) // _NUMBERS

    def __getitem__(self, number: int) -> tuple[Place, Place, Place]:
        """Return the places of subject, predicate and object."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        a, b, c, d, e, f = self._numbers[number * _NUMBERS : (number + 1) * _NUMBERS]
        return (a, b), (c, d), (e, f)


def read_statements(content: bytes) -> Statements:
    """Read Turtle, TriG, N-Triples or N-Quads, in UTF-8, that is well-formed.

    Where it is not, the statements end at some place or other; no error is raised.
    """
    reader = StatementReader(content)
    # Not well-formed, or quoted triples within each other too deep.
    with suppress(IndexError, StopIteration, KeyError, RecursionError):
        reader.read()
    return Statements(reader.numbers)
