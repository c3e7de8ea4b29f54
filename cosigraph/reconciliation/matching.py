# SPDX-License-Identifier: Apache-2.0
"""Which things a name may mean: found by the index, scored from 0 to 100, and decided.

A score says how a name was found (``How``) and how much of its words the thing's name has. Only a
name that one thing alone has, spelt so that a slip is the likelier reading than another word, is
decided to be a match; anything else that is near is for a person to review.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from heapq import nlargest
from typing import Final

from rapidfuzz import fuzz, process

from cosigraph.choices import fold
from cosigraph.reconciliation.index import Entry, Index
from cosigraph.reconciliation.things import Named, Thing
from cosigraph.reconciliation.words import FUNCTION_WORDS, bare, parts

MATCH_SCORE: Final = 89.0
"""The least score of a match."""
REVIEW_SCORE: Final = 55.0
"""The least score of a candidate."""
MARGIN: Final = 3.0
"""How much better a match is than the next candidate."""
LONGEST_NAME: Final = 1000
"""The most characters of a name that is looked for."""

_EXACT, _FOLDED, _WORDS, _ACRONYM = 100.0, 99.0, 98.0, 75.0
_OTHER_ORDER: Final = 0.98
_BY_RANK: Final = 0.2  # what the place of a property among those configured takes off
_CASE_OF_A_CODE: Final = 88.0  # "it" and "us" are words, "IT" and "US" are codes
_LONGEST_CODE: Final = 3
_STRANGE_PART: Final = 0.87
_JOINED: Final = 0.85
_LEAST_JOINED: Final = 80.0
_SCORED: Final = 60  # entries that are scored in earnest, at most
_WORTH_SCORING: Final = 0.22  # of both names' words, shared as far as that is known before
_REMEMBERED: Final = 8192  # names and what was found, as columns repeat themselves
_NOT_OF_TYPE: Final = 0.8


class How(StrEnum):
    """How a name was found."""

    IDENTIFIER = "identifier"
    EXACT = "exact"
    FOLDED = "folded"
    WORDS = "words"
    MISSPELT = "misspelt"
    PARTLY = "partly"
    ACRONYM = "acronym"
    JOINED = "joined"


class Decision(StrEnum):
    """What is made of a name."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


