# SPDX-License-Identifier: Apache-2.0
"""The W3C suites' own description of their tests, read from their manifests.

The suites lie in the folder that ``COSIGRAPH_W3C_SUITES`` names, as published by the W3C in the
repository ``w3c/rdf-tests``. Each file has the IRI that it has there, which is what relative IRIs
in it are resolved against and what a graph read from it is called.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from cosigraph.loading import parse_file

VARIABLE = "COSIGRAPH_W3C_SUITES"
SUITES = ("sparql11", "sparql12")
MANIFEST = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QUERY_TEST = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

PUBLISHED = "https://w3c.github.io/rdf-tests/sparql/"
EMPTY_GRAPH = "https://example.org/empty"
"""The default graph of a test that names none; the protocol has no other way to say so."""

_KINDS = {
    "QueryEvaluationTest": "evaluation",
    "CSVResultFormatTest": "evaluation",
    "PositiveSyntaxTest": "positive",
    "PositiveSyntaxTest11": "positive",
    "NegativeSyntaxTest": "negative",
    "NegativeSyntaxTest11": "negative",
}
_WITH_GRAPHS = {".trig": RdfFormat.TRIG, ".nq": RdfFormat.N_QUADS}


def suites_folder() -> Path | None:
    """Return the folder that the environment names, or None where it names none.

    Raises:
        FileNotFoundError: the folder is not there, or holds no suites.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    folder = Path(named)
    for suite in SUITES:
        if not (folder / suite).is_dir():
            raise FileNotFoundError(f"{VARIABLE} names '{named}', which has no folder {suite}.")
    return folder


@dataclass(frozen=True, slots=True)
class Case:
    """One test of the query language.

    ``kind`` is evaluation, positive or negative (the query is well-formed, or is not). ``data``
    and ``graphs`` are the IRIs of the graphs in the default graph and of the named graphs.
    """

    iri: str
    kind: str
    query: Path
    base: str
    data: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    result: Path | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The tests of one manifest: those that are queries, and the IRIs of all others by kind."""

    name: str
    cases: tuple[Case, ...]
    others: dict[str, str]


def groups(folder: Path) -> Iterator[Group]:
    """Yield the groups of tests, by suite and name."""
    for suite in SUITES:
        for manifest in sorted((folder / suite).glob("*/manifest.ttl")):
            yield read_group(folder, f"{suite}/{manifest.parent.name}")


def read_group(folder: Path, name: str) -> Group:
    """Read the group ``suite/name``."""
    graph = group_manifest(folder, name)
    cases, others = [], {}
    for test in entries(graph):
        kind = str(graph.value(test, RDF.type)).rpartition("#")[2]
        query = _query_file(graph, test)
        if query is not None and query.endswith(".rq") and kind in _KINDS:
            cases.append(_case(folder, graph, test, kind, query))
        else:
            others[str(test)] = kind
    return Group(name, tuple(cases), others)


@cache
def group_manifest(folder: Path, name: str) -> Graph:
    """Read the manifest of the group ``suite/name``."""
    graph = Graph()
    for path in sorted((folder / name).glob("manifest*.ttl")):  # a group may be in parts
        graph += read_manifest(path, f"{PUBLISHED}{name}/{path.name}")
    return graph


def read_manifest(path: Path, base: str) -> Graph:
    """Read a manifest's graph."""
    graph = Graph()
    graph.parse(path, format="turtle", publicID=base)
    return graph


def entries(graph: Graph) -> Iterator[Node]:
    """Yield the tests of a manifest in their order."""
    for head in graph.objects(None, MANIFEST.entries):
        yield from rdflib.Graph.items(graph, head)


def _query_file(graph: Graph, test: Node) -> str | None:
    action = graph.value(test, MANIFEST.action)
    query = action if isinstance(action, URIRef) else graph.value(action, QUERY_TEST.query)
    return None if query is None else str(query)


def _case(folder: Path, graph: Graph, test: Node, kind: str, query: str) -> Case:
    action = graph.value(test, MANIFEST.action)
    result = graph.value(test, MANIFEST.result)
    data = tuple(sorted(map(str, graph.objects(action, QUERY_TEST.data))))
    named = list(map(str, graph.objects(action, QUERY_TEST.graphData)))
    for iri in data:
        named += [graph for graph in read_graphs(folder, iri) if graph != iri]
    return Case(
        iri=str(test),
        kind=_KINDS[kind],
        query=file_of(folder, query),
        base=query,
        data=data,
        graphs=tuple(sorted(named)),
        result=None if result is None else file_of(folder, str(result)),
    )


def file_of(folder: Path, iri: str) -> Path:
    """Return the file that is published at ``iri``."""
    return folder / iri.removeprefix(PUBLISHED)


def case_graphs(
    folder: Path, case: Case, but: Collection[str] = ()
) -> dict[str, tuple[Triple, ...]]:
    """Read the graphs that a test needs, without those whose IRIs are in ``but``."""
    found: dict[str, tuple[Triple, ...]] = {}
    for iri in (*case.data, *case.graphs):  # a file of data may hold the named graphs as well
        if iri not in found and iri not in but:
            found |= read_graphs(folder, iri)
    return found


def read_graphs(folder: Path, iri: str) -> dict[str, tuple[Triple, ...]]:
    """Read a file's graphs: its default graph under the file's IRI, and those it names."""
    path = file_of(folder, iri)
    if path.suffix not in _WITH_GRAPHS:
        return {iri: tuple(parse_file(path, iri, _label(iri)))}
    found: dict[str, tuple[Triple, ...]] = {iri: ()}
    for quad in parse(path=path, format=_WITH_GRAPHS[path.suffix], base_iri=iri):
        graph = quad.graph_name
        name = iri if isinstance(graph, DefaultGraph) else graph.value
        found[name] = (*found.get(name, ()), quad.triple)
    return found


def _label(iri: str) -> str:
    """Return the beginning of a file's blank nodes, which no other file's have."""
    return "".join(sign if sign.isalnum() else "x" for sign in iri.removeprefix(PUBLISHED))
