# SPDX-License-Identifier: Apache-2.0
"""The whole server as one ASGI application: ``/sparql`` first, everything else by FastAPI behind.

It also holds what is true of every response: security and cross-origin fields, the version of the
data, one shape of errors, and never a trace of what went wrong inside.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from cosigraph.errors import CosigraphError, WorkerLost

from .about import add_about
from .access_log import AccessLog
from .addresses import Network, client_of
from .api_pages import add_description
from .cache import CachedResponses
from .canonical_host import below_base
from .catalogue import add_catalogue
from .checking import PATH as CHECK
from .checking import CheckEndpoint
from .codings import CodedResponses
from .comparison_pages import add_comparison
from .editions import PINNED
from .explaining import ExplanationEndpoint, add_explanations
from .graph_names import PATH, is_graph_store
from .graph_store import GraphStore
from .harvesting import add_harvesting
from .headers import CROSS_ORIGIN, SECURITY, preflight
from .health import add_health
from .metrics import add_metrics
from .negotiation import prefers_html
from .pages import Site, route_path
from .picture_pages import add_pictures
from .problem_kinds import add_problem_kinds
from .problems import (
    Problem,
    ProblemError,
    internal_error,
    method_not_allowed,
    not_found,
    problem_of,
    stopping,
)
from .protocol import headers_of
from .published import Published
from .queries import add_queries
from .receipts import PATH as RECEIPT
from .receipts import ReceiptEndpoint, add_receipts
from .reconciliation import ReconciliationEndpoint, is_reconciliation, route_of
from .record import CURRENT, Record, new_record
from .service import Service
from .sparql import SparqlEndpoint
from .start import add_start
from .streaming import ClientGoneError
from .text_pages import add_texts
from .things import ROUTE, Things, is_thing
from .versions import OldVersions, add_versions
from .versions_asked import fields_of_old, with_version

if TYPE_CHECKING:
    from fastapi import FastAPI

_LOG = logging.getLogger("cosigraph.server")
_ENDPOINT = {"/sparql", "/sparql/"}
_EXPLANATION = "/sparql/explain"
_KEPT = ("/sparql", "/queries/", "/read/", "/pictures", "/compare")
_READING = "GET, HEAD, OPTIONS"
# What a response that may be framed says in its own way.
_OF_FRAMES = frozenset({b"content-security-policy", b"x-frame-options"})


class Application:
    """The ASGI application that serves one project.

    Args:
        service: the project
        proxies: the networks of the proxies whose forwarded addresses are believed
        log: where each request is noted
    """

    def __init__(
        self, service: Service, proxies: tuple[Network, ...] = (), log: AccessLog | None = None
    ) -> None:
        self._service = service
        self._site = Site(service)
        self._endpoint = SparqlEndpoint(service, self._site)
        self._explanation = ExplanationEndpoint(service, self._site)
        self._graph_store = GraphStore(service)
        self._receipt = ReceiptEndpoint(service)
        self._check = CheckEndpoint(service)
        self.reconciliation = ReconciliationEndpoint(service)
        self._old_versions = OldVersions(service)
        self._fastapi: FastAPI | None = None
        self._building = asyncio.Lock()
        self._proxies = proxies
        self._log = log
        answers = CachedResponses(
            CodedResponses(self._route), lambda: service.state, service.cache_bytes, _KEPT
        )
        self._answers = answers
        service.metrics.add_cache("responses", answers.cache)
        fields = {**SECURITY, **CROSS_ORIGIN}
        self._fields = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
        self._lines = b"".join(b"%b: %b\r\n" % field for field in self._fields)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await (await self.behind())(scope, receive, send)
            return
        scope = below_base(scope, self._service.project.configuration.base)
        record = new_record(scope, client_of(scope, self._proxies), route_path(scope))
        CURRENT.set(record)
        PINNED.set(self._service.latest)
        envelope = _Envelope(send, self._fields, self._service, record, scope)
        try:
            await self._answer(scope, receive, envelope)
        finally:
            self._note(record)

    def at_once(self, scope: Scope) -> bytes | None:
        """The response to a request that has been answered before, but for status line and date.

        None for any other; a request that is answered here need not go through the application.
        """
        kept = self._answers.ready(scope)
        if kept is None:
            return None
        record = new_record(scope, client_of(scope, self._proxies), route_path(scope))
        record.route, record.status = kept.route, HTTPStatus.OK
        record.bytes, record.is_complete = len(kept.content), True
        self._note(record)
        version = f"cosigraph-version: {self._service.version}\r\n"
        own = (
            f"{version}request-id: {record.id}\r\nserver-timing: {record.timing()}\r\n\r\n"
        ).encode()
        lines = [b"%b: %b\r\n" % field for field in kept.headers]
        return b"".join((*lines, self._lines, own, kept.content))

    def _note(self, record: Record) -> None:
        """Count a request that is over, and log it."""
        self._service.metrics.observe(record)
        if self._log is not None:
            self._log.add(record)

    async def _answer(self, scope: Scope, receive: Receive, envelope: _Envelope) -> None:
        try:
            await self._old_versions.pin(scope)
            await self._answers(scope, receive, envelope.send)
        except (ClientGoneError, asyncio.CancelledError):
            return  # the client has left, or the server ends and waits no longer
        except Exception as error:  # noqa: BLE001 nothing may get out
            if not envelope.is_started:
                envelope.record.route = _route_name(scope, envelope.record.path)
                response = self._problem_response(scope, error)
                await response(scope, receive, envelope.send)
            elif isinstance(error, CosigraphError):
                _LOG.warning("an answer was cut off: %s", error)
            else:
                _tell(scope, error, envelope.record)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope)
        send = _naming(scope, send)
        if path in _ENDPOINT:
            await self._endpoint(scope, receive, send)
        elif path == _EXPLANATION:
            await self._explanation(scope, receive, send)
        elif path == RECEIPT:
            await self._receipt(scope, receive, send)
        elif is_graph_store(path):
            await self._graph_store(scope, receive, send)
        elif path == CHECK:
            await self._check(scope, receive, send)
        elif is_reconciliation(path):
            await self.reconciliation(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await preflight(_READING)(scope, receive, send)
        else:
            await (await self.behind())(scope, receive, send)

    async def behind(self) -> FastAPI:
        """The FastAPI application: pages, canned queries, health and the description.

        It is made when it is first needed, in a thread: to import FastAPI takes as long as all
        that ``/sparql`` needs.
        """
        if self._fastapi is None:
            async with self._building:
                if self._fastapi is None:
                    self._fastapi = await to_thread.run_sync(self._built)
        return self._fastapi

    def _built(self) -> FastAPI:
        from fastapi import FastAPI  # noqa: PLC0415 - as above

        app = FastAPI(
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
        )
        for kind in (CosigraphError, ProblemError, HTTPException, ClientGoneError, Exception):
            app.add_exception_handler(kind, self._handle)
        published = Published(self._service)
        add_start(app, self._service, self._site, published)
        add_about(app, self._service, self._site)
        add_catalogue(app, self._service, self._site, published)
        add_harvesting(app, self._service, self._site, published)
        add_queries(app, self._service, self._site)
        add_description(app, self._service, self._site)
        add_pictures(app, self._service, self._site)
        add_texts(app, self._service, self._site)
        add_comparison(app, self._service, self._site)
        add_problem_kinds(app, self._site)
        add_versions(app, self._service, self._site)
        add_explanations(app, self._service, self._site)
        add_receipts(app, self._service)
        add_health(app, self._service)
        add_metrics(app, self._service.metrics)
        app.mount("/static", StaticFiles(packages=[("cosigraph_api", "static")]))
        app.router.default = Things(self._service, self._site, published)
        return app

    async def _handle(self, request: Request, error: Exception) -> Response:
        return self._problem_response(request.scope, error)

    def _problem_response(self, scope: Scope, error: Exception) -> Response:
        problem, record = _problem(scope, error), CURRENT.get()
        if isinstance(error, WorkerLost) and self._service.is_stopping:
            problem = stopping()
            if record is not None:
                record.outcome = problem.slug
        if problem is None:
            problem = internal_error(_tell(scope, error, record) if record else "")
        html = prefers_html(headers_of(scope).get("accept"))
        return self._site.problem(scope, problem, html=html)


def _tell(scope: Scope, error: Exception, record: Record) -> str:
    """Tell whoever runs the server, once, and return the request's identifier."""
    if "cosigraph.told" not in scope:
        scope["cosigraph.told"] = True
        _LOG.error(
            "request %s failed: %s %s", record.id, record.method, record.path, exc_info=error
        )
    return record.id


