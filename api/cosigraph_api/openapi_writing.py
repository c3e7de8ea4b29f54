# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of graphs by themselves, and of writing where that is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cosigraph.formats import ResultFormat

from .graph_bodies import MULTIPART, RDF_FORMATS
from .graph_names import PATH
from .representations import bare

Description = dict[str, Any]

SECURITY_SCHEME: Description = {
    "type": "http",
    "scheme": "bearer",
    "description": "The token whose hash the server was started with",
}
SECURED: Sequence[Mapping[str, Sequence[str]]] = ({"token": ()},)
MEANINGS = {
    "201": "The graph is new; Location says where it is",
    "204": "Done",
    "401": "The request carries no token that may write",
    "405": "The method is not allowed here",
    "412": "The graph is not as If-Match or If-None-Match expects",
}
_NAMES: Sequence[Description] = (
    {
        "name": "graph",
        "in": "query",
        "description": "The IRI of a graph",
        "schema": {"type": "string", "format": "uri"},
    },
    {
        "name": "default",
        "in": "query",
        "description": "The default graph",
        "allowEmptyValue": True,
        "schema": {"type": "string"},
    },
)
_BODIES: Description = {bare(format_.media_type): {} for format_ in RDF_FORMATS}


def graph_store(response: Callable[[str], Description], *, is_writable: bool) -> Description:
    """The paths of the graph store; ``response`` describes a status."""
    graphs: Description = {
        bare(format_.media_type): {} for format_ in ResultFormat.of_kind("graph")
    }
    reading = {
        "operationId": "graph-get",
        "summary": "A graph by itself (SPARQL 1.1 Graph Store protocol)",
        "description": "A graph may also be named by the path: /graphs/NAME.",
        "tags": ["Graphs"],
        "parameters": list(_NAMES),
        "responses": {
            "200": {"description": "The graph", "content": graphs},
            **_all(response, "304", "400", "404", "406", "503", "504"),
        },
    }
    if not is_writable:
        return {PATH: {"get": reading}}
    return {
        PATH: {
            "get": reading,
            "put": _writing(response, "put", "Replace a graph", _BODIES, ("201", "204")),
            "post": _writing(
                response,
                "post",
                "Add to a graph; without a name, make a new one",
                {**_BODIES, MULTIPART: {}},
                ("201", "204"),
            ),
            "delete": _writing(response, "delete", "Remove a graph", {}, ("204", "404")),
        }
    }


def _writing(
    response: Callable[[str], Description],
    method: str,
    summary: str,
    bodies: Mapping[str, Description],
    statuses: Sequence[str],
) -> Description:
    body = {"requestBody": {"required": True, "content": bodies}} if bodies else {}
    read = ("408", "413", "415") if bodies else ()
    return {
        "operationId": f"graph-{method}",
        "summary": summary,
        "tags": ["Graphs"],
        "security": SECURED,
        "parameters": list(_NAMES),
        **body,
        "responses": _all(response, *statuses, "400", "401", "412", *read, "503", "504"),
    }


def _all(response: Callable[[str], Description], *statuses: str) -> Description:
    return {status: response(status) for status in sorted(statuses)}
