# SPDX-License-Identifier: Apache-2.0
"""Completing what a person types: the things, types and properties that begin with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from cosigraph.choices import fold
from cosigraph.reconciliation.collecting import Collected
from cosigraph.reconciliation.things import Named, Thing
from cosigraph.reconciliation.words import words


class Kind(StrEnum):
    """What is suggested."""

    ENTITY = "entity"
    TYPE = "type"
    PROPERTY = "property"


class Suggester:
    """Suggests what a graph has.

    Args:
        collected: what the graph names.
        shorten: gives the CURIE of an IRI, which is what a thing without a name is called.
    """

    def __init__(self, collected: Collected, shorten: Callable[[str], str]) -> None:
        known = {thing.iri: thing for thing in collected.things}
        self._shorten = shorten
        self._counted = Counter(
            type_ for thing in collected.things if not thing.is_term for type_ in thing.types
        )
        types = dict.fromkeys(type_ for thing in collected.things for type_ in thing.types)
        self._kinds = {
            Kind.ENTITY: [_spelt(thing) for thing in collected.things if not thing.is_term],
            Kind.TYPE: [_spelt(self._thing(iri, known)) for iri in sorted(types)],
            Kind.PROPERTY: [_spelt(self._thing(iri, known)) for iri in collected.properties],
        }
        self._by_iri = {
            kind: {thing.iri: thing for thing, _ in spelt} for kind, spelt in self._kinds.items()
        }

    def named(self, kind: Kind, iri: str) -> Thing | None:
        """The thing, type or property with an identifier, if there is one."""
        return self._by_iri[kind].get(iri)

    def common_types(self, most: int) -> list[str]:
        """The IRIs of the types that most things have, the commonest first."""
        return [type_ for type_, _ in self._counted.most_common(most)]

    def suggest(self, kind: Kind, prefix: str, start: int, most: int) -> list[Thing]:
        """What begins with a prefix: a name first, then a word of one; shorter labels first.

        Args:
            kind: what is to be suggested.
            prefix: what a person has typed; an identifier suggests what it identifies.
            start: how many suggestions to leave out.
            most: how many to give.
        """
        typed = prefix.strip()
        identified = self.named(kind, typed)
        if identified is not None:
            return [identified][start : start + most]
        folded = fold(typed)
        found: list[tuple[int, int, str, Thing]] = []
        for thing, spellings in self._kinds[kind]:
            place = _place(folded, spellings)
            if place is not None:
                found.append((place, len(thing.label), thing.iri, thing))
        found.sort(key=lambda each: each[:3])
        return [thing for *_, thing in found[start : start + most]]

    def _thing(self, iri: str, known: dict[str, Thing]) -> Thing:
        """The thing, with its CURIE for a name if it has none."""
        if iri in known:
            return known[iri]
        return Thing(iri, (Named("", self._shorten(iri)),))


def _spelt(thing: Thing) -> tuple[Thing, tuple[tuple[str, ...], ...]]:
    """The thing with its names, each folded, and folded from each of its words on."""
    return thing, tuple(tuple(_beginnings(name.text)) for name in thing.names)


def _beginnings(text: str) -> Iterable[str]:
    yield fold(text)
    stems = [word.stem for word in words(text)]
    for number in range(1, len(stems)):
        yield "".join(stems[number:])


def _place(folded: str, spellings: Sequence[Sequence[str]]) -> int | None:
    """Whether a name begins so (0), or a word of one (1)."""
    if any(spelling[0].startswith(folded) for spelling in spellings if spelling):
        return 0
    if any(each.startswith(folded) for spelling in spellings for each in spelling[1:]):
        return 1
    return None