def _naming(scope: Scope, send: Send) -> Send:
    """``send``, which also notes which kind of address it is that answers."""

    async def named(message: Message) -> None:
        record = CURRENT.get()
        if record is not None and message["type"] == "http.response.start":
            record.route = _route_name(scope, record.path)
        await send(message)

    return named


def _route_name(scope: Scope, path: str) -> str:
    """Which kind of address was asked: one of few, so that they can be counted."""
    if path in _ENDPOINT:
        return "/sparql"
    if path in {_EXPLANATION, RECEIPT, CHECK}:
        return path
    if is_graph_store(path):
        return PATH
    if path.startswith("/static/"):
        return "/static"
    if is_thing(scope):
        return ROUTE
    return route_of(path) or str(getattr(scope.get("route"), "path", "other"))


def _problem(scope: Scope, error: Exception) -> Problem | None:
    """What the client is told, or None if the error is the server's own."""
    if isinstance(error, ProblemError):
        return error.problem
    if isinstance(error, CosigraphError):
        return problem_of(error)
    if not isinstance(error, HTTPException):
        return None
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return method_not_allowed(scope["method"], _READING)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return not_found(route_path(scope))
    status = HTTPStatus(error.status_code)
    return Problem(status, "http", status.phrase, str(error.detail))


class _Envelope:
    """Adds the fields of every response, and takes the content from those to HEAD."""

    def __init__(
        self,
        send: Send,
        fields: list[tuple[bytes, bytes]],
        service: Service,
        record: Record,
        scope: Scope,
    ) -> None:
        self.record = record
        self._send = send
        self._fields = fields
        self._service = service
        self._scope = scope
        self._is_head = scope["method"] == "HEAD"
        self.is_started = False

    async def send(self, message: Message) -> None:
        """Send ``message`` on."""
        if message["type"] == "http.response.start":
            self.is_started = True
            own = {name for name, _ in message["headers"]}
            left_out = _OF_FRAMES if b"content-security-policy" in own else frozenset()
            headers = [
                *(
                    (name, with_version(self._scope, value) if name == b"location" else value)
                    for name, value in message["headers"]
                ),
                *(field for field in self._fields if field[0] not in left_out),
                *fields_of_old(self._scope),
            ]
            if all(name != b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-cache"))
            headers.append((b"cosigraph-version", self._service.version.encode()))
            headers.append((b"request-id", self.record.id.encode()))
            headers.append((b"server-timing", self.record.timing().encode()))
            self.record.status = message["status"]
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body" and self._is_head:
            message = {**message, "body": b""}
        await self._send(message)
        if message["type"] == "http.response.body":
            self.record.bytes += len(message.get("body", b""))
            self.record.is_complete = not message.get("more_body")
