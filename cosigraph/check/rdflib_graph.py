# SPDX-License-Identifier: Apache-2.0
"""Parsed triples as an rdflib graph, for what reads rdflib only."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pyoxigraph
from pyoxigraph import Triple
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

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
    return prepareQuery(text, initNs=dict(Graph().namespaces()))


def to_rdflib(triples: Iterable[Triple]) -> Graph:
    """Return triples as an rdflib graph in memory; literals stay as they are written.

    Triple terms (RDF 1.2), which rdflib does not know, are left out.
    """
    graph = CheckedGraph()
    with quiet():
        for triple in triples:
            if not isinstance(triple.object, Triple):
                terms = (triple.subject, triple.predicate, triple.object)
                subject, predicate, value = (to_rdflib_term(term) for term in terms)
                graph.add((subject, predicate, value))
    return graph


def to_rdflib_term(term: object) -> Node:
    """Return one term of a triple; literals stay as they are written."""
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


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib and pySHACL from writing of ill-typed literals: findings say it."""
    loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl.validate")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
