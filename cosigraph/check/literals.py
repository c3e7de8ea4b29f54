# SPDX-License-Identifier: Apache-2.0
"""Literals whose words are none of their datatype (RDF 1.1 Concepts, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import Graph, Literal

from cosigraph.check.findings import Finding, Severity
from cosigraph.check.positions import Positions
from cosigraph.check.rdflib_graph import to_rdflib
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position
from cosigraph.terms import Prefixes


def check_literals(
    files: Iterable[ParsedFile], prefixes: Prefixes, base_iri: str
) -> Iterator[Finding]:
    """Yield a finding for each ill-typed literal, where it stands."""
    for file in files:
        positions = Positions([file], base_iri)
        for subject, predicate, value in to_rdflib(file.triples):
            if isinstance(value, Literal) and value.ill_typed:
                yield Finding(
                    rule="syntax/literal",
                    severity=Severity.VIOLATION,
                    message=f'"{value}" is no {prefixes.shorten(str(value.datatype))}.',
                    position=positions.of(subject, predicate, value) or Position(str(file.path)),
                    advice="Correct the value or its datatype.",
                )


def without_ill_typed(graph: Graph) -> Graph:
    """Return the graph with plain strings for ill-typed literals, which rdflib cannot compare."""
    for subject, predicate, value in list(graph):
        if isinstance(value, Literal) and value.ill_typed:
            graph.remove((subject, predicate, value))
            graph.add((subject, predicate, Literal(str(value))))
    return graph