class Strictness(StrEnum):
    """What the types that are asked for mean (the specification leaves it to the service)."""

    ANY = "any"
    ALL = "all"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may mean.

    Attributes:
        thing: the thing.
        score: how well it fits, from 0 to 100.
        name: which of its names was found.
        how: how that was found.
        namesakes: how many other things fit as well.
        is_of_type: whether it has the types that were asked for.
        is_match: whether it is decided that the name means it.
    """

    thing: Thing
    score: float
    name: Named
    how: How
    namesakes: int = 0
    is_of_type: bool = True
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    score: float
    entry: Entry
    how: How


class Matcher:
    """Finds the things that names may mean.

    Args:
        things: what is to be found.
        expand: turns a CURIE into an IRI, or gives None.
    """

    def __init__(
        self, things: Sequence[Thing], expand: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self.index = Index(things)
        self._expand = expand
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._found)

    def match(
        self,
        name: str,
        types: Sequence[str] = (),
        *,
        strictness: Strictness = Strictness.ANY,
        limit: int = 5,
    ) -> list[Candidate]:
        """The candidates for a name, the best first; the first may be decided to be a match.

        Args:
            name: as a person writes it; one that is longer than ``LONGEST_NAME`` has none.
            types: the IRIs of classes.
            strictness: what the types mean.
            limit: how many to give at most.
        """
        text = " ".join(name.split())
        if not text or len(text) > LONGEST_NAME:
            return []
        hits = self._identified(text) or self._remembered(text)
        found = [self._candidate(hit, types, strictness) for hit in hits.values()]
        kept = [candidate for candidate in found if candidate is not None]
        kept.sort(key=lambda candidate: (-candidate.score, candidate.thing.iri))
        kept = [candidate for candidate in kept if candidate.score >= REVIEW_SCORE]
        return decide(kept)[:limit]

    def forget(self) -> None:
        """Forget what was found for names, though not how words are misspelt."""
        self._remembered.cache_clear()

    def _candidate(
        self, hit: _Hit, types: Sequence[str], strictness: Strictness
    ) -> Candidate | None:
        thing, score = self.index.things[hit.entry.thing], hit.score
        if not types:
            is_hidden = thing.is_term and hit.how is not How.IDENTIFIER
            return None if is_hidden else Candidate(thing, score, hit.entry.name, hit.how)
        fits = all if strictness is Strictness.ALL else any
        is_of_type = fits(type_ in thing.types for type_ in types)
        if not is_of_type:
            if strictness is not Strictness.SHOULD or thing.is_term:
                return None
            score *= _NOT_OF_TYPE
        return Candidate(thing, score, hit.entry.name, hit.how, is_of_type=is_of_type)

    def _identified(self, text: str) -> dict[int, _Hit]:
        """The thing whose identifier the text is."""
        for iri in (text.removeprefix("<").removesuffix(">"), self._expand(text)):
            number = self.index.by_iri.get(iri) if iri else None
            if number is not None:
                thing = self.index.things[number]
                entry = Entry(number, Named("", thing.label), (), 0.0)
                return {number: _Hit(_EXACT, entry, How.IDENTIFIER)}
        return {}

    def _found(self, text: str) -> dict[int, _Hit]:
        """The best hit of each thing, by the whole name or by what brackets and dashes part."""
        best = self._by_name(text)
        for each in self._by_parts(parts(text)):
            _keep(best, each)
        return best

    def _by_parts(self, parted: Sequence[str]) -> Iterable[_Hit]:
        found = [self._by_name(part) for part in parted]
        for hits in found:
            for thing, hit in hits.items():
                strange = sum(
                    thing not in others or others[thing].score < MATCH_SCORE for others in found
                )
                strange -= hit.score < MATCH_SCORE  # itself
                yield replace(hit, score=hit.score * _STRANGE_PART ** max(strange, 0))

    def _by_name(self, text: str) -> dict[int, _Hit]:
        best: dict[int, _Hit] = {}
        for hit in self._by_spelling(text):
            _keep(best, hit)
        for hit in self._by_words(self.index.stems(text)):
            _keep(best, hit)
        if not any(hit.score >= MATCH_SCORE for hit in best.values()):
            for hit in (*self._by_initials(text), *self._by_joining(fold(text))):
                _keep(best, hit)
        return {thing: _in_small_letters(hit, text) for thing, hit in best.items()}

    def _by_spelling(self, text: str) -> Iterable[_Hit]:
        index = self.index
        exact = index.exact.get(text, ())
        for number in exact:
            entry = index.entries[number]
            yield _Hit(_EXACT - _BY_RANK * entry.name.rank, entry, How.EXACT)
        for number in index.folded.get(fold(text), ()):
            entry = index.entries[number]
            yield _Hit(_FOLDED - _BY_RANK * entry.name.rank, entry, How.FOLDED)

    def _by_words(self, stems: tuple[str, ...]) -> Iterable[_Hit]:
        """The entries that share the most of what their words tell, scored in earnest."""
        index = self.index
        weight = sum(map(index.weight, stems))
        telling = [stem for stem in dict.fromkeys(stems) if stem not in FUNCTION_WORDS]
        shared: dict[int, float] = defaultdict(float)
        for stem in telling:
            for word, likeness in index.like(stem):
                gain = index.weight(word) * likeness
                for number in index.postings[word]:
                    shared[number] += gain
        entries = index.entries
        parts_shared = (
            (common / (weight + entries[number].weight), -number)
            for number, common in shared.items()
        )
        ranked = nlargest(_SCORED, (each for each in parts_shared if each[0] > _WORTH_SCORING))
        for _, number in ranked:
            yield self._scored(stems, weight, entries[-number])

    def _scored(self, stems: tuple[str, ...], weight: float, entry: Entry) -> _Hit:
        """Dice's coefficient of the two names' words, each paired once, by what they tell."""
        index = self.index
        if stems == entry.stems:
            return _Hit(_WORDS - _BY_RANK * entry.name.rank, entry, How.WORDS)
        left = Counter(entry.stems)
        common, is_misspelt = 0.0, False
        for stem in stems:
            for word, likeness in ((stem, 1.0), *index.like(stem)):
                if left[word]:
                    left[word] -= 1
                    both = (index.weight(stem) if likeness == 1.0 else index.weight(word)) * 2
                    common += both * likeness
                    if likeness < 1.0:  # a strange word weighs as the one that it stands for
                        weight += index.weight(word) - index.weight(stem)
                        is_misspelt = True
                    break
        whole = weight + entry.weight
        share = min(common / whole, 1.0) if whole else 0.0
        missing = sum(1 for word in left.elements() if word not in FUNCTION_WORDS)
        is_in_order = _telling(stems) == _telling(entry.stems)
        score = _WORDS * share * (1.0 if is_in_order or is_misspelt else _OTHER_ORDER)
        how = How.PARTLY if missing or share < 0.8 else How.MISSPELT if is_misspelt else How.WORDS
        return _Hit(score - _BY_RANK * entry.name.rank, entry, how)

    def _by_initials(self, text: str) -> Iterable[_Hit]:
        acronym = bare(text).replace(".", "").replace(" ", "")
        for number in self.index.acronyms.get(acronym, ()) if text.isupper() else ():
            yield _Hit(_ACRONYM, self.index.entries[number], How.ACRONYM)

    def _by_joining(self, folded: str) -> Iterable[_Hit]:
        """The names that are much the same when spaces do not count."""
        index = self.index
        near = process.extract(
            folded, index.spellings, scorer=fuzz.ratio, score_cutoff=_LEAST_JOINED, limit=3
        )
        for spelling, ratio, _ in near:
            for number in index.folded[spelling]:
                yield _Hit(ratio * _JOINED, index.entries[number], How.JOINED)


def decide(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, the first decided to be a match or not; they are sorted by their score."""
    if not candidates:
        return []
    first, *others = candidates
    rivals = sum(first.score - other.score < MARGIN for other in others)
    is_match = (
        first.score >= MATCH_SCORE
        and first.is_of_type
        and not rivals
        and (len(first.name.text) > 1 or first.how is How.IDENTIFIER)
    )
    return [replace(first, namesakes=rivals, is_match=is_match), *others]


def decision_of(candidates: Sequence[Candidate]) -> Decision:
    """What is made of a name that has these candidates."""
    if not candidates:
        return Decision.NONE
    return Decision.MATCH if candidates[0].is_match else Decision.REVIEW


def _telling(stems: Iterable[str]) -> list[str]:
    return [stem for stem in stems if stem not in FUNCTION_WORDS]


def _in_small_letters(hit: _Hit, text: str) -> _Hit:
    """The hit, which a code in small letters is not enough for."""
    code = hit.entry.name.text
    is_doubtful = text.islower() and code.isupper() and len(code) <= _LONGEST_CODE
    return replace(hit, score=min(hit.score, _CASE_OF_A_CODE)) if is_doubtful else hit


def _keep(best: dict[int, _Hit], hit: _Hit) -> None:
    known = best.get(hit.entry.thing)
    if known is None or hit.score > known.score:
        best[hit.entry.thing] = hit
