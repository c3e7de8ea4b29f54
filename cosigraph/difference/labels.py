# SPDX-License-Identifier: Apache-2.0
"""What things are called, in one version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from pyoxigraph import Literal, NamedNode, Quad

from cosigraph.vocabulary import SKOS

_NOTATION = SKOS + "notation"


def labels_of(
    quads: Iterable[Quad], names: Sequence[str], wanted: AbstractSet[str]
) -> dict[str, str]:
    """Return the label of each of the wanted IRIs that has one.

    ``names`` are the IRIs of properties that name a thing; earlier ones win, a notation comes
    last, and English comes before other languages.
    """
    if not wanted:
        return {}
    ranks = {name: (name == _NOTATION, rank) for rank, name in enumerate(names)}
    found: dict[str, tuple[tuple[object, ...], str]] = {}
    for quad in quads:
        rank = ranks.get(quad.predicate.value)
        if rank is None:
            continue
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, Literal):
            continue
        if subject.value in wanted:
            language = value.language or ""
            is_english = language == "en" or language.startswith("en-")
            order = (rank, not is_english, language, value.value)
            found[subject.value] = min(
                found.get(subject.value, (order, value.value)), (order, value.value)
            )
    return {iri: label for iri, (_, label) in found.items()}
