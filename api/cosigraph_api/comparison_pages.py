# SPDX-License-Identifier: Apache-2.0
"""The page that sets things side by side, and the same as a document to take to a meeting.

What is compared, and in which respects, is the affair of the canned query that the project names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from cosigraph import word_document
from cosigraph.canned import CannedQuery
from cosigraph.comparing import Comparison, comparison_document
from cosigraph.comparing.comparison import compares
from cosigraph.errors import CosigraphError
from cosigraph.workbook_about import about_canned

from .canned_answers import Bound, Call, bind_call, call_of, run_call
from .figures import query_string
from .forms import form_fields, without_empty
from .headers import REVALIDATE, is_current
from .pages import Site, route_path
from .problems import Problem, ProblemError, bad_request, not_found, problem_of
from .protocol import fields_of_query_string, headers_of
from .service import Service
from .streaming import unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

DOCUMENT = "/compare.docx"
PAGE = "/compare"
FEWEST = 2
"""How many things can be compared."""
MOST_SOURCES = 2000
"""How many footnotes a comparison may have: more than anybody reads."""

_READING_METHODS = ["GET", "HEAD"]


def add_comparison(app: FastAPI, service: Service, site: Site) -> None:
    """Add the routes to ``app``."""
    routes = _Comparisons(service, site)
    for path, route in ((PAGE, routes.page), (DOCUMENT, routes.document)):
        app.add_api_route(path, route, methods=_READING_METHODS, include_in_schema=False)


class _Comparisons:
    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def page(self, request: Request) -> Response:
        """The form, and what is chosen side by side."""
        return await unless_gone(self._page(request), request.receive)

    async def document(self, request: Request) -> Response:
        """The same as a document."""
        return await unless_gone(self._document(request), request.receive)

    def _call(self, request: Request) -> Call:
        """What the request compares; raises ProblemError (404) if the project compares nothing."""
        project = self._service.project
        query = project.queries.get(project.configuration.pages.compare)
        if query is None or not compares(query):
            raise ProblemError(not_found(route_path(request.scope)))
        call = call_of(query, fields_of_query_string(request.scope))
        return replace(call, values=without_empty(call.values))

    async def _page(self, request: Request) -> Response:
        call = self._call(request)
        problem: Problem | None = None
        comparison: Comparison | None = None
        caching = None
        if _is_chosen(call):
            try:
                bound = await bind_call(self._service, call)
                caching = self._caching("comparison", bound)
                if is_current(headers_of(request.scope).get("if-none-match"), caching["ETag"]):
                    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
                comparison = await self._comparison(bound)
            except (CosigraphError, ProblemError) as error:
                problem = error.problem if isinstance(error, ProblemError) else problem_of(error)
                if problem is None:
                    raise

        def make() -> Response:
            service = self._service
            reading = call.reading if call.reading in service.readings else None
            fields = form_fields(
                call, service.resolver(reading), service.project.prefixes, service.readings
            )
            return self._site.page(
                request.scope,
                "comparison.html",
                status=problem.status if problem else HTTPStatus.OK,
                here="compare",
                headers=None if problem else caching,
                query=call.query,
                paragraphs=[part for part in call.query.description.split("\n\n") if part],
                fields=fields,
                problem=problem,
                comparison=comparison if comparison and len(comparison.things) >= FEWEST else None,
                is_chosen=_is_chosen(call),
                given=query_string(call),
                address=_address(request, call),
                reading=reading,
            )

        return await to_thread.run_sync(make)

    async def _document(self, request: Request) -> Response:
        call = self._call(request)
        bound = await bind_call(self._service, call)
        address = _address(request, call)
        caching = self._caching("comparison-document", bound, address)
        if is_current(headers_of(request.scope).get("if-none-match"), caching["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        comparison = await self._comparison(bound)
        if len(comparison.things) < FEWEST:
            raise bad_request("Fewer than two things are chosen.", f"Choose two or more at {PAGE}.")
        project = self._service.project

        def make() -> bytes:
            about = about_canned(
                project, call.query, call.values, reading=call.reading, address=address
            )
            return comparison_document(comparison, project.version, about)

        fields = {
            "Content-Type": word_document.MEDIA_TYPE,
            "Content-Disposition": f'attachment; filename="{call.query.name}.docx"',
        }
        return Response(await to_thread.run_sync(make), headers={**fields, **caching})

    def _caching(self, kind: str, bound: Bound, *more: str) -> dict[str, str]:
        call = bound.call
        parts = (call.query.name, call.reading or "", bound.text, query_string(call), *more)
        return {**REVALIDATE, "ETag": self._service.entity_tag(kind, *parts)}

    async def _comparison(self, bound: Bound) -> Comparison:
        """What the answer tells; raises ProblemError if that is more than anybody reads."""
        table = await run_call(self._service, bound)
        if len(table) > MOST_SOURCES:
            raise bad_request(
                f"The comparison would have {len(table):,} footnotes, and {MOST_SOURCES:,} are "
                "the most.",
                "Choose fewer things.",
            )
        return await to_thread.run_sync(Comparison.of, bound.call.query, table)


def _compared(query: CannedQuery) -> Iterator[str]:
    """The names of the parameters that take the things to compare."""
    return (name for name, parameter in query.parameters.items() if parameter.many)


def _is_chosen(call: Call) -> bool:
    """Whether things have been chosen; a page of all would be long, and nobody asked for it."""
    return any(call.values.get(name) for name in _compared(call.query))


def _address(request: Request, call: Call) -> str:
    """Where the comparison can be had again."""
    return f"{request.base_url}{PAGE.removeprefix('/')}{query_string(call)}"
