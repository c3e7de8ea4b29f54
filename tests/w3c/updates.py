# SPDX-License-Identifier: Apache-2.0
"""The tests of SPARQL Update: a dataset, a request, and the dataset that must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import httpx
import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.w3c.asking import PROBLEMS, RefusedError, UnansweredError, WrongError
from tests.w3c.manifests import MANIFEST, entries, file_of, group_manifest, read_graphs
from tests.w3c.results import Statements, difference

UPDATE_TEST = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_KINDS = {
    "UpdateEvaluationTest": "evaluation",
    "PositiveUpdateSyntaxTest": "positive",
    "PositiveUpdateSyntaxTest11": "positive",
    "NegativeUpdateSyntaxTest": "negative",
    "NegativeUpdateSyntaxTest11": "negative",
    "NegativeSyntaxTest11": "negative",  # of a query, or of an update: the file's name tells
}
_SUFFIX = ".ru"


class NotAllowedError(RefusedError):
    """What is requested is well-formed, which is looked at first, and not allowed."""


Graphs: TypeAlias = Mapping[str | None, tuple[Triple, ...]]
"""Triples by the graph's IRI, None for the default graph."""


@dataclass(frozen=True, slots=True)
class UpdateCase:
    """One test; ``kind`` is evaluation, positive or negative."""

    iri: str
    kind: str
    request: Path
    base: str
    before: Graphs
    after: Graphs


class Updated(Protocol):
    """Something that can be updated."""

    def replace(self, graphs: Graphs) -> None:
        """Hold these graphs and nothing else."""
        ...

    def update(self, request: str) -> None:
        """Do what is requested; raises as ``Asked.ask``."""
        ...

    def graphs(self) -> Graphs:
        """Return the graphs that it holds."""
        ...


def update_cases(folder: Path, group: str) -> tuple[UpdateCase, ...]:
    """Return a group's tests of updates."""
    graph = group_manifest(folder, group)
    cases = []
    for test in entries(graph):
        kind = _KINDS.get(str(graph.value(test, RDF.type)).rpartition("#")[2])
        action, result = graph.value(test, MANIFEST.action), graph.value(test, MANIFEST.result)
        request = action if isinstance(action, URIRef) else graph.value(action, UPDATE_TEST.request)
        if kind is None or not str(request).endswith(_SUFFIX):
            continue
        cases.append(
            UpdateCase(
                str(test),
                kind,
                file_of(folder, str(request)),
                str(request),
                _dataset(folder, graph, action),
                _dataset(folder, graph, result),
            )
        )
    return tuple(cases)


def _dataset(folder: Path, graph: Graph, node: Node | None) -> Graphs:
    found: dict[str | None, tuple[Triple, ...]] = {}
    for data in graph.objects(node, UPDATE_TEST.data):
        for name, triples in read_graphs(folder, str(data)).items():
            key = None if name == str(data) else name
            found[key] = (*found.get(key, ()), *triples)
    for data in graph.objects(node, UPDATE_TEST.graphData):
        file = str(graph.value(data, UPDATE_TEST.graph) or graph.value(data, UPDATE_TEST.data))
        found[str(graph.value(data, RDFS.label))] = read_graphs(folder, file)[file]
    return found


def update_failure(case: UpdateCase, updated: Updated) -> str | None:
    """Return why ``updated`` fails the test, or None when it passes."""
    request = f"BASE <{case.base}> " + case.request.read_text(encoding="utf-8")
    updated.replace(case.before)
    try:
        updated.update(request)
    except WrongError as error:
        return None if case.kind == "negative" else f"taken for wrong: {error}"
    except (UnansweredError, NotAllowedError) as error:
        return None if case.kind == "positive" else str(error)
    except RefusedError as error:
        return str(error)
    if case.kind == "negative":
        return "taken for well-formed"
    return None if case.kind == "positive" else _wrong_graphs(case.after, updated.graphs())


def _wrong_graphs(expected: Graphs, found: Graphs) -> str | None:
    """Compare graph by graph; one without triples is as good as none."""
    for name in sorted({*expected, *found}, key=str):
        wanted, given = (Statements(frozenset(each.get(name, ()))) for each in (expected, found))
        reason = difference(wanted, given)
        if reason is not None:
            return f"graph {name}: {reason}"
    return None


class UpdatedEndpoint:
    """A server that takes updates."""

    def __init__(self, address: str, client: httpx.Client) -> None:
        self._address = address
        self._client = client

    def replace(self, graphs: Graphs) -> None:
        """As Updated says: by an update, and then by the Graph Store protocol."""
        self.update("DROP ALL")
        for name, triples in graphs.items():
            self._client.put(
                f"{self._address}graphs",
                params={"default": ""} if name is None else {"graph": name},
                content=pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"",
                headers={"Content-Type": "application/n-triples"},
            ).raise_for_status()

    def update(self, request: str) -> None:
        """As Updated says."""
        response = self._client.post(
            f"{self._address}sparql",
            content=request.encode(),
            headers={"Content-Type": "application/sparql-update"},
        )
        if response.status_code == 400:
            problem = response.json()
            kind = PROBLEMS.get(problem["type"].rpartition("/")[2], RefusedError)
            raise kind(problem["detail"])
        if response.status_code == 403:
            raise NotAllowedError(response.json()["detail"])
        if response.status_code != 204:
            raise RefusedError(f"{response.status_code}: {response.text}")

    def graphs(self) -> Graphs:
        """As Updated says: by a query."""
        found: dict[str | None, tuple[Triple, ...]] = {}
        response = self._client.post(
            f"{self._address}sparql",
            content="SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
            headers={
                "Content-Type": "application/sparql-query",
                "Accept": "application/sparql-results+json",
            },
        ).raise_for_status()
        rows = pyoxigraph.parse_query_results(response.content, pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        for row in rows:
            name = row["g"]
            key = name.value if isinstance(name, NamedNode) else None
            found[key] = (*found.get(key, ()), Triple(row["s"], row["p"], row["o"]))
        return found


class UpdatedEngine:
    """Oxigraph in this process."""

    def __init__(self) -> None:
        self._store = pyoxigraph.Store()

    def replace(self, graphs: Graphs) -> None:
        """As Updated says."""
        self._store = pyoxigraph.Store()
        for name, triples in graphs.items():
            graph = DefaultGraph() if name is None else NamedNode(name)
            self._store.add_graph(graph)
            self._store.extend(Quad(s, p, o, graph) for s, p, o in triples)

    def update(self, request: str) -> None:
        """As Updated says; nothing is loaded, whatever the request says."""
        try:
            self._store.update(request)
        except SyntaxError as error:
            raise WrongError(str(error)) from error
        except (RuntimeError, OSError) as error:
            raise UnansweredError(str(error)) from error

    def graphs(self) -> Graphs:
        """As Updated says."""
        found: dict[str | None, tuple[Triple, ...]] = {}
        for quad in self._store:
            name = quad.graph_name
            key = name.value if isinstance(name, NamedNode) else None
            found[key] = (*found.get(key, ()), quad.triple)
        return found
