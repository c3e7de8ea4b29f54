# SPDX-License-Identifier: Apache-2.0
"""From what differs to what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from cosigraph.configuration import DEFAULT_NAMES
from cosigraph.difference.answers import AnswerDifference, Asked
from cosigraph.difference.breaking import Breaking, BreakingKind
from cosigraph.difference.comparison import Change, Comparison, Kind, Thing
from cosigraph.difference.descriptions import TYPE, Statement
from cosigraph.difference.labels import labels_of
from cosigraph.difference.naming import Named, Names, iris_in
from cosigraph.difference.report import Report, ShownBreaking, ShownChange, ShownThing
from cosigraph.difference.version import Version
from cosigraph.errors import Position
from cosigraph.terms import WELL_KNOWN_PREFIXES, Prefixes

THINGS: Final = 50
"""How many things of each kind are shown, and changes of each, unless it is said otherwise."""

ROWS: Final = 10
"""How many rows of each answer are shown that are missing, and that are new."""

_IS_IN_FILES: Final = frozenset({BreakingKind.TERM, BreakingKind.IDENTIFIER})


def report_on(
    comparison: Comparison,
    breaking: Sequence[Breaking],
    asked: Asked,
    *,
    most: int = THINGS,
    rows: int = ROWS,
) -> Report:
    """Return what is told of a difference.

    Args:
        comparison: what differs.
        breaking: what breaks, but for the answers.
        asked: the answers that differ.
        most: how many things of each kind, and changes of each, are shown.
        rows: how many rows of each answer are shown that are missing, and that are new.
    """
    shown = [thing for kind in Kind for thing in comparison.of(kind)[:most]]
    answers = [_answer(each) for each in asked.differences if each.breaks]
    teller = _Teller(comparison, shown, breaking[:most], most)
    return Report(
        old=comparison.old.name,
        new=comparison.new.name,
        counts={kind: len(comparison.of(kind)) for kind in Kind},
        quads=(len(comparison.removed), len(comparison.added)),
        followed=comparison.followed,
        things=tuple(map(teller.thing, shown)),
        breaking=(*map(teller.breaking, breaking[:most]), *answers),
        breaking_count=len(breaking) + len(answers),
        answers=asked.differences,
        answers_compared=asked.compared,
        rows=rows,
        remarks=(*comparison.remarks, *asked.remarks),
    )


def _answer(answer: AnswerDifference) -> ShownBreaking:
    missing = len(answer.missing)
    lost = "1 row" if missing == 1 else f"{missing} rows"
    what = f"has lost {lost}" if answer.failure is None else "is no longer given"
    return ShownBreaking(BreakingKind.ANSWER, f"The answer of '{answer.title}' {what}.")


class _Teller:
    """Names what is shown; labels are looked up once for all of it."""

    def __init__(
        self,
        comparison: Comparison,
        things: Sequence[Thing],
        breaking: Sequence[Breaking],
        most: int,
    ) -> None:
        self._old, self._new = comparison.old, comparison.new
        self._former = {new: old for old, new in comparison.renamed.items()}
        self._most = most
        wanted = {iri for thing in things for iri in self._wanted(thing)}
        wanted |= {iri for each in breaking for iri in (each.iri, each.instead) if iri is not None}
        names = _property_names(self._new, self._old)
        prefixes = _prefixes(self._old, self._new)
        # What is left of the old version has the new IRIs of renamed things.
        before = labels_of(
            self._old.quads, names, wanted | {self._former.get(iri, iri) for iri in wanted}
        )
        before |= {new: before[old] for new, old in self._former.items() if old in before}
        after = labels_of(self._new.quads, names, wanted)
        descriptions = comparison.descriptions
        self._before = Names({**after, **before}, prefixes, descriptions[0])
        self._after = Names({**before, **after}, prefixes, descriptions[1])

    def _wanted(self, thing: Thing) -> Iterator[str]:
        yield from (iri for iri in (thing.old, thing.new) if iri is not None)
        yield from iris_in(thing.statements)
        for change in thing.changes[: self._most]:
            yield from iris_in((change.old, change.new))

    def thing(self, thing: Thing) -> ShownThing:
        """Return a thing with its name, its place and its changes."""
        names = self._before if thing.new is None else self._after
        name = thing.new or thing.old or ""
        return ShownThing(
            kind=thing.kind,
            old=None if thing.old is None else self._before.thing(thing.old),
            new=None if thing.new is None else self._after.thing(thing.new),
            types=tuple(_types(thing, names)),
            statements=len(thing.statements),
            changes=tuple(self._change(thing, each) for each in thing.changes[: self._most]),
            changes_left_out=max(0, len(thing.changes) - self._most),
            places=(_place(self._old, thing.old), _place(self._new, thing.new)),
            description=names.description(name) if name.startswith("_:") else None,
        )

    def _change(self, thing: Thing, change: Change) -> ShownChange:
        old, new = change.old, change.new
        return ShownChange(
            property=self._after.thing(change.predicate),
            old=None if old is None else self._before.value(old),
            new=None if new is None else self._after.value(new),
            graphs=(None if old is None else old.graph, None if new is None else new.graph),
            places=(
                None if old is None else _place(self._old, thing.old, old, self._former),
                None if new is None else _place(self._new, thing.new, new),
            ),
        )

    def breaking(self, each: Breaking) -> ShownBreaking:
        """Return what breaks as a sentence, and where it was."""
        if each.iri is None:
            return ShownBreaking(each.kind, each.detail)
        text = each.detail.replace("{}", str(self._before.thing(each.iri)), 1)
        if each.instead is not None:
            text = f"{text} It is now {self._after.thing(each.instead)}."
        place = _place(self._old, each.iri) if each.kind in _IS_IN_FILES else None
        return ShownBreaking(each.kind, text, each.iri, each.instead, place)


def _types(thing: Thing, names: Names) -> Iterator[Named]:
    for each in thing.statements:
        if each.predicate == TYPE and isinstance(each.value, NamedNode):
            yield names.thing(each.value.value)


def _place(
    version: Version,
    iri: str | None,
    statement: Statement | None = None,
    former: Mapping[str, str] | None = None,
) -> Position | None:
    """Return the place of a thing, or of its statement, in a version's files.

    ``former`` has the IRIs that renamed things had in that version.
    """
    if iri is None or iri.startswith("_:"):
        return None
    if statement is None:
        return version.places.of(iri)
    had = former or {}
    value = statement.value
    if isinstance(value, NamedNode):
        value = NamedNode(had.get(value.value, value.value))
    predicate = had.get(statement.predicate, statement.predicate)
    return version.places.of(iri, predicate, value, statement.graph)


def _property_names(*versions: Version) -> tuple[str, ...]:
    """Return the properties that name things: the first project's, else the usual ones."""
    for version in versions:
        if version.project is not None:
            return version.project.configuration.names
    known = Prefixes(WELL_KNOWN_PREFIXES)
    return tuple(known.expand(name) or name for name in DEFAULT_NAMES)


def _prefixes(*versions: Version) -> Prefixes:
    """Return the prefixes of both, the later one's coming first."""
    namespaces = dict(WELL_KNOWN_PREFIXES)
    for version in versions:
        if version.project is not None:
            namespaces |= version.project.prefixes.namespaces
    return Prefixes(namespaces)
