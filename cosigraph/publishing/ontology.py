# SPDX-License-Identifier: Apache-2.0
"""The terms that a project's ontology has, read for people and for programs.

A term is a class or a property that is typed as one (RDF Schema, OWL 2). What stands in blank
nodes, such as the union of classes, is for reasoners and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from cosigraph.terms import Term
from cosigraph.turtle import natural_key
from cosigraph.vocabulary import DCTERMS, OWL, RDF, RDFS, SKOS

TERMS: Final = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?property ?value WHERE {
  VALUES ?kind {
    owl:Class rdfs:Class rdf:Property owl:ObjectProperty owl:DatatypeProperty
    owl:AnnotationProperty
  }
  ?term a ?kind ; ?property ?value FILTER(isIRI(?term) && !isBlank(?value))
}"""
"""What is said of each class and property."""
USES: Final = """
SELECT ?term (COUNT(*) AS ?uses) WHERE { { ?s ?term ?o } UNION { ?s a ?term } } GROUP BY ?term"""
"""How many statements each property has, and how many things each class."""

_CLASSES: Final = {OWL + "Class", RDFS + "Class"}
_OBJECT_PROPERTY: Final = OWL + "ObjectProperty"
_LABELS: Final = (RDFS + "label", SKOS + "prefLabel")
_DEFINITIONS: Final = (SKOS + "definition", RDFS + "comment", DCTERMS + "description")
_NOTES: Final = (SKOS + "scopeNote", SKOS + "example", SKOS + "editorialNote")

Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or a property.

    Attributes:
        iri: its identifier
        label: what it is called, its local name if it is not
        definition: what it means, empty if that is not said
        notes: scope notes and examples
        is_class: whether it is a class
        has_things: whether the values of a property are things and no literals
        is_deprecated: whether it is kept only for those who use it
        above: the classes or properties that it is a kind of
        below: those of this project's ontology that are a kind of it
        domains, ranges: the classes that a property leads from and to
        inverses: the properties of the other direction
        uses: how many statements or things it has, if that was counted
    """

    iri: str
    label: str
    definition: str
    notes: tuple[str, ...]
    is_class: bool
    has_things: bool
    is_deprecated: bool
    above: tuple[str, ...]
    below: tuple[str, ...]
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    inverses: tuple[str, ...]
    uses: int | None = None

    @property
    def name(self) -> str:
        """The part of the identifier after its namespace."""
        return local_name(self.iri)


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/`` of an IRI."""
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def ontology_terms(rows: Iterable[Row], uses: Iterable[Row] = ()) -> list[OntologyTerm]:
    """Return the terms in the order of their names, from the rows of ``TERMS`` and ``USES``."""
    said: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for term, property_, value in rows:
        if isinstance(term, NamedNode) and isinstance(property_, NamedNode) and value is not None:
            said[term.value][property_.value].append(value)
    counted = {
        term.value: int(count.value)
        for term, count in uses
        if isinstance(term, NamedNode) and isinstance(count, Literal)
    }
    below: defaultdict[str, set[str]] = defaultdict(set)
    for iri, values in said.items():
        for above in _above(values):
            below[above].add(iri)
    counts = counted or None
    return [
        _term(iri, said[iri], below[iri], counts)
        for iri in sorted(said, key=lambda iri: natural_key(local_name(iri)))
    ]


def _term(
    iri: str,
    said: Mapping[str, Sequence[Term]],
    below: Iterable[str],
    counts: Mapping[str, int] | None,
) -> OntologyTerm:
    kinds = set(_iris(said, RDF + "type"))
    return OntologyTerm(
        iri=iri,
        label=next(iter(_texts(said, _LABELS)), local_name(iri)),
        definition=next(iter(_texts(said, _DEFINITIONS)), ""),
        notes=tuple(_texts(said, _NOTES)),
        is_class=not kinds.isdisjoint(_CLASSES),
        has_things=_OBJECT_PROPERTY in kinds,
        is_deprecated=Literal(True) in said.get(OWL + "deprecated", ()),
        above=_above(said),
        below=_sorted(below),
        domains=_iris(said, RDFS + "domain"),
        ranges=_iris(said, RDFS + "range"),
        inverses=_iris(said, OWL + "inverseOf"),
        uses=None if counts is None else counts.get(iri, 0),
    )


def _above(said: Mapping[str, Sequence[Term]]) -> tuple[str, ...]:
    return _iris(said, RDFS + "subClassOf") + _iris(said, RDFS + "subPropertyOf")


def _iris(said: Mapping[str, Sequence[Term]], property_: str) -> tuple[str, ...]:
    return _sorted(value.value for value in said.get(property_, ()) if type(value) is NamedNode)


def _sorted(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(iris), key=natural_key))


def _texts(said: Mapping[str, Sequence[Term]], properties: Iterable[str]) -> list[str]:
    """The texts of the first of these properties that has any, those in English first."""
    found = [
        value
        for property_ in properties
        for value in sorted(said.get(property_, ()), key=str)
        if isinstance(value, Literal)
    ]
    return [
        value.value for value in sorted(found, key=lambda value: value.language not in {None, "en"})
    ]
