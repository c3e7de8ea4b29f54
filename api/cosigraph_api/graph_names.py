# SPDX-License-Identifier: Apache-2.0
"""Which graph a request of the Graph Store protocol is about (sections 4.1 and 4.2)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import NamedNode
from starlette.datastructures import URL
from starlette.types import Scope

from cosigraph.configuration import Configuration

from .pages import route_path
from .problems import bad_request
from .protocol import fields_of_query_string

PATH = "/graphs"


@dataclass(frozen=True, slots=True)
class Target:
    """A graph's IRI, None for the default graph, and the address where it can be had."""

    iri: str | None
    location: str


def is_graph_store(path: str) -> bool:
    """Whether a path within the application is one of the graph store's."""
    return path == PATH or path.startswith(f"{PATH}/")


def target_of(scope: Scope, configuration: Configuration, method: str) -> Target:
    """The graph that is asked for; one that has yet to be named gets an IRI.

    Raises:
        ProblemError: none is named, several are, or the name is no absolute IRI
    """
    fields = fields_of_query_string(scope)
    graphs = [value for name, value in fields if name == "graph"]
    is_default = any(name == "default" for name, _ in fields)
    name = route_path(scope).removeprefix(PATH).removeprefix("/")
    if len(graphs) + is_default + bool(name) > 1:
        raise bad_request(
            "The request names more than one graph.", "Name one: by ?graph=, ?default or the path."
        )
    store = _address(scope, PATH)
    if is_default:
        return Target(None, f"{store}?default")
    if graphs:
        return Target(_iri(graphs[0]), f"{store}?graph={quote(graphs[0], safe='')}")
    if name:
        return _direct(scope, configuration, name)
    if method == "POST":
        iri = f"{store}/{uuid.uuid4()}"
        return Target(_iri(iri), iri)
    raise bad_request(
        "The request names no graph.", "Name one: /graphs?graph=IRI, /graphs?default, /graphs/NAME."
    )


def _direct(scope: Scope, configuration: Configuration, name: str) -> Target:
    """The project's graph of that name, or the graph that has the address as its IRI."""
    address = _address(scope)
    own = f"{configuration.base}graph/{name}"
    is_own = any(graph.iri == own for graph in configuration.graphs)
    return Target(own if is_own else _iri(address), address)


def _address(scope: Scope, path: str | None = None) -> str:
    """The request's address without its query string, or that of another path beside it."""
    url = URL(scope=scope)
    if path is None:
        # As it was written: another percent-encoding is another IRI.
        whole = scope.get("raw_path") or quote(scope["path"]).encode()
        return f"{url.scheme}://{url.netloc}{whole.decode('ascii', 'replace')}"
    prefix = scope.get("app_root_path", scope.get("root_path", ""))
    return f"{url.scheme}://{url.netloc}{quote(prefix)}{path}"


def _iri(text: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise bad_request(
            f"The graph's name is no absolute IRI: {str(error).rstrip('.')}.",
            "Give the whole IRI, percent-encoded.",
        ) from error
