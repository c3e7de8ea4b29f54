# SPDX-License-Identifier: Apache-2.0
"""Whether an ontology stays in the profile OWL 2 RL (OWL 2 Profiles, section 4.2).

The grammar of the profile is read off the RDF that OWL's constructs are mapped to: which class
expressions may stand below, above and beside a class, and what may not stand at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from cosigraph.check.findings import Finding
from cosigraph.check.quiet import quiet
from cosigraph.check.rdflib_graph import term_to_rdflib, to_rdflib
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, Sources, triples_of
from cosigraph.check.statements import Statement

# OWL 2's terms that rdflib's list has not, or that are no Python names.
_REAL, _RATIONAL = URIRef(f"{OWL}real"), URIRef(f"{OWL}rational")

_CONSTRUCTS: Final = (
    *(OWL.intersectionOf, OWL.unionOf, OWL.complementOf, OWL.oneOf, OWL.hasSelf, OWL.hasValue),
    *(OWL.someValuesFrom, OWL.allValuesFrom, OWL.maxCardinality, OWL.maxQualifiedCardinality),
    *(OWL.minCardinality, OWL.cardinality, OWL.minQualifiedCardinality, OWL.qualifiedCardinality),
)
"""The predicates by which a blank node is a class expression, one each."""


class Where(StrEnum):
    """Where a class expression stands in an axiom."""

    BELOW = "below a class"
    ABOVE = "above a class"
    BESIDE = "as an equivalent of a class"


_ALLOWED: Final = {
    Where.BELOW: {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.someValuesFrom, OWL.hasValue},
    Where.ABOVE: {
        *(OWL.intersectionOf, OWL.complementOf, OWL.allValuesFrom, OWL.hasValue),
        *(OWL.maxCardinality, OWL.maxQualifiedCardinality),
    },
    Where.BESIDE: {OWL.intersectionOf, OWL.hasValue},
}

_FORBIDDEN_PROPERTIES: Final = {
    *(OWL.topObjectProperty, OWL.bottomObjectProperty),
    *(OWL.topDataProperty, OWL.bottomDataProperty),
}
_DATA_RANGES: Final = {
    OWL.unionOf: "a union of datatypes",
    OWL.oneOf: "an enumeration of values",
    OWL.datatypeComplementOf: "the complement of a datatype",
    OWL.onDatatype: "a restriction of a datatype",
}
_FORBIDDEN_DATATYPES: Final = {_REAL, _RATIONAL}


def check_profile(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each axiom that is not within the profile."""
    outside = rule("ontology/outside-rl-profile")
    files = sources.of(ONTOLOGY)
    profile = Profile(to_rdflib(triples_of(files)), sources)
    for file in files:
        for number, triple in enumerate(file.triples):
            with quiet():
                terms = [term_to_rdflib(term) for term in triple]
            for fault in profile.faults(*terms):
                yield outside.finding(
                    f"Outside the profile OWL 2 RL: {fault}.",
                    sources.place(Statement(file, number)),
                    advice="Say it in a shape if it is a constraint on the data, or rewrite it "
                    "within the profile.",
                )


