# SPDX-License-Identifier: Apache-2.0
"""The difference as it is told: with names and places, and cut where there is too much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cosigraph.difference.answers import AnswerDifference
from cosigraph.difference.breaking import BreakingKind
from cosigraph.difference.comparison import Kind
from cosigraph.difference.naming import Named, ShownValue
from cosigraph.errors import Position


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change of a property; ``graphs`` are those of the statement before and after."""

    property: Named
    old: ShownValue | None
    new: ShownValue | None
    graphs: tuple[str | None, str | None]
    places: tuple[Position | None, Position | None]


@dataclass(frozen=True, slots=True)
class ShownThing:
    """A thing that differs.

    ``statements`` is their number where it was added or removed; ``description`` is what is said
    of one that is a blank node.
    """

    kind: Kind
    old: Named | None
    new: Named | None
    types: tuple[Named, ...]
    statements: int
    changes: tuple[ShownChange, ...]
    changes_left_out: int
    places: tuple[Position | None, Position | None]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ShownBreaking:
    """What breaks, in words; the place is that in the old version."""

    kind: BreakingKind
    text: str
    iri: str | None = None
    instead: str | None = None
    place: Position | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told.

    ``counts`` are of all things, ``quads`` of those removed and added, ``followed`` of those that
    differ only because a thing was renamed, ``breaking_count`` of all that breaks. ``rows`` is how
    many rows of an answer are shown that are missing, and that are new.
    """

    old: str
    new: str
    counts: Mapping[Kind, int]
    quads: tuple[int, int]
    followed: int
    things: tuple[ShownThing, ...]
    breaking: tuple[ShownBreaking, ...]
    breaking_count: int
    answers: tuple[AnswerDifference, ...]
    answers_compared: int
    rows: int
    remarks: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(any(self.quads) or self.breaking_count or self.answers)

    @property
    def breaks(self) -> bool:
        """Whether anything breaks for people who query."""
        return bool(self.breaking_count)

    def left_out(self, kind: Kind) -> int:
        """Return how many things of a kind are not shown."""
        return self.counts[kind] - sum(thing.kind is kind for thing in self.things)
