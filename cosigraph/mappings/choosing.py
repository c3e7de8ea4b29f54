# SPDX-License-Identifier: Apache-2.0
"""Which mappings somebody asks for: by subject, predicate, vocabulary and confidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from cosigraph.errors import UsageError
from cosigraph.mappings.mapping import Mapping, MappingSet
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; None is no condition.

    ``subject`` and ``predicate`` are CURIEs or IRIs, or what stands behind the prefix;
    ``vocabulary`` is the prefix of targets; ``least_confidence`` leaves out what is less sure, and
    what does not say how sure it is.
    """

    subject: str | None = None
    predicate: str | None = None
    vocabulary: str | None = None
    least_confidence: float | None = None

    def of(self, sets: Iterable[MappingSet], prefixes: Prefixes) -> list[MappingSet]:
        """Return the sets with the mappings that are asked for; sets without any are left out.

        Raises:
            UsageError: no mapping at all has such a subject, predicate or vocabulary.
        """
        sets = list(sets)
        every = [(each, mapping) for each in sets for mapping in each.mappings]
        cells = [mapping.cells for _, mapping in every]
        self._check("subject", self.subject, prefixes, [each["subject_id"] for each in cells])
        self._check("predicate", self.predicate, prefixes, [each["predicate_id"] for each in cells])
        vocabularies = [vocabulary_of(mapping) for _, mapping in every]
        if self.vocabulary is not None and self.vocabulary not in vocabularies:
            raise _unknown("target", self.vocabulary, vocabularies)
        chosen = [
            replace(each, mappings=tuple(filter(self._takes(prefixes), each.mappings)))
            for each in sets
        ]
        return [each for each in chosen if each.mappings]

    def _check(
        self, what: str, wanted: str | None, prefixes: Prefixes, known: Collection[str]
    ) -> None:
        if wanted is not None and not any(_is_named(curie, wanted, prefixes) for curie in known):
            raise _unknown(what, wanted, known)

    def _takes(self, prefixes: Prefixes):  # type: ignore[no-untyped-def]
        return lambda mapping: self._takes_it(mapping, prefixes)

    def _takes_it(self, mapping: Mapping, prefixes: Prefixes) -> bool:
        cells = mapping.cells
        sure = mapping.confidence
        return (
            (self.subject is None or _is_named(cells["subject_id"], self.subject, prefixes))
            and (self.predicate is None or _is_named(cells["predicate_id"], self.predicate, prefixes))
            and self.vocabulary in {None, vocabulary_of(mapping)}
            and (self.least_confidence is None or (sure or 0) >= self.least_confidence)
        )


def vocabulary_of(mapping: Mapping) -> str:
    """Return the prefix of a mapping's target."""
    return mapping.target.partition(":")[0]


def _is_named(curie: str, wanted: str, prefixes: Prefixes) -> bool:
    return wanted in {curie, curie.partition(":")[2], prefixes.expand(curie)}


def _unknown(what: str, wanted: str, known: Collection[str]) -> UsageError:
    names = sorted({*known, *(name.partition(":")[2] for name in known)} - {""})
    return UsageError(
        f"No mapping has the {what} '{wanted}'.", advice=suggestion_sentence(wanted, names)
    )
