# SPDX-License-Identifier: Apache-2.0
"""The SPARQL endpoint: an ASGI application of its own, before FastAPI and without it.

It follows the SPARQL 1.1 Protocol for queries, and for updates where they are switched on. What is
refused, and why, is in :mod:`cosigraph.sparql`; a query runs in a process that is ended with its
time, or with its client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from anyio import to_thread
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cosigraph.answers import kind_of, prepare
from cosigraph.errors import CosigraphError
from cosigraph.formats import ResultFormat
from cosigraph.query_identity import is_volatile
from cosigraph.sparql import query_form
from cosigraph.store import Query
from cosigraph.workbook_about import about_query

from .explanation_links import is_known_empty, link_field, of_query
from .headers import REVALIDATE, VOLATILE, is_current, row_limit_fields
from .methods import answered_by_method
from .negotiation import prefers_html
from .pages import Site, root_of
from .problems import bad_request, problem_of
from .protocol import METHODS, ProtocolRequest, headers_of, read_request, update_refused
from .representations import PAGE, PAGE_NAME, WORKBOOK, Representation, choose
from .service import Service
from .service_description import ServiceDescription, address_of
from .sparql_pages import MOST_ROWS, SparqlPages
from .streaming import PiecesResponse, closing, held_back, unless_gone
from .updates import make_update
from .versions_asked import refuse_old

_LONG_TEXT = 16 * 1024  # characters; a longer query is looked at in a thread


class SparqlEndpoint:
    """The endpoint of one service."""

    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._pages = SparqlPages(service, site)
        self._description = ServiceDescription(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ProblemError: the request does not follow the protocol
            CosigraphError: the query cannot be answered
            ClientGoneError: the client left
        """
        writing, limits = self._service.writing, self._service.limits
        is_writable = writing is not None
        if await answered_by_method(scope, receive, send, METHODS, is_writable=is_writable):
            return
        headers = headers_of(scope)
        authorise = update_refused if writing is None else writing.authorise
        request = await read_request(scope, receive, headers, limits, authorise)
        if writing is not None and request.update is not None:
            refuse_old(scope)
            work = make_update(self._service, writing, request, headers)
            await (await unless_gone(work, receive))(scope, receive, send)
        else:
            await unless_gone(self._answer(request, headers, scope, receive, send), receive)

    async def _answer(
        self,
        request: ProtocolRequest,
        headers: Mapping[str, str],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        for_browser = request.format in {None, PAGE_NAME} and prefers_html(headers.get("accept"))
        if not request.query:
            own = await self._without_query(request, headers, scope, for_browser=for_browser)
            await own(scope, receive, send)
            return
        try:
            async with self._response(request, request.query, headers, scope) as response:
                await response(scope, receive, send)
        except CosigraphError as error:
            problem = problem_of(error)
            if problem is None or not for_browser:
                raise
            await self._pages.problem(scope, request.query, problem)(scope, receive, send)

    async def _without_query(
        self,
        request: ProtocolRequest,
        headers: Mapping[str, str],
        scope: Scope,
        *,
        for_browser: bool,
    ) -> Response:
        """The form for a person, and for a program that only asks the address its description."""
        if for_browser:
            return self._pages.form(scope)
        if scope["method"] == "POST" or request != ProtocolRequest(None, request.format):
            raise bad_request("The request holds no query.", "Give one in the parameter query.")
        form = choose("graph", request.format, headers.get("accept"))
        if form.format is None:
            return self._pages.form(scope)
        return await to_thread.run_sync(self._description.response, scope, headers, form)

    @asynccontextmanager
    async def _response(
        self, request: ProtocolRequest, text: str, headers: Mapping[str, str], scope: Scope
    ) -> AsyncIterator[ASGIApp]:
        """The answer, whose query is stopped at the end of the context if it still runs."""
        if len(text) > _LONG_TEXT:
            query, form = await to_thread.run_sync(self._prepare, request, text, headers)
        else:
            query, form = self._prepare(request, text, headers)
        caching = self._caching(query, form, address_of(scope).value if form is WORKBOOK else "")
        is_conditional = scope["method"] in {"GET", "HEAD"}  # RFC 9110, section 13.1.2
        if is_conditional and is_current(headers.get("if-none-match"), caching.get("ETag", "")):
            yield Response(status_code=304, headers=caching)
            return
        if form is WORKBOOK:
            response = await self._workbook(scope, query)
            response.headers.update(caching)
            yield response
            return
        async with self._service.execution(query) as execution:
            if form is PAGE:
                yield await self._pages.answer(scope, query, execution, caching)
            else:
                beginning, rest = await held_back(execution.pieces)
                execution.begun()
                fields = {"Content-Type": form.content_type, **caching}
                fields.update(row_limit_fields(query.rows, is_cut=execution.account.is_cut))
                if is_known_empty(beginning, rest, query):
                    fields.update(link_field(of_query(root_of(scope), query)))
                yield PiecesResponse(beginning, rest, fields)

    def _prepare(
        self, request: ProtocolRequest, text: str, headers: Mapping[str, str]
    ) -> tuple[Query, Representation]:
        """The checked query, and the form that its answer will have."""
        self._service.check_reading(request.reading)
        asked = query_form(text)
        kind = kind_of(asked)
        form = choose(kind, request.format, headers.get("accept"))
        paged = ResultFormat.TSV if kind == "bindings" else ResultFormat.NTRIPLES
        limits = self._service.limits
        query = prepare(
            text,
            self._service.project.surroundings,
            form=asked,
            format=form.format or paged,
            reading=request.reading,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            rows=self._most_rows(form),
            size=limits.size,
            services=self._service.services,
        )
        return query, form

    def _most_rows(self, form: Representation) -> int | None:
        """How many rows an answer of that form has at most."""
        most = self._service.limits.rows
        if form is PAGE:
            return min(MOST_ROWS, most or MOST_ROWS)
        return self._service.workbooks.rows if form is WORKBOOK else most

    async def _workbook(self, scope: Scope, query: Query) -> Response:
        """The answer as a workbook, which is complete before any of it is sent."""
        about = about_query(
            self._service.project,
            query.text,
            reading=query.reading,
            graphs=(*query.default_graphs, *query.named_graphs),
            address=address_of(scope).value,
        )
        execution = self._service.execution(query)
        account = execution.account
        async with closing(execution.whole()) as pieces:
            response = await self._service.workbooks.made(
                pieces,
                name="answer",
                about=about,
                reading=query.reading,
                is_cut=lambda: account.is_cut,
            )
        response.headers.update(row_limit_fields(query.rows, is_cut=account.is_cut))
        return response

    def _caching(self, query: Query, form: Representation, address: str) -> dict[str, str]:
        """The fields by which a client may keep the answer, unless it is never the same twice."""
        if is_volatile(query.text):
            return dict(VOLATILE)
        tag = self._service.entity_tag(
            "sparql",
            form.content_type,
            address,
            query.reading or "",
            " ".join(query.default_graphs),
            " ".join(query.named_graphs),
            str(query.rows),
            query.text,
        )
        return {**REVALIDATE, "ETag": tag}
