# SPDX-License-Identifier: Apache-2.0
"""The dataset as one file: the same bytes for the same data, on every run.

TriG, N-Quads and JSON-LD hold the named graphs, alternative readings included; Turtle, which
knows no graphs, holds the default graph, or the one graph that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from cosigraph.canonical import canonical
from cosigraph.dataset import Dataset
from cosigraph.errors import UsageError
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes
from cosigraph.turtle import write_trig, write_turtle


class ExportFormat(StrEnum):
    """A format that holds a whole dataset or graph."""

    TRIG = "trig"
    NQUADS = "nquads"
    TURTLE = "turtle"
    JSONLD = "jsonld"


def export(
    dataset: Dataset,
    prefixes: Prefixes,
    format: ExportFormat = ExportFormat.TRIG,  # noqa: A002 - the word that users know
    *,
    graph: str | None = None,
    reading: str | None = None,
) -> bytes:
    """Return the dataset, or one of its graphs, in ``format`` (UTF-8).

    ``graph`` is a graph's name or IRI. ``reading`` matters to Turtle only: it says which reading
    stands in the default graph.

    Raises:
        UsageError: there is no such graph.
        UnknownReadingError: there is no such reading.
    """
    graphs: Mapping[str, Sequence[Triple]] = dataset.graphs
    if graph is not None:
        iri = _graph_iri(dataset, graph)
        graphs = {iri: dataset.graphs[iri]}
    if format is ExportFormat.TURTLE:
        triples = dataset.default_triples(reading) if graph is None else graphs[iri]
        return write_turtle(triples, prefixes.namespaces).encode()
    if format is ExportFormat.TRIG:
        return write_trig(graphs, prefixes.namespaces).encode()
    quads = _canonical_quads(graphs)
    if format is ExportFormat.NQUADS:
        return b"".join(sorted(_serialised(quads, RdfFormat.N_QUADS).splitlines(keepends=True)))
    return _serialised(quads, RdfFormat.JSON_LD) + b"\n"


def _graph_iri(dataset: Dataset, name: str) -> str:
    names = {iri.partition("/graph/")[2] or iri: iri for iri in dataset.graphs}
    iri = names.get(name, name)
    if iri not in dataset.graphs:
        raise UsageError(f"There is no graph '{name}'.", advice=suggestion_sentence(name, names))
    return iri


def _canonical_quads(graphs: Mapping[str, Sequence[Triple]]) -> list[Quad]:
    """Return the quads with canonical blank nodes (RDFC-1.0), sorted."""
    quads = canonical(
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(iri))
        for iri, triples in graphs.items()
        for triple in triples
    )
    # Graph by graph and subject by subject: the form in which JSON-LD gathers them.
    return sorted(quads, key=lambda quad: (str(quad.graph_name), str(quad.triple)))


def _serialised(quads: Sequence[Quad], format: RdfFormat) -> bytes:  # noqa: A002
    content = pyoxigraph.serialize(quads, format=format)
    assert content is not None  # noqa: S101 - no output was given to write to
    return content
