# SPDX-License-Identifier: Apache-2.0
"""RDF Patch: the difference as rows that delete and add quads (https://afs.github.io/rdf-patch/).

A patch names a blank node by the label that follows from what is said of it
(``cosigraph.difference.blank_nodes``), in the old version where it deletes and in the new one
where it adds. So a patch fits whatever copy of the old version, in whatever order or format.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from cosigraph.content_patch import patch_of
from cosigraph.difference.blank_nodes import labelled
from cosigraph.errors import DataSyntaxError, Position, UsageError

_WORD: Final = r'(?:[A-Za-z](?:[\w.-]*[\w-])?|"(?:[^"\\]|\\.)*")'
_BOUNDARY: Final = re.compile(r"(TX|TC|TA)\s*\.\s*(?:#.*)?")
_HEADER: Final = re.compile(rf"H\s+{_WORD}\s+(\S.*)")
_PREFIX: Final = re.compile(
    rf"P[AD]\s+(?:{_WORD}|:|\"\")(?:\s+(?:<[^<>\s]*>|\"[^\"\s]*\"))?\s*\.\s*"
)
_CHANGE: Final = re.compile(r"([AD])\s+(\S.*)")
_PARSER_POSITION: Final = re.compile(r"^Parser error (?:at|between) .*?(?:columns? \d+|and \d+): ")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that adds or deletes a quad, and the number of its line."""

    adds: bool
    quad: Quad
    line: int


def patch_text(old: AbstractSet[Quad], new: AbstractSet[Quad]) -> str:
    """Return the patch that makes ``new`` of ``old``, the same text for the same data.

    Both are as ``labelled`` gives them.
    """
    return patch_of((_digest(old), _lines(old - new)), (_digest(new), _lines(new - old)))


def apply_patch(quads: Iterable[Quad], patch: str, source: str | None = None) -> set[Quad]:
    """Return the quads after the patch, their blank nodes labelled as ``labelled`` does.

    ``source`` is the patch's file, for messages. Transactions are applied one after the other;
    one that is aborted (``TA``) is left out. Prefixes, which no quad has, are passed over.

    Raises:
        DataSyntaxError: the patch is not well-formed.
        UsageError: it deletes what is not there: it was made for other data.
    """
    state = labelled(quads).quads
    for transaction in read_patch(patch, source):
        for row in transaction:
            if row.adds:
                state.add(row.quad)
            elif row.quad in state:
                state.remove(row.quad)
            else:
                raise UsageError(
                    "The patch deletes a statement that is not there.",
                    position=Position(source, row.line, 1),
                    advice="Apply it to the version that it was made from.",
                )
    return labelled(state).quads


def read_patch(patch: str, source: str | None = None) -> Iterator[list[Row]]:
    """Yield the rows of each transaction that is not aborted; rows outside of any are one each.

    Raises:
        DataSyntaxError: with the place of the first row that is wrong.
    """
    reader = _Reader(source)
    for number, line in enumerate(patch.split("\n"), start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield from reader.transactions(text, number, line.index(text) + 1)
    yield from reader.end()


class _Reader:
    """Reads rows, and knows which transaction they belong to."""

    def __init__(self, source: str | None) -> None:
        self._source = source
        self._rows: list[Row] = []
        self._began = 0  # the line of the transaction that is open
        self._has_changes = False

    def transactions(self, text: str, line: int, column: int) -> Iterator[list[Row]]:
        """Read a row; yield the rows of the transaction that it ends, if it ends one."""
        at = Position(self._source, line, column)
        if header := _HEADER.fullmatch(text):
            if self._has_changes:
                raise DataSyntaxError("A header stands after the first change.", position=at)
            _header(header[1], self._source, line, column + header.start(1))
            return
        self._has_changes = True
        if boundary := _BOUNDARY.fullmatch(text):
            yield from self._boundary(boundary[1], at)
        elif change := _CHANGE.fullmatch(text):
            start = column + change.start(2)
            quad = _quad(change[2], self._source, line, start)
            self._rows.append(Row(change[1] == "A", quad, line))
        elif not _PREFIX.fullmatch(text):
            raise DataSyntaxError(
                "This is no row of an RDF Patch.",
                position=at,
                advice="A row begins with H, TX, TC, TA, PA, PD, A or D and ends with ' .'.",
            )

    def _boundary(self, word: str, at: Position) -> Iterator[list[Row]]:
        if (word == "TX") == bool(self._began):
            wrong = "begins within another" if self._began else "ends that has not begun"
            raise DataSyntaxError(f"A transaction {wrong}.", position=at)
        self._began = (at.line or 0) if word == "TX" else 0
        if self._rows and word != "TA":
            yield self._rows
        self._rows = []

    def end(self) -> Iterator[list[Row]]:
        """Yield the rows after the last transaction."""
        if self._began:
            raise DataSyntaxError(
                "The transaction that begins here has no end.",
                position=Position(self._source, self._began, 1),
            )
        if self._rows:
            yield self._rows


def _quad(text: str, source: str | None, line: int, column: int) -> Quad:
    """Return the one quad of a row that begins at a column."""
    try:
        quads: list[Quad] = list(pyoxigraph.parse(text, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        message = _PARSER_POSITION.sub("", error.msg or "").strip().rstrip(".")
        place = Position(source, line, max(1, column + (error.offset or 1) - 1))
        raise DataSyntaxError(f"{message}.", position=place) from None
    if len(quads) != 1:
        place = Position(source, line, column)
        raise DataSyntaxError("The row does not hold one statement.", position=place)
    return quads[0]


def _header(text: str, source: str | None, line: int, column: int) -> None:
    """Check the value of a header, which is a term before a full stop."""
    statement = "<h:s> <h:p> "
    _quad(f"{statement}{text}", source, line, column - len(statement))


def _digest(quads: Iterable[Quad]) -> str:
    return f"sha256:{hashlib.sha256(nquads(quads).encode()).hexdigest()}"


def nquads(quads: Iterable[Quad]) -> str:
    """Return the quads as sorted N-Quads."""
    return "".join(f"{line}\n" for line in _lines(quads))


def _lines(quads: Iterable[Quad]) -> list[str]:
    written = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    # Not splitlines(): a literal may hold line ends of Unicode's, which are not escaped.
    return sorted(written.decode().split("\n")[:-1])