class Profile:
    """Finds in a graph what the profile has not."""

    def __init__(self, graph: Graph, sources: Sources) -> None:
        self._graph = graph
        self._sources = sources
        self._within: set[Node] = set()

    def faults(self, subject: Node, predicate: Node, value: Node) -> Iterator[str]:
        """Yield why an axiom is outside the profile."""
        if predicate in {RDFS.subClassOf, OWL.disjointWith}:
            yield from self._expression(subject, Where.BELOW)
            where = Where.ABOVE if predicate == RDFS.subClassOf else Where.BELOW
            yield from self._expression(value, where)
        elif predicate == OWL.equivalentClass:
            if not self._is_datatype(subject) and not self._is_datatype(value):
                yield from self._expression(subject, Where.BESIDE)
                yield from self._expression(value, Where.BESIDE)
        elif predicate in {RDFS.domain, RDFS.range} and not self._is_datatype(value):
            yield from self._expression(value, Where.ABOVE)
        elif predicate == RDF.type:
            yield from self._assertion(subject, value)
        elif predicate == OWL.disjointUnionOf:
            yield "a disjoint union"
        elif predicate in _CONSTRUCTS and isinstance(subject, URIRef):
            yield from self._named(subject, predicate)
        yield from self._properties(predicate, value)
        yield from self._data_range(subject, predicate, value)

    def _named(self, subject: Node, construct: Node) -> Iterator[str]:
        """Yield why a class cannot be given this expression without owl:equivalentClass."""
        if self._is_datatype(subject):
            return
        if construct not in _ALLOWED[Where.BESIDE]:
            yield f"{_name(construct)} {Where.BESIDE}"
        yield from self._operands(subject, construct, Where.BESIDE)

    def _assertion(self, subject: Node, value: Node) -> Iterator[str]:
        if value == OWL.ReflexiveProperty:
            yield "a reflexive property"
        elif value == OWL.AllDisjointClasses:
            for members in self._graph.objects(subject, OWL.members):
                for member in self._list(members):
                    yield from self._expression(member, Where.BELOW)
        elif isinstance(value, BNode):
            yield from self._expression(value, Where.ABOVE)

    def _properties(self, predicate: Node, value: Node) -> Iterator[str]:
        for term in (predicate, value):
            if term in _FORBIDDEN_PROPERTIES:
                yield f"the property {self._sources.shorten(str(term))}"

    def _data_range(self, subject: Node, predicate: Node, value: Node) -> Iterator[str]:
        if predicate in _DATA_RANGES and self._is_datatype(subject):
            yield _DATA_RANGES[URIRef(str(predicate))]
        datatype = value.datatype if isinstance(value, Literal) else value
        if datatype in _FORBIDDEN_DATATYPES:
            yield f"the datatype {self._sources.shorten(str(datatype))}"

    def _expression(self, node: Node, where: Where) -> Iterator[str]:
        """Yield why a class expression cannot stand there; one within itself is read once."""
        if node == OWL.Thing:
            yield f"owl:Thing {where}"
        if not isinstance(node, BNode) or node in self._within:
            return
        self._within.add(node)
        for construct in _CONSTRUCTS:
            if (node, construct, None) not in self._graph:
                continue
            if construct not in _ALLOWED[where]:
                yield f"{_name(construct)} {where}"
            elif construct in {OWL.maxCardinality, OWL.maxQualifiedCardinality}:
                yield from self._cardinality(node, construct)
            else:
                yield from self._operands(node, construct, where)
        self._within.discard(node)

    def _operands(self, node: Node, construct: Node, where: Where) -> Iterator[str]:
        """Yield what is wrong with the expressions of which another one consists."""
        for value in self._graph.objects(node, construct):
            if construct in {OWL.intersectionOf, OWL.unionOf}:
                for member in self._list(value):
                    yield from self._expression(member, where)
            elif construct == OWL.complementOf:
                yield from self._expression(value, Where.BELOW)
            elif construct in {OWL.someValuesFrom, OWL.allValuesFrom}:
                any_thing = construct == OWL.someValuesFrom and value == OWL.Thing
                if not any_thing and not self._is_datatype(value):
                    yield from self._expression(value, where)

    def _cardinality(self, node: Node, construct: Node) -> Iterator[str]:
        for value in self._graph.objects(node, construct):
            if str(value).strip("+").lstrip("0") not in {"", "1"}:
                yield f"{_name(construct)} of {value}, neither 0 nor 1"
        for value in self._graph.objects(node, OWL.onClass):
            if value != OWL.Thing:
                yield from self._expression(value, Where.BELOW)

    def _is_datatype(self, node: Node) -> bool:
        if isinstance(node, URIRef) and str(node).startswith((str(XSD), f"{RDFS}Literal")):
            return True
        kinds = {RDFS.Datatype, OWL.DataRange}
        return node in _FORBIDDEN_DATATYPES or any(
            kind in kinds for kind in self._graph.objects(node, RDF.type)
        )

    def _list(self, head: Node) -> list[Node]:
        seen: set[Node] = set()
        members: list[Node] = []
        node: Node | None = head
        while node is not None and node not in seen:
            seen.add(node)
            members += self._graph.objects(node, RDF.first)
            node = self._graph.value(node, RDF.rest)
        return members


def _name(construct: Node) -> str:
    return "owl:" + str(construct).removeprefix(str(OWL))
