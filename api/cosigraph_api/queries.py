# SPDX-License-Identifier: Apache-2.0
"""The canned queries over HTTP: their list, what each asks, and their answers in every format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cosigraph import workbook
from cosigraph.canned import CannedQuery
from cosigraph.errors import CosigraphError, UnknownFormatError
from cosigraph.formats import ResultFormat
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import to_python
from cosigraph.workbook_about import about_canned

from .canned_answers import Call, bind_call, call_of, find_query, run_call
from .explanation_links import link_field, of_call
from .figures import Figure, figure_of, following, query_string
from .forms import form_fields, without_empty
from .grid import Grid, grid_of_table
from .headers import REVALIDATE, is_current
from .methods import READING_METHODS
from .negotiation import preferred
from .pages import Site, root_of
from .problems import Problem, ProblemError, not_acceptable, problem_of
from .protocol import fields_of_query_string, headers_of
from .query_descriptions import described
from .recipes import recipes
from .representations import PAGE_TYPE
from .service import Service
from .sparql_pages import MOST_ROWS, Download
from .streaming import closing, unless_gone
from .topics import topics

if TYPE_CHECKING:
    from fastapi import FastAPI

EXTENSIONS = (*(format_.label for format_ in ResultFormat.of_kind("bindings")), workbook.LABEL)
"""What an answer's address may end in."""

_JSON_TYPE = "application/json"
_FORMATS = {
    format_.media_type.partition(";")[0]: format_ for format_ in ResultFormat.of_kind("bindings")
}
_DESCRIPTIONS = {
    format_.media_type.partition(";")[0]: format_ for format_ in ResultFormat.of_kind("graph")
}
_OFFERS = (_JSON_TYPE, PAGE_TYPE, workbook.MEDIA_TYPE, *_FORMATS, *_DESCRIPTIONS)


def add_queries(app: FastAPI, service: Service, site: Site) -> None:
    """Add the routes to ``app``."""
    routes = _Queries(service, site)
    for path, route in (
        ("/queries", routes.listing),
        ("/queries/{name}.{extension}", routes.answer),
        ("/queries/{name}", routes.explanation),
    ):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


