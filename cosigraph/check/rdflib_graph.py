# SPDX-License-Identifier: Apache-2.0
"""Parsed triples as an rdflib graph, for what reads rdflib only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from cosigraph.check.engines.comparison import guard_comparisons
from cosigraph.check.quiet import quiet

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class CheckedGraph(Graph):
    """A graph in memory that translates each query once.

    pySHACL asks the same query for every focus node, and rdflib takes longer to read a query than
    to answer it.
    """

    def query(self, query_object: Any, *arguments: Any, **options: Any) -> Result:
        """As rdflib's, whose result it is."""
        if isinstance(query_object, str):
            query_object = _translated(query_object)
        return super().query(query_object, *arguments, **options)


@lru_cache(maxsize=1024)
def _translated(text: str) -> Query:
    return guard_comparisons(prepareQuery(text, initNs=dict(Graph().namespaces())))


def to_rdflib(triples: Iterable[Triple]) -> Graph:
    """Return triples as an rdflib graph in memory; literals stay as they are written.

    Triple terms (RDF 1.2), which rdflib does not know, are left out.
    """
    graph = CheckedGraph()
    with quiet():
        for triple in triples:
            if not isinstance(triple.object, Triple):
                terms = (triple.subject, triple.predicate, triple.object)
                subject, predicate, value = (term_to_rdflib(term) for term in terms)
                graph.add((subject, predicate, value))
    return graph


def from_rdflib(graph: Graph) -> Iterator[Triple]:
    """Yield the triples of an rdflib graph."""
    for subject, predicate, value in graph:
        yield Triple(_back(subject), NamedNode(str(predicate)), _back(value))


def _back(term: Node) -> Any:
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    words, language = str(term), getattr(term, "language", None)
    if language is not None:
        return pyoxigraph.Literal(words, language=language)
    datatype = getattr(term, "datatype", None)
    return pyoxigraph.Literal(words, datatype=None if datatype is None else NamedNode(datatype))


def term_to_rdflib(term: object) -> Node:
    """Return a term as rdflib's; a literal stays as it is written."""
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.Literal):
        datatype = term.datatype.value
        plain = term.language is not None or datatype == _XSD_STRING
        return Literal(
            term.value,
            lang=term.language,
            datatype=None if plain else URIRef(datatype),
            normalize=False,
        )
    return BNode(getattr(term, "value", None))
