# SPDX-License-Identifier: Apache-2.0
"""The names of a graph, indexed: by their spelling, their words and their initials."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cosigraph.choices import fold
from cosigraph.reconciliation.things import Named, Thing
from cosigraph.reconciliation.words import (
    FUNCTION_WORDS,
    MOST_WORDS,
    expanded,
    initials,
    words,
)

_SLIGHT: Final = 0.1  # the weight of a word that says nothing
_REMEMBERED: Final = 50_000  # words and what is like them
_MOST_LIKE: Final = 12
_LONGEST_ACRONYM: Final = 8
_SHORTEST_MISSPELT, _SHORTEST_TWICE_MISSPELT = 5, 9  # letters


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one thing, taken apart; ``weight`` is that of all its words."""

    thing: int
    name: Named
    stems: tuple[str, ...]
    weight: float


class Index:
    """The names of things.

    Args:
        things: what is to be found.
    """

    def __init__(self, things: Sequence[Thing]) -> None:
        self.things = tuple(things)
        self.by_iri = {thing.iri: number for number, thing in enumerate(self.things)}
        self.expansions = _expansions(self.things)
        taken_apart = [
            (number, name, self.stems(name.text))
            for number, thing in enumerate(self.things)
            for name in thing.names
        ]
        self._weights = _weights(stems for _, _, stems in taken_apart)
        self._strange = math.log(1 + len(taken_apart))
        self.entries = tuple(
            Entry(number, name, stems, sum(map(self.weight, stems)))
            for number, name, stems in taken_apart
        )
        self.exact = _grouped(entry.name.text.strip() for entry in self.entries)
        self.folded = _grouped(fold(entry.name.text) for entry in self.entries)
        self.postings = _postings(self.entries)
        self.acronyms = _acronyms(self.entries)
        self.spellings = list(self.folded)
        self._words = sorted(self.postings)
        self.like = lru_cache(maxsize=_REMEMBERED)(self._like)

    def stems(self, text: str) -> tuple[str, ...]:
        """The words that a name is compared by, none where they are too many."""
        found = words(text)
        return expanded(found, self.expansions) if len(found) <= MOST_WORDS else ()

    def weight(self, stem: str) -> float:
        """How much a word tells: the less, the more names it is in."""
        if stem in FUNCTION_WORDS:
            return _SLIGHT
        return self._weights.get(stem, self._strange)

    def _like(self, stem: str) -> tuple[tuple[str, float], ...]:
        """The words of the graph that this one is, or may be a misspelling of, and how alike."""
        itself = ((stem, 1.0),) if stem in self.postings else ()
        allowed = _allowed(stem)
        if not allowed or stem in FUNCTION_WORDS:
            return itself
        near = process.extract(
            stem, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=_MOST_LIKE
        )
        others = (
            (word, _likeness(stem, word, int(distance)))
            for word, distance, _ in near
            if word != stem and distance <= _allowed(word)
        )
        return (*itself, *others)


def _allowed(stem: str) -> int:
    """How many slips a misspelling of the word may have: none in short words and in numbers."""
    if len(stem) < _SHORTEST_MISSPELT or not stem.isalpha():
        return 0
    return 1 if len(stem) < _SHORTEST_TWICE_MISSPELT else 2


def _likeness(one: str, other: str, slips: int) -> float:
    """How alike two words are; a letter instead of another tells more than one too many."""
    shorter = min(len(one), len(other))
    is_another_letter = len(one) == len(other) and sorted(one) != sorted(other)
    return 1 - (1.0 if is_another_letter else 0.6) * slips / shorter


def _expansions(things: Iterable[Thing]) -> dict[str, tuple[str, ...]]:
    """What acronyms stand for: the shortest of the labels of things that have them as names."""
    found: dict[str, tuple[str, ...]] = {}
    for thing in things:
        stems = tuple(word.stem for word in words(thing.label))
        if not 1 < len(stems) <= MOST_WORDS:
            continue
        for name in thing.names:
            written = words(name.text)
            if len(written) == 1 and 1 < len(written[0].acronym) <= _LONGEST_ACRONYM:
                acronym = written[0].acronym
                known = found.get(acronym)
                if known is None or (len(stems), stems) < (len(known), known):
                    found[acronym] = stems
    return found


def _weights(names: Iterable[tuple[str, ...]]) -> dict[str, float]:
    counted: Counter[str] = Counter()
    total = 0
    for stems in names:
        counted.update(set(stems))
        total += 1
    return {stem: math.log(1 + total / count) for stem, count in counted.items()}


def _grouped(keys: Iterable[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        if key:
            groups[key].append(number)
    return dict(groups)


def _postings(entries: Sequence[Entry]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for stem in dict.fromkeys(entry.stems):
            found[stem].append(number)
    return dict(found)


def _acronyms(entries: Sequence[Entry]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        acronym = initials(entry.stems)
        if 2 < len(acronym) <= _LONGEST_ACRONYM:
            found[acronym].append(number)
    return dict(found)
