# SPDX-License-Identifier: Apache-2.0
"""Answers as bytes: tables up to their limit of rows, graphs in order and with their prefixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import IO, cast

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
)

from cosigraph.formats import ResultFormat
from cosigraph.row_limit import RowLimiter, RowLimitReached, graph_notice
from cosigraph.store.query import Query

BINDINGS = {
    ResultFormat.JSON: QueryResultsFormat.JSON,
    ResultFormat.XML: QueryResultsFormat.XML,
    ResultFormat.CSV: QueryResultsFormat.CSV,
    ResultFormat.TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {
    ResultFormat.TURTLE: RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: RdfFormat.RDF_XML,
    ResultFormat.JSONLD: RdfFormat.JSON_LD,
    ResultFormat.TRIG: RdfFormat.TRIG,
    ResultFormat.NQUADS: RdfFormat.N_QUADS,
}


def write_rows(
    results: QuerySolutions,
    query: Query,
    rows: int,
    output: IO[bytes],
    on_cut: Callable[[], None],
) -> None:
    """Write a table up to ``rows``; the engine works no further."""
    limiter = RowLimiter(output, query.format, rows)
    try:
        results.serialize(output=cast(IO[bytes], limiter), format=BINDINGS[query.format])
        limiter.finish()
    except RowLimitReached:
        on_cut()
        limiter.declare()


def _first(triples: Iterable[Triple], rows: int | None) -> set[Triple]:
    """Return the distinct triples, or so many of them and one more; the rest is not asked for."""
    if rows is None:
        return set(triples)
    coming = iter(triples)
    found: set[Triple] = set()
    while more := set(islice(coming, rows + 1 - len(found))):
        found |= more
    return found


def write_graph(
    triples: Iterable[Triple], query: Query, output: IO[bytes], on_cut: Callable[[], None]
) -> None:
    """Write a graph sorted by subject, predicate and object, with the prefixes that it uses."""
    triples = _first(triples, query.rows)
    graph = pyoxigraph.Dataset(Quad(*triple) for triple in triples)
    if any(isinstance(term, BlankNode) for triple in triples for term in triple):
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted((quad.triple for quad in graph), key=lambda triple: tuple(map(str, triple)))
    is_cut = query.rows is not None and len(ordered) > query.rows
    if is_cut:
        del ordered[query.rows :]
        on_cut()
    pyoxigraph.serialize(
        ordered,
        output,
        format=_GRAPHS[query.format],
        prefixes=_used_prefixes(ordered, query.prefixes),
    )
    if is_cut and query.rows is not None:
        output.write(graph_notice(query.format, query.rows))


def _used_prefixes(triples: list[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``prefixes`` that an IRI of ``triples`` begins with."""
    namespaces = set()
    for triple in triples:
        for term in triple:
            iri = term.value if isinstance(term, NamedNode) else getattr(term, "datatype", term)
            iri = iri if isinstance(iri, str) else getattr(iri, "value", "")
            namespaces.add(iri[: max(iri.rfind("#"), iri.rfind("/")) + 1])
    return {prefix: iri for prefix, iri in sorted(prefixes.items()) if iri in namespaces}
