# SPDX-License-Identifier: Apache-2.0
"""Things with names, as a reconciliation knows them: plain enough to be handed to a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cosigraph.terms import RDF, RDFS, SKOS
from cosigraph.vocabulary import DCTERMS, OWL, SH

NOTATION: Final = SKOS + "notation"
_PREFERRED: Final = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")
_TERMS: Final = frozenset(
    {
        OWL + "Class",
        OWL + "Ontology",
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
        RDFS + "Class",
        RDFS + "Datatype",
        RDF + "Property",
        SH + "NodeShape",
        SH + "PropertyShape",
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a thing.

    Attributes:
        property: the IRI of the property that gives it.
        text: the name.
        language: its language tag, empty where it has none.
        rank: the place of its property among those configured.
    """

    property: str
    text: str
    language: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its names, the preferred ones first, and its types, the wider ones too."""

    iri: str
    names: tuple[Named, ...]
    types: tuple[str, ...] = ()
    description: str = ""

    @property
    def label(self) -> str:
        """What it is called: the preferred label, in English where there is one."""
        named = sorted(self.names, key=_label_order)
        return named[0].text if named else self.iri

    @property
    def is_term(self) -> bool:
        """Whether it is a class, a property or a shape, which is found only by its type."""
        return not _TERMS.isdisjoint(self.types)

    def encode(self) -> list[Any]:
        """The thing as plain lists, for JSON."""
        names = [[name.property, name.text, name.language, name.rank] for name in self.names]
        return [self.iri, names, list(self.types), self.description]

    @classmethod
    def decode(cls, fields: Sequence[Any]) -> Thing:
        """The thing that ``encode`` wrote."""
        iri, names, types, description = fields
        return cls(iri, tuple(Named(*name) for name in names), tuple(types), description)


def _label_order(name: Named) -> tuple[int, int, int, str, str]:
    """Preferred labels first, English first among them; codes last."""
    is_code = name.property == NOTATION
    place = _PREFERRED.index(name.property) if name.property in _PREFERRED else len(_PREFERRED)
    return (
        len(_PREFERRED) + 1 if is_code else place,
        language_order(name.language),
        name.rank,
        name.language,
        name.text,
    )


def language_order(language: str) -> int:
    """English first, then what has no language, then the others."""
    if language == "en" or language.startswith("en-"):
        return 0
    return 1 if not language else 2


def with_wider(types: Sequence[str], wider: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The types and all that are wider, each once, the own ones first."""
    found = dict.fromkeys(types)
    pending = list(types)
    while pending:
        for each in wider.get(pending.pop(), ()):
            if each not in found:
                found[each] = None
                pending.append(each)
    return tuple(found)
