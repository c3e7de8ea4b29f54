# SPDX-License-Identifier: Apache-2.0
"""The whole server as one ASGI application: ``/sparql`` first, everything else by FastAPI behind.

It also holds what is true of every response: security and cross-origin fields, the version of the
data, one shape of errors, and never a trace of what went wrong inside.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from http import HTTPStatus

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from cosigraph.errors import CosigraphError, WorkerLost

from .cache import CachedResponses
from .codings import CodedResponses
from .headers import CROSS_ORIGIN, SECURITY, preflight
from .health import add_health
from .negotiation import prefers_html
from .pages import Site, route_path
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
from .queries import add_queries
from .service import Service
from .sparql import SparqlEndpoint
from .start import add_start
from .streaming import ClientGoneError

_LOG = logging.getLogger("cosigraph.server")
_ENDPOINT = {"/sparql", "/sparql/"}
_KEPT = ("/sparql", "/queries/")
_READING = "GET, HEAD, OPTIONS"


class Application:
    """The ASGI application that serves one project."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._site = Site(service)
        self._endpoint = SparqlEndpoint(service, self._site)
        self._fastapi = self._behind()
        self._answers = CachedResponses(
            CodedResponses(self._route), service.state, service.cache_bytes, _KEPT
        )
        fields = {**SECURITY, **CROSS_ORIGIN, "Cosigraph-Version": service.version}
        self._fields = [(name.lower().encode(), value.encode()) for name, value in fields.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._fastapi(scope, receive, send)
            return
        envelope = _Envelope(send, self._fields, is_head=scope["method"] == "HEAD")
        try:
            await self._answers(scope, receive, envelope.send)
        except (ClientGoneError, asyncio.CancelledError):
            return  # the client has left, or the server ends and waits no longer
        except Exception as error:  # noqa: BLE001 nothing may get out
            if not envelope.is_started:
                response = self._problem_response(scope, error)
                await response(scope, receive, envelope.send)
            elif isinstance(error, CosigraphError):
                _LOG.warning("an answer was cut off: %s", error)
            else:
                self._log(scope, error)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope)
        if path in _ENDPOINT:
            await self._endpoint(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await preflight(_READING)(scope, receive, send)
        else:
            await self._fastapi(scope, receive, send)

    def _behind(self) -> FastAPI:
        """The FastAPI application: pages, canned queries, health and the description."""
        app = FastAPI(
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
        )
        for kind in (CosigraphError, ProblemError, HTTPException, ClientGoneError, Exception):
            app.add_exception_handler(kind, self._handle)
        add_start(app, self._service, self._site)
        add_queries(app, self._service, self._site)
        add_health(app, self._service)
        app.mount("/static", StaticFiles(packages=[("cosigraph_api", "static")]))
        return app

    async def _handle(self, request: Request, error: Exception) -> Response:
        return self._problem_response(request.scope, error)

    def _problem_response(self, scope: Scope, error: Exception) -> Response:
        problem = _problem(scope, error)
        if isinstance(error, WorkerLost) and self._service.is_stopping:
            problem = stopping()
        if problem is None:
            problem = internal_error(self._log(scope, error))
        html = prefers_html(headers_of(scope).get("accept"))
        return self._site.problem(scope, problem, html=html)

    def _log(self, scope: Scope, error: Exception) -> str:
        """Tell whoever runs the server, once, and return the request's identifier."""
        if "cosigraph.request" not in scope:
            scope["cosigraph.request"] = str(uuid.uuid4())
            _LOG.error(
                "request %s failed: %s %s",
                scope["cosigraph.request"],
                scope["method"],
                route_path(scope),
                exc_info=error,
            )
        return str(scope["cosigraph.request"])


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

    def __init__(self, send: Send, fields: list[tuple[bytes, bytes]], *, is_head: bool) -> None:
        self._send = send
        self._fields = fields
        self._is_head = is_head
        self.is_started = False

    async def send(self, message: Message) -> None:
        """Send ``message`` on."""
        if message["type"] == "http.response.start":
            self.is_started = True
            headers = [*message["headers"], *self._fields]
            if all(name != b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-cache"))
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body" and self._is_head:
            message = {**message, "body": b""}
        await self._send(message)
