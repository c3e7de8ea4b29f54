# SPDX-License-Identifier: Apache-2.0
"""Why an answer is empty, over HTTP: ``/sparql/explain`` and ``/queries/NAME/explain``.

Each probe of an explanation is a query like any other: it waits for its turn, counts for the
client's share and runs in a process that can be ended. All of them together have little time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from cosigraph.answers import prepare
from cosigraph.emptiness import Explanation, ExplanationLimits, Inquiry, Probe, advance, explain
from cosigraph.errors import CosigraphError, UnknownFormatError
from cosigraph.store import Query
from cosigraph.suggestions import suggestion_sentence

from .canned_answers import bind_call, call_of, find_query
from .methods import READING_METHODS, answered_by_method
from .negotiation import preferred
from .pages import Site
from .problems import bad_request, not_acceptable
from .protocol import METHODS, fields_of_query_string, headers_of, read_request
from .record import CURRENT
from .representations import PAGE_TYPE
from .service import Service
from .streaming import unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

FORMATS = {"json": "application/json", "text": "text/plain", "html": PAGE_TYPE}
"""The forms of an explanation by the names that ``format`` has for them."""

_FIELDS = {"Cache-Control": "no-cache", "Vary": "Accept"}


class ExplanationEndpoint:
    """``/sparql/explain``: an ASGI application of its own, as ``/sparql`` is."""

    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises as the endpoint for queries."""
        if await answered_by_method(scope, receive, send, METHODS):
            return
        headers = headers_of(scope)
        request = await read_request(scope, receive, headers, self._service.limits)
        media_type = _media_type(request.format, headers)
        if not request.query:
            raise bad_request("The request holds no query.", "Give one in the parameter query.")
        text = request.query

        def prepared() -> Query:
            self._service.check_reading(request.reading)
            return prepare(
                text,
                self._service.project.surroundings,
                reading=request.reading,
                default_graphs=request.default_graphs,
                named_graphs=request.named_graphs,
            )

        query = await to_thread.run_sync(prepared)
        explanation = await unless_gone(_explanation(self._service, query), receive)
        await _response(self._site, scope, explanation, media_type)(scope, receive, send)


def add_explanations(app: FastAPI, service: Service, site: Site) -> None:
    """Add ``/queries/NAME/explain`` to ``app``."""

    async def explained(request: Request, name: str) -> Response:
        called = find_query(service, name)
        fields = fields_of_query_string(request.scope)
        named = [value for field, value in fields if field == "format"]
        if "format" not in called.parameters:
            fields = [(field, value) for field, value in fields if field != "format"]
        media_type = _media_type(named[0] if named else None, headers_of(request.scope))
        bound = await bind_call(service, call_of(called, fields))
        query = prepare(bound.text, service.project.surroundings, reading=bound.call.reading)
        explanation = await unless_gone(_explanation(service, query), request.receive)
        return _response(site, request.scope, explanation, media_type)

    app.add_api_route(
        "/queries/{name}/explain", explained, methods=READING_METHODS, include_in_schema=False
    )


async def _explanation(service: Service, query: Query) -> Explanation:
    """Ask the probes of an explanation, one after the other."""
    started = time.perf_counter()
    project, limits = service.project, service.limits

    def begin() -> tuple[Inquiry[Explanation], Probe | tuple[Explanation]]:
        most = ExplanationLimits(limits.explanation_probes, limits.explanation_time)
        inquiry = explain(query, project.surroundings, project.dataset.readings, most)
        return inquiry, advance(inquiry, None)

    inquiry, outcome = await to_thread.run_sync(begin)
    while isinstance(outcome, Probe):
        answer = await _answer(service, outcome)
        outcome = await to_thread.run_sync(advance, inquiry, answer)
    record = CURRENT.get()
    if record is not None:  # of the request's own query, not of the last of its probes
        record.query, record.run = query.text, time.perf_counter() - started - record.wait
    return outcome[0]


async def _answer(service: Service, probe: Probe) -> bytes | CosigraphError:
    try:
        async with service.execution(probe.query, probe.seconds) as execution:
            return b"".join([piece async for piece in execution.pieces])
    except CosigraphError as error:
        return error


def _media_type(name: str | None, headers: Mapping[str, str]) -> str:
    """The form to answer in; raises UnknownFormatError or ProblemError."""
    if name is not None and name not in FORMATS:
        raise UnknownFormatError(
            f"There is no format '{name}' for an explanation.",
            advice=suggestion_sentence(name, FORMATS),
        )
    offered = tuple(FORMATS.values())
    chosen = FORMATS[name] if name else preferred(headers.get("accept"), offered)
    if chosen is None:
        raise not_acceptable(", ".join(offered))
    return chosen


def _response(site: Site, scope: Scope, explanation: Explanation, media_type: str) -> Response:
    if media_type == PAGE_TYPE:
        return site.page(scope, "explain.html", here="sparql", explanation=explanation)
    if media_type == "text/plain":
        return PlainTextResponse(explanation.text(), headers=_FIELDS)
    return JSONResponse(explanation.members(), headers=_FIELDS)
