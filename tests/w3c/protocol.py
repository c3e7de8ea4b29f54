# SPDX-License-Identifier: Apache-2.0
"""The tests of the SPARQL 1.1 Protocol: requests, and what the response to each must be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pyoxigraph import Triple
from rdflib import RDFS, Graph, Namespace
from rdflib.term import Node

from cosigraph.loading import parse_file
from tests.w3c.manifests import MANIFEST, PUBLISHED, entries, read_manifest
from tests.w3c.results import read_result

GROUP = "sparql11/protocol"
_UPDATE_TEST = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
CONTENT = Namespace("http://www.w3.org/2011/content#")
HTTP = Namespace("http://www.w3.org/2011/http#")
# Some requests name a graph that the suite does not have; nothing is asked of it.
_WITHOUT_DATA = "http://kasei.us/2009/09/sparql/data/data0.rdf"
_BOOLEAN = {"application/sparql-results+json": ".srj", "application/sparql-results+xml": ".srx"}
_FORMATS = {
    "boolean": set(_BOOLEAN),
    "tabular": {*_BOOLEAN, "text/csv", "text/tab-separated-values"},
    "RDF": {
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
    },
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what is expected of its response.

    ``statuses`` are the first digits of the statuses that are right, ``format`` is boolean,
    tabular or RDF.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[str]
    format: str | None
    boolean: bool | None


@dataclass(frozen=True, slots=True)
class ProtocolTest:
    """A test: one or more exchanges in their order."""

    iri: str
    exchanges: tuple[Exchange, ...]

    @property
    def is_of_queries(self) -> bool:
        """Whether the test writes nothing, and is not about writing."""
        return "update" not in self.iri.rpartition("#")[2]


def _manifest(folder: Path) -> Graph:
    return read_manifest(folder / GROUP / "manifest.ttl", f"{PUBLISHED}{GROUP}/manifest.ttl")


def protocol_graphs(folder: Path) -> dict[str, tuple[Triple, ...]]:
    """Return the graphs that the requests name."""
    graph = _manifest(folder)
    graphs: dict[str, tuple[Triple, ...]] = {_WITHOUT_DATA: ()}
    for data in graph.objects(None, _UPDATE_TEST.graphData):
        name = str(graph.value(data, RDFS.label))
        file = str(graph.value(data, _UPDATE_TEST.graph)).rpartition("/")[2]
        graphs[name] = tuple(parse_file(folder / GROUP / file, name))
    return graphs


def protocol_tests(folder: Path) -> tuple[ProtocolTest, ...]:
    """Read the tests."""
    graph = _manifest(folder)
    return tuple(ProtocolTest(str(test), _exchanges(graph, test)) for test in entries(graph))


def _exchanges(graph: Graph, test: Node) -> tuple[Exchange, ...]:
    requests = graph.value(graph.value(test, MANIFEST.action), HTTP.requests)
    assert requests is not None
    return tuple(_exchange(graph, request) for request in graph.items(requests))


def _exchange(graph: Graph, request: Node) -> Exchange:
    response = graph.value(request, HTTP.resp)
    body = graph.value(request, HTTP.body)
    fields = graph.value(request, HTTP.headers)
    statuses = graph.objects(response, MANIFEST.expectedStatus)
    expected_format = graph.value(response, MANIFEST.expectedFormat)
    boolean = graph.value(response, MANIFEST.expectedBoolean)
    return Exchange(
        method=str(graph.value(request, HTTP.methodName)),
        target=str(graph.value(request, HTTP.absolutePath)),
        headers=tuple(
            (str(graph.value(field, HTTP.fieldName)), str(graph.value(field, HTTP.fieldValue)))
            for field in (graph.items(fields) if fields is not None else ())
        ),
        body=None if body is None else _body(graph, body),
        statuses=frozenset(str(status).rpartition("StatusCode")[2][0] for status in statuses),
        format=None if expected_format is None else str(expected_format),
        boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
    )


def _body(graph: Graph, body: Node) -> bytes:
    characters = str(graph.value(body, CONTENT.chars))
    return characters.encode(str(graph.value(body, CONTENT.characterEncoding)))


def protocol_failure(test: ProtocolTest, address: str, client: httpx.Client) -> str | None:
    """Return why the server at ``address`` fails the test, or None when it passes."""
    for exchange in test.exchanges:
        reason = _wrong_response(exchange, address, client)
        if reason is not None:
            return reason
    return None


def _wrong_response(exchange: Exchange, address: str, client: httpx.Client) -> str | None:
    target = urlsplit(exchange.target)
    response = client.request(
        exchange.method,
        httpx.URL(address, path=target.path, query=target.query.encode()),
        headers=exchange.headers,
        content=exchange.body,
    )
    if str(response.status_code)[0] not in exchange.statuses:
        return f"{response.status_code}: {response.text}"
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    if exchange.format is not None and media_type not in _FORMATS[exchange.format]:
        return f"The answer comes as {media_type}."
    if exchange.boolean is not None:
        found = read_result(response.content, _BOOLEAN[media_type])
        return None if found == exchange.boolean else f"found {found}"
    return None
