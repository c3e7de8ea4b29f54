# SPDX-License-Identifier: Apache-2.0
"""Which mappings somebody asks for: by subject, predicate, vocabulary and confidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace

from cosigraph.errors import UsageError
from cosigraph.mappings.mapping import Mapping, MappingSet
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; None is no condition.

    ``subject`` and ``predicate`` are CURIEs, IRIs or what stands behind the prefix; a subject's
    label does too. ``vocabulary`` is the prefix of targets. ``least_confidence`` leaves out what is
    less sure, and what does not say how sure it is.
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
        cells = [mapping.cells for each in sets for mapping in each.mappings]
        if self.subject is not None and not any(self._is_subject(one, prefixes) for one in cells):
            labels = {each["subject_label"] for each in cells if "subject_label" in each}
            raise _unknown("subject", self.subject, {each["subject_id"] for each in cells}, labels)
        kinds = {each["predicate_id"] for each in cells}
        if self.predicate is not None and not any(
            _is(kind, self.predicate, prefixes) for kind in kinds
        ):
            raise _unknown("predicate", self.predicate, kinds)
        vocabularies = {vocabulary_of(mapping) for each in sets for mapping in each.mappings}
        if self.vocabulary is not None and self.vocabulary not in vocabularies:
            raise _unknown("target vocabulary", self.vocabulary, vocabularies)
        chosen = [
            replace(
                each, mappings=tuple(one for one in each.mappings if self._takes(one, prefixes))
            )
            for each in sets
        ]
        return [each for each in chosen if each.mappings]

    def _takes(self, mapping: Mapping, prefixes: Prefixes) -> bool:
        cells = mapping.cells
        return (
            (self.subject is None or self._is_subject(cells, prefixes))
            and (self.predicate is None or _is(cells["predicate_id"], self.predicate, prefixes))
            and self.vocabulary in {None, vocabulary_of(mapping)}
            and (self.least_confidence is None or _sureness(mapping) >= self.least_confidence)
        )

    def _is_subject(self, cells: Dictionary[str, str], prefixes: Prefixes) -> bool:
        wanted = self.subject or ""
        by_label = cells.get("subject_label", "").casefold() == wanted.casefold()
        return by_label or _is(cells["subject_id"], wanted, prefixes)


def _sureness(mapping: Mapping) -> float:
    return -1 if mapping.confidence is None else mapping.confidence


def vocabulary_of(mapping: Mapping) -> str:
    """Return the prefix of a mapping's target."""
    return mapping.target.partition(":")[0]


def _is(curie: str, wanted: str, prefixes: Prefixes) -> bool:
    return wanted in {curie, curie.partition(":")[2], prefixes.expand(curie)}


def _unknown(
    what: str, wanted: str, known: Collection[str], labels: Collection[str] = ()
) -> UsageError:
    """Return the error that names what is nearest, in the form in which the caller wrote it."""
    names = sorted(known) if ":" in wanted else sorted({*map(_local, known), *labels} - {""})
    return UsageError(
        f"No mapping has the {what} '{wanted}'.", advice=suggestion_sentence(wanted, names)
    )


def _local(curie: str) -> str:
    return curie.partition(":")[2] or curie
