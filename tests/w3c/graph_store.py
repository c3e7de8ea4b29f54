# SPDX-License-Identifier: Apache-2.0
"""The tests of the SPARQL 1.1 Graph Store protocol: requests, and what each response must be."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import httpx
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.term import Node

from tests.w3c.manifests import MANIFEST, entries, group_manifest
from tests.w3c.protocol import CONTENT, HTTP
from tests.w3c.results import Statements, difference
from tests.w3c.updates import UpdatedEndpoint

GROUP = "sparql11/graph-store-protocol"
_STATUSES = {
    "Created": HTTPStatus.CREATED,
    "OK": HTTPStatus.OK,
    "NoContent": HTTPStatus.NO_CONTENT,
    "NotFound": HTTPStatus.NOT_FOUND,
}
_PLACE = "/gsp"  # what stands in the suite's addresses for the graph store's own
_LOCATION = "$LOCATION$"


def graph_store_tests(folder: Path) -> tuple[str, ...]:
    """Return the tests' IRIs."""
    return tuple(str(test) for test in entries(group_manifest(folder, GROUP)))


def graph_store_failures(folder: Path, address: str, client: httpx.Client) -> dict[str, str | None]:
    """Return for each test why the server fails it, or None when it passes."""
    graph = group_manifest(folder, GROUP)
    outcomes: dict[str, str | None] = {}
    for test in entries(graph):
        UpdatedEndpoint(address, client).replace({})
        outcomes[str(test)] = _failure(graph, test, address, client)
    return outcomes


def _failure(graph: Graph, test: Node, address: str, client: httpx.Client) -> str | None:
    location = ""
    requests = graph.value(graph.value(test, MANIFEST.action), HTTP.requests)
    assert requests is not None
    for request in graph.items(requests):
        response = _sent(graph, request, address, client, location)
        expected = graph.value(request, HTTP.resp)
        assert expected is not None
        reason = _wrong_response(graph, expected, response)
        if reason is not None:
            return reason
        location = response.headers.get("Location", location)
    return None


def _sent(
    graph: Graph, request: Node, address: str, client: httpx.Client, location: str
) -> httpx.Response:
    target = str(graph.value(request, HTTP.absolutePath)).replace(_LOCATION, location)
    body = _text(graph, graph.value(request, HTTP.body))
    return client.request(
        str(graph.value(request, HTTP.methodName)),
        f"{address}graphs{target.removeprefix(_PLACE)}",
        headers=_fields(graph, request),
        content=None if body is None else body.replace(_LOCATION, location).encode(),
    )


def _fields(graph: Graph, node: Node) -> list[tuple[str, str]]:
    fields = graph.value(node, HTTP.headers)
    if fields is None:
        return []
    return [
        (str(graph.value(field, HTTP.fieldName)), str(graph.value(field, HTTP.fieldValue)))
        for field in graph.items(fields)
    ]


def _text(graph: Graph, body: Node | None) -> str | None:
    return None if body is None else str(graph.value(body, CONTENT.chars))


def _wrong_response(graph: Graph, expected: Node, response: httpx.Response) -> str | None:
    statuses = [
        _STATUSES[str(status).rpartition("#")[2]]
        for status in graph.objects(expected, MANIFEST.expectedStatus)
    ]
    if response.status_code not in statuses:
        return f"{response.status_code}: {response.text}"
    if graph.value(expected, MANIFEST.expectedLocation) and "Location" not in response.headers:
        return "There is no Location."
    for name, value in _fields(graph, expected):
        if response.headers.get(name) != value:
            return f"{name} is {response.headers.get(name)}, not {value}."
    content = _text(graph, graph.value(expected, HTTP.body))
    if content is None:
        return None
    wanted, found = (
        Statements(frozenset(quad.triple for quad in parse(each, format=RdfFormat.TURTLE)))
        for each in (content, response.text)
    )
    return difference(wanted, found)
