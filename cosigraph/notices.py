# SPDX-License-Identifier: Apache-2.0
"""What a project says of its data as a whole: title, description, rights and licence.

It is what the data itself states of each dataset that its catalogue names (DCAT 3, section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.vocabulary import DCAT, DCTERMS

_TOLD: Final = {
    DCTERMS + "title": "Dataset",
    DCTERMS + "description": "About the data",
    DCTERMS + "rights": "Rights",
    DCTERMS + "license": "Licence",
}


def notices(triples: Iterable[Triple]) -> tuple[tuple[str, str], ...]:
    """What is to be told to whoever gets a part of the data, as names and texts.

    Nothing where there is no catalogue. Texts in English come before those in other languages.
    """
    stated = [triple for triple in triples if isinstance(triple.predicate, NamedNode)]
    datasets = [each.object for each in stated if each.predicate.value == DCAT + "dataset"]
    told = [
        (dataset, triple.predicate.value, triple.object)
        for dataset in dict.fromkeys(datasets)
        for triple in stated
        if triple.subject == dataset and triple.predicate.value in _TOLD
    ]
    return tuple(
        (name, text)
        for dataset in dict.fromkeys(datasets)
        for predicate, name in _TOLD.items()
        for text in _texts(
            value for about, by, value in told if (about, by) == (dataset, predicate)
        )
    )


def _texts(values: Iterable[object]) -> Iterator[str]:
    """The texts, those in English first."""
    found = [value for value in values if isinstance(value, (Literal, NamedNode))]
    yield from (
        value.value
        for value in sorted(
            found,
            key=lambda value: (getattr(value, "language", None) not in {None, "en"}, str(value)),
        )
    )