class _Queries:
    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def listing(self, request: Request) -> Response:
        """All canned queries."""
        queries = self._service.project.queries
        if _preferred(request, (_JSON_TYPE, PAGE_TYPE)) == PAGE_TYPE:
            return self._site.page(
                request.scope, "queries.html", here="queries", groups=topics(queries.values())
            )
        return JSONResponse(
            [_explained(query, "queries/") for query in queries.values()], headers=REVALIDATE
        )

    async def explanation(self, request: Request, name: str) -> Response:
        """What a canned query asks; for people also its form; or its answer, by ``Accept``."""
        query = find_query(self._service, name)
        chosen = _preferred(request, _OFFERS)
        if chosen == _JSON_TYPE:
            notice = self._service.project.configuration.notice
            told = {**_explained(query, ""), "sparql": query.text, "notice": notice}
            return JSONResponse(told, headers=REVALIDATE)
        if chosen in _DESCRIPTIONS:
            return await described(self._service, request.scope, query, _DESCRIPTIONS[chosen])
        call = call_of(query, fields_of_query_string(request.scope))
        if chosen == workbook.MEDIA_TYPE:
            return await unless_gone(self._workbook(request, call), request.receive)
        if chosen in _FORMATS:
            return await unless_gone(
                self._content(request, call, _FORMATS[chosen]), request.receive
            )
        call = replace(call, values=without_empty(call.values))
        return await unless_gone(self._page(request, call), request.receive)

    async def answer(self, request: Request, name: str, extension: str) -> Response:
        """A canned query's answer."""
        query = find_query(self._service, name)
        call = call_of(query, fields_of_query_string(request.scope))
        if extension == workbook.LABEL:
            return await unless_gone(self._workbook(request, call), request.receive)
        format_ = _format(extension)
        return await unless_gone(self._content(request, call, format_), request.receive)

    async def _content(self, request: Request, call: Call, format_: ResultFormat) -> Response:
        bound = await bind_call(self._service, call)
        tag = self._service.entity_tag(
            "query", call.query.name, format_.label, call.reading or "", bound.text
        )
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers_of(request.scope).get("if-none-match"), tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        table = await run_call(self._service, bound)
        content = await to_thread.run_sync(table.serialise, format_)
        link = {} if table.long_rows else link_field(of_call(root_of(request.scope), call))
        return Response(content, headers={"Content-Type": format_.media_type, **caching, **link})

    async def _workbook(self, request: Request, call: Call) -> Response:
        """The answer as a workbook; it tells the address, so that is part of its entity tag."""
        bound = await bind_call(self._service, call)
        address = str(request.url)
        parts = ("workbook", call.query.name, address, call.reading or "", bound.text)
        caching = {**REVALIDATE, "ETag": self._service.entity_tag(*parts)}
        if is_current(headers_of(request.scope).get("if-none-match"), caching["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        query, reading, project = call.query, call.reading, self._service.project
        async with closing(self._service.tsv(bound.text, reading)) as pieces:
            response = await self._service.workbooks.made(
                pieces,
                name=query.name,
                about=about_canned(project, query, call.values, reading=reading, address=address),
                reading=reading,
                columns=query.columns,
            )
        response.headers.update(caching)
        return response

    async def _page(self, request: Request, call: Call) -> Response:
        root = root_of(request.scope)
        outcome = await self._outcome(call, root)
        is_empty = outcome.grid is not None and not outcome.grid.rows
        why = of_call(root, call) if is_empty else None

        pages = self._service.project.configuration.pages

        def make() -> Response:
            reading = call.reading if call.reading in self._service.readings else None
            fields = form_fields(
                call,
                self._service.resolver(reading),
                self._service.project.prefixes,
                self._service.readings,
            )
            return self._site.page(
                request.scope,
                "query.html",
                status=outcome.problem.status if outcome.problem else HTTPStatus.OK,
                here="compare" if call.query.name == pages.compare else "queries",
                headers=link_field(why) if why is not None else None,
                query=call.query,
                paragraphs=[part for part in call.query.description.split("\n\n") if part],
                fields=fields,
                problem=outcome.problem,
                grid=outcome.grid,
                figure=outcome.figure,
                recipes=recipes(call, str(request.base_url), outcome.text) if outcome.grid else [],
                why=why,
                text=outcome.text,
                downloads=_downloads(call),
            )

        return await to_thread.run_sync(make)

    async def _outcome(self, call: Call, root: str) -> _Outcome:
        """The answer as a table, or what is wrong with the values; neither, if some are needed."""
        if call.query.requires_parameters and not call.values:
            return _Outcome(call.query.text)
        try:
            bound = await bind_call(self._service, call)
            table = await run_call(self._service, bound)
        except CosigraphError as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return _Outcome(call.query.text, problem=problem)
        project = self._service.project

        def lay_out() -> _Outcome:
            grid = grid_of_table(table, call.query.summary, project.prefixes, MOST_ROWS)
            follow = call.query.follow
            if follow is not None:
                lead = following(call, table, project.queries, root)
                addresses = tuple(lead(place) for place in range(len(grid.rows)))
                summary = project.queries[follow.query].summary
                grid = replace(grid, follow=addresses, following=summary)
            return _Outcome(bound.text, grid, figure=figure_of(call, table, project.queries, root))

        return await to_thread.run_sync(lay_out)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of asking: ``text`` is the query as it was or would be asked."""

    text: str
    grid: Grid | None = None
    problem: Problem | None = None
    figure: Figure | None = None


def _preferred(request: Request, offers: Sequence[str]) -> str:
    """The media type that the client likes best; raises ProblemError if it accepts none."""
    chosen = preferred(headers_of(request.scope).get("accept"), offers)
    if chosen is None:
        raise not_acceptable(", ".join(offers))
    return chosen


def _format(extension: str) -> ResultFormat:
    """The format of an address that ends in ``extension``; raises ProblemError (404)."""
    formats = {format_.label: format_ for format_ in ResultFormat.of_kind("bindings")}
    if extension in formats:
        return formats[extension]
    advice = suggestion_sentence(extension, EXTENSIONS)
    error = UnknownFormatError(f"There is no format '{extension}'.", advice=advice)
    raise ProblemError(
        Problem(HTTPStatus.NOT_FOUND, error.slug, error.title, error.detail, advice=advice)
    )


def _downloads(call: Call) -> list[Download]:
    given = query_string(call)
    return [
        Download(extension.upper(), f"{call.query.name}.{extension}{given}")
        for extension in EXTENSIONS
    ]


def _explained(query: CannedQuery, base: str) -> dict[str, Any]:
    """What the front matter says, as JSON; links are relative to the request."""
    parameters = [
        {
            "name": parameter.name,
            "description": parameter.description,
            "type": str(parameter.type),
            "many": parameter.many,
            "required": parameter.required,
            "default": [str(to_python(term)) for term in parameter.default],
        }
        for parameter in query.parameters.values()
    ]
    columns = [
        {
            "name": column.name,
            "description": column.description,
            "datatype": column.datatype,
            "many": column.many,
        }
        for column in query.columns
    ]
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": parameters,
        "columns": columns,
        "answers": {extension: f"{base}{query.name}.{extension}" for extension in EXTENSIONS},
    }
