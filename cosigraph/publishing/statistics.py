# SPDX-License-Identifier: Apache-2.0
"""What is in each graph, in numbers: VoID (W3C Interest Group Note, section 4).

The numbers are asked of the data by queries, so that whoever runs them decides where and for how
long. A graph's partitions are by class and by property; a linkset is made of the statements of one
property whose objects are described in another graph, or, for a property of mappings, elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.publishing.statements import Statements
from cosigraph.terms import Term

_TOTALS: Final = """
SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"""
_CLASSES: Final = """
SELECT ?graph ?class (COUNT(DISTINCT ?s) AS ?entities)
WHERE { GRAPH ?graph { ?s a ?class } FILTER(isIRI(?class)) } GROUP BY ?graph ?class"""
_PROPERTIES: Final = """
SELECT ?graph ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects)
WHERE { GRAPH ?graph { ?s ?property ?o } } GROUP BY ?graph ?property"""
_LINKS: Final = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?graph ?property ?target (COUNT(*) AS ?links) WHERE {
  { SELECT DISTINCT ?target ?o WHERE { GRAPH ?target { ?o ?any [] } FILTER(isIRI(?o)) } }
  GRAPH ?graph { ?s ?property ?o }
  FILTER(?graph != ?target && ?property != rdf:type)
} GROUP BY ?graph ?property ?target"""
_MAPPINGS: Final = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?graph ?property ?space (COUNT(*) AS ?links) WHERE {
  VALUES ?property {
    skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch
    owl:sameAs owl:equivalentClass owl:equivalentProperty
  }
  GRAPH ?graph { ?s ?property ?o }
  FILTER(isIRI(?o) && !STRSTARTS(STR(?o), %s))
  BIND(REPLACE(STR(?o), "[^/#]*$", "") AS ?space)
} GROUP BY ?graph ?property ?space"""
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")

Row = tuple[Term | None, ...]


def queries(base: str) -> Mapping[str, str]:
    """Return the queries by what they ask for; ``Statistics`` takes their rows by these names."""
    return {
        "totals": _TOTALS,
        "classes": _CLASSES,
        "properties": _PROPERTIES,
        "links": _LINKS,
        "mappings": _MAPPINGS % Literal(base),
    }


@dataclass(frozen=True, slots=True)
class Statistics:
    """The rows of ``queries``."""

    totals: Sequence[Row]
    classes: Sequence[Row]
    properties: Sequence[Row]
    links: Sequence[Row]
    mappings: Sequence[Row]


def void(statistics: Statistics, base: str, dataset: NamedNode) -> list[Triple]:
    """Return the description of each graph as a ``void:Dataset``, a subset of ``dataset``.

    ``base`` is the project's; the partitions and linksets are named below ``.well-known/void#``.
    """
    writer = _Writer(base, dataset)
    for row in statistics.totals:
        writer.total(*row)
    for row in statistics.classes:
        writer.class_partition(*row)
    for row in statistics.properties:
        writer.property_partition(*row)
    for row in statistics.links:
        writer.linkset(*row)
    for row in statistics.mappings:
        writer.mapping(*row)
    return writer.statements.triples


class _Writer:
    def __init__(self, base: str, dataset: NamedNode) -> None:
        self.statements = Statements()
        self._base = base
        self._dataset = dataset

    def total(self, graph: object, *numbers: Term | None) -> None:
        assert isinstance(graph, NamedNode)  # noqa: S101 - a graph's name
        triples, subjects, properties, objects = map(_count, numbers)
        self.statements.say(
            graph,
            "void:Dataset",
            void__triples=triples,
            void__distinctSubjects=subjects,
            void__properties=properties,
            void__distinctObjects=objects,
        )
        self.statements.add(self._dataset, "void:subset", graph)

    def class_partition(self, graph: object, class_: object, entities: object) -> None:
        assert isinstance(graph, NamedNode)  # noqa: S101 - as above
        assert isinstance(class_, NamedNode)  # noqa: S101 - the query has it so
        partition = self._name(graph, "class", class_.value)
        self.statements.add(graph, "void:classPartition", partition)
        self.statements.say(partition, void__class=class_, void__entities=_count(entities))

    def property_partition(self, graph: object, property_: object, *numbers: object) -> None:
        assert isinstance(graph, NamedNode)  # noqa: S101 - as above
        assert isinstance(property_, NamedNode)  # noqa: S101 - every property is an IRI
        triples, subjects, objects = map(_count, numbers)
        partition = self._name(graph, "property", property_.value)
        self.statements.add(graph, "void:propertyPartition", partition)
        self.statements.say(
            partition,
            void__property=property_,
            void__triples=triples,
            void__distinctSubjects=subjects,
            void__distinctObjects=objects,
        )

    def linkset(self, graph: object, property_: object, target: object, links: object) -> None:
        assert isinstance(graph, NamedNode)  # noqa: S101 - as above
        assert isinstance(property_, NamedNode)  # noqa: S101 - as above
        assert isinstance(target, NamedNode)  # noqa: S101 - a graph's name
        linkset = self._name(graph, "linkset", property_.value, target.value)
        self.statements.add(graph, "void:subset", linkset)
        self.statements.say(
            linkset,
            "void:Linkset",
            void__subjectsTarget=graph,
            void__objectsTarget=target,
            void__linkPredicate=property_,
            void__triples=_count(links),
        )

    def mapping(self, graph: object, property_: object, space: object, links: object) -> None:
        assert isinstance(space, Literal)  # noqa: S101 - the query has it so
        target = self._name(None, "elsewhere", space.value)
        self.statements.say(target, "void:Dataset", void__uriSpace=Literal(space.value))
        self.linkset(graph, property_, target, links)

    def _name(self, graph: NamedNode | None, kind: str, *what: str) -> NamedNode:
        """An IRI that says what it is about, and is the same for the same data."""
        about = "" if graph is None else graph.value.removeprefix(f"{self._base}graph/")
        told = [about, kind, *(re.split(r"[/#]", part.rstrip("/#"))[-1] for part in what)]
        words = "-".join(filter(None, (_NOT_IN_NAMES.sub("-", part).strip("-") for part in told)))
        key = "\n".join(("" if graph is None else graph.value, kind, *what))
        digest = hashlib.sha256(key.encode()).hexdigest()[:8]
        return NamedNode(f"{self._base}.well-known/void#{words}-{digest}")


def _count(value: object) -> Literal:
    assert isinstance(value, Literal)  # noqa: S101 - COUNT has no other
    return value


def asked(rows: Mapping[str, Iterable[Row]]) -> Statistics:
    """Return the statistics of rows by the names of ``queries``."""
    return Statistics(**{name: tuple(each) for name, each in rows.items()})
