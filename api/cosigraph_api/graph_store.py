# SPDX-License-Identifier: Apache-2.0
"""The graphs by themselves: SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation).

``/graphs?graph=IRI`` and ``/graphs?default`` name a graph; ``/graphs/NAME`` is one: the project's
graph of that name, or else the one whose IRI is the address itself. Reading is always possible,
writing where it is switched on. What is sent is read in the process that changes are worked out in.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.changes import Change, Deed, GraphChange
from cosigraph.formats import ResultFormat
from cosigraph.store import UNNAMED, Query
from cosigraph.stored_dataset import StoredDataset

from .editions import Edition
from .graph_bodies import Documents, read_documents
from .graph_names import Target, target_of
from .headers import REVALIDATE, is_current, preflight
from .negotiation import preferred
from .preconditions import check_preconditions
from .problems import Problem, ProblemError, bad_request, method_not_allowed, not_acceptable
from .protocol import fields_of_query_string, headers_of, only_value
from .representations import Representation, bare, representations
from .service import Service
from .streaming import PiecesResponse, held_back, unless_gone
from .versions_asked import refuse_old
from .writing import Writing

READING = "GET, HEAD, OPTIONS"
WRITING = "DELETE, GET, HEAD, OPTIONS, POST, PUT"
_DEEDS = {"PUT": Deed.REPLACE, "POST": Deed.MERGE, "DELETE": Deed.REMOVE}


class GraphStore:
    """The graph store of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ProblemError: the request does not follow the protocol, or names no graph
            CosigraphError: what it asks for cannot be done
            ClientGoneError: the client left
        """
        method, writing = scope["method"], self._service.writing
        methods = READING if writing is None else WRITING
        headers = headers_of(scope)
        if method == "OPTIONS":
            await preflight(methods, is_writable=writing is not None)(scope, receive, send)
        elif method in {"GET", "HEAD"}:
            await unless_gone(self._read(scope, headers, receive, send), receive)
        elif method in _DEEDS and writing is not None:
            writing.authorise(headers)
            refuse_old(scope)
            if "content-range" in headers:  # RFC 9110, section 14.5
                raise bad_request("A part of a graph cannot be written.", "Send the whole graph.")
            target = target_of(scope, self._service.project.configuration, method)
            documents: Documents = ()
            if method != "DELETE":
                documents = await read_documents(
                    scope, receive, headers, self._service.limits, allows_parts=method == "POST"
                )
            change = _Change(_DEEDS[method], target, documents, headers)
            response = await unless_gone(self._write(writing, change, headers), receive)
            await response(scope, receive, send)
        else:
            raise ProblemError(method_not_allowed(method, methods))

    async def _read(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        service = self._service
        target = target_of(scope, service.project.configuration, "GET")
        edition = service.edition
        if not edition.has_graph(target.iri):
            raise ProblemError(_no_graph(target))
        fields = fields_of_query_string(scope)
        form = _form(only_value(fields, "format"), headers.get("accept"))
        assert form.format is not None  # noqa: S101 - no page is offered
        tag = await to_thread.run_sync(edition.graph_tag, target.iri, form.format)
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers.get("if-none-match"), tag):
            await Response(status_code=304, headers=caching)(scope, receive, send)
            return
        query = _query_of(edition, target, form.format, service.limits.size)
        async with service.execution(query) as execution:
            beginning, rest = await held_back(execution.pieces)
            execution.begun()
            response = PiecesResponse(
                beginning, rest, {"Content-Type": form.content_type, **caching}
            )
            await response(scope, receive, send)

    async def _write(
        self, writing: Writing, change: _Change, headers: Mapping[str, str]
    ) -> Response:
        await writing.apply(self._service, change.of, headers)
        if not change.is_new:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        location = {"Location": change.target.location}
        return Response(status_code=HTTPStatus.CREATED, headers=location)


class _Change:
    """What a request wants done to a graph, once it is known what the graph is then."""

    def __init__(
        self, deed: Deed, target: Target, documents: Documents, headers: Mapping[str, str]
    ) -> None:
        self.target = target
        self.is_new = False
        self._deed = deed
        self._documents = documents
        self._headers = headers

    def of(self, edition: Edition) -> Change:
        """The change of ``edition``; raises ProblemError (404, 412)."""
        iri = self.target.iri
        check_preconditions(self._headers, edition, iri)
        self.is_new = not edition.has_graph(iri)
        if self.is_new and self._deed is Deed.REMOVE:
            raise ProblemError(_no_graph(self.target))
        return GraphChange(self._deed, iri, self._documents, iri or self.target.location)


def _query_of(edition: Edition, target: Target, format_: ResultFormat, size: int | None) -> Query:
    """The query whose answer is the graph, whole or not at all."""
    surroundings = edition.project.surroundings
    if target.iri is not None:
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{target.iri}> {{ ?s ?p ?o }} }}"
        reading = None
    else:
        text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        reading = UNNAMED if isinstance(edition.project.dataset, StoredDataset) else None
    return Query(
        text,
        format_,
        reading=reading,
        prefixes=surroundings.prefixes,
        base_iri=surroundings.base_iri,
        size=size,
    )


def _form(name: str | None, accept: str | None) -> Representation:
    """The form to give a graph in; there is no page of it."""
    if name:
        format_ = ResultFormat.from_name(name, "graph")
        return Representation(format_, format_.media_type)
    offered = {
        media_type: form
        for media_type, form in representations("graph").items()
        if form.format is not None
    }
    chosen = preferred(accept, tuple(offered))
    if chosen is None:
        raise not_acceptable(", ".join(bare(f.media_type) for f in ResultFormat.of_kind("graph")))
    return offered[chosen]


def _no_graph(target: Target) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        "unknown-graph",
        "There is no such graph",
        f"There is no graph <{target.iri}> here.",
        advice="The service description at /sparql lists the graphs.",
    )
