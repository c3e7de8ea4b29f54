# SPDX-License-Identifier: Apache-2.0
"""Receipts for answers: ``/sparql/receipt`` and ``/queries/NAME/receipt`` (``cosigraph.receipts``).

The query is run like any other, and its whole answer is read: no limit of rows cuts it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.receipts import question_of, receipt_for
from cosigraph.store import Query

from .canned_answers import bind_call, call_of, find_query
from .methods import answered_by_method
from .problems import bad_request
from .protocol import fields_of_query_string, headers_of, read_request
from .service import Service
from .streaming import closing, unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/sparql/receipt"
METHODS = "GET, HEAD, OPTIONS, POST"
_FIELDS = {"Content-Type": "application/json", "Cache-Control": "no-cache"}


class ReceiptEndpoint:
    """``/sparql/receipt``: an ASGI application of its own, as ``/sparql`` is."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises as the endpoint for queries."""
        if await answered_by_method(scope, receive, send, METHODS):
            return
        service = self._service
        request = await read_request(scope, receive, headers_of(scope), service.limits)
        if not request.query:
            raise bad_request("The request holds no query.", "Give one in the parameter query.")
        text = request.query

        def prepared() -> Query:
            service.check_reading(request.reading)
            return question_of(
                service.project,
                text,
                reading=request.reading,
                default_graphs=request.default_graphs,
                named_graphs=request.named_graphs,
                size=service.limits.size,
            )

        query = await to_thread.run_sync(prepared)
        response = await unless_gone(_response(service, query), receive)
        await response(scope, receive, send)


def add_receipts(app: FastAPI, service: Service) -> None:
    """Add ``/queries/NAME/receipt`` to ``app``."""

    async def receipt(request: Request, name: str) -> Response:
        called = find_query(service, name)
        call = call_of(called, fields_of_query_string(request.scope))
        bound = await bind_call(service, call)
        query = question_of(
            service.project, bound.text, reading=call.reading, size=service.limits.size
        )
        work = _response(service, query, name, call.values)
        return await unless_gone(work, request.receive)

    app.add_api_route(
        "/queries/{name}/receipt", receipt, methods=["GET", "HEAD"], include_in_schema=False
    )


async def _response(
    service: Service,
    query: Query,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Response:
    project = service.project
    async with closing(service.execution(query).whole()) as pieces:
        content = b"".join([piece async for piece in pieces])

    def made() -> str:
        return receipt_for(project, query, content, name=name, parameters=parameters).to_json()

    return Response(await to_thread.run_sync(made), headers=_FIELDS)
