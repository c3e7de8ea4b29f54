# SPDX-License-Identifier: Apache-2.0
"""Why nothing can be of certain classes at once: two of them, or above them, are disjoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cosigraph.check.axioms import NOTHING, Axioms, Step
from cosigraph.check.statements import Statement


@dataclass(frozen=True, slots=True)
class Clash:
    """Two classes that are disjoint, and the statements by which something would be in both.

    ``starts`` are the classes that it began with, ``classes`` the two, or owl:Nothing alone.
    """

    starts: tuple[str, ...]
    classes: tuple[str, ...]
    reasons: tuple[Statement, ...]


class Clashes:
    """Finds the clash among classes; the same classes are tried once."""

    def __init__(self, axioms: Axioms) -> None:
        self._axioms = axioms
        self._apart: defaultdict[str, list[int]] = defaultdict(list)
        for number, apart in enumerate(axioms.apart):
            for member in apart.members:
                self._apart[member].append(number)
        self._known: dict[frozenset[str], Clash | None] = {}

    @property
    def possible(self) -> bool:
        """Whether the ontology says of anything that it cannot be."""
        axioms = self._axioms
        return bool(axioms.apart) or any(
            target == NOTHING
            for steps in (axioms.above, axioms.domains, axioms.ranges)
            for each in steps.values()
            for target, _ in each
        )

    def of(self, classes: frozenset[str]) -> Clash | None:
        """Return why nothing can be of all these classes, or None."""
        if classes not in self._known:
            self._known[classes] = self._find(classes)
        return self._known[classes]

    def _find(self, classes: frozenset[str]) -> Clash | None:
        reached = self._axioms.everything_above(sorted(classes))
        if NOTHING in reached:
            return _clash(reached, (NOTHING,), ())
        seen: dict[int, str] = {}
        for name in reached:
            for number in self._apart.get(name, ()):
                if number in seen:
                    statement = self._axioms.apart[number].statement
                    return _clash(reached, (seen[number], name), (statement,))
                seen[number] = name
        return None


def _clash(
    reached: dict[str, Step | None], classes: tuple[str, ...], reasons: Iterable[Statement]
) -> Clash:
    starts: list[str] = []
    path: list[Statement] = []
    for name in classes:
        ascent: list[Statement] = []
        step = reached[name]
        start = name
        while step is not None:
            start, statement = step
            ascent.append(statement)
            step = reached[start]
        starts.append(start)
        path += reversed(ascent)
    return Clash(tuple(starts), classes, tuple(dict.fromkeys([*path, *reasons])))
