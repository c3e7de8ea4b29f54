# SPDX-License-Identifier: Apache-2.0
"""The pictures of the canned queries' answers: together on a page, and each as a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from cosigraph.canned import CannedQuery
from cosigraph.pictures import has_picture, picture
from cosigraph.table import Table

from .canned_answers import Bound, Call, bind_call, call_of, find_query, run_call
from .figures import WIDE, Figure, figure_of
from .grid import Grid, grid_of_table
from .headers import REVALIDATE, is_current
from .methods import READING_METHODS
from .pages import Site, root_of
from .problems import ProblemError, not_found
from .protocol import fields_of_query_string, headers_of
from .service import Service
from .sparql_pages import MOST_ROWS
from .streaming import unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

MEDIA_TYPE = "image/svg+xml"


def add_pictures(app: FastAPI, service: Service, site: Site) -> None:
    """Add the routes to ``app``."""
    routes = _Pictures(service, site)
    for path, route in (
        ("/pictures", routes.gallery),
        ("/pictures/{name}.svg", routes.file),
    ):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


def pictured(service: Service) -> list[CannedQuery]:
    """The queries whose pictures are shown together: those the project names, or all with one."""
    queries = service.project.queries
    named = service.project.configuration.pages.pictures or tuple(queries)
    return [
        queries[name]
        for name in named
        if has_picture(queries[name]) and not queries[name].requires_parameters
    ]


async def answered(service: Service, query: CannedQuery) -> tuple[Call, Table]:
    """The answer to a query without parameters; raises QueryError or QueryStopped."""
    call = Call(query, {}, None)
    return call, await run_call(service, Bound(call, query.text))


class _Pictures:
    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def gallery(self, request: Request) -> Response:
        """All pictures."""
        return await unless_gone(self._gallery(request), request.receive)

    async def file(self, request: Request, name: str) -> Response:
        """A picture, of an answer with the query's own parameters."""
        return await unless_gone(self._file(request, name), request.receive)

    async def _gallery(self, request: Request) -> Response:
        caching = {**REVALIDATE, "ETag": self._service.entity_tag("pictures")}
        if is_current(headers_of(request.scope).get("if-none-match"), caching["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        answers = [await answered(self._service, query) for query in pictured(self._service)]

        def make() -> Response:
            project = self._service.project
            figures: list[tuple[Figure, Grid]] = []
            for call, table in answers:
                figure = figure_of(call, table, project.queries, root_of(request.scope))
                if figure is not None:
                    summary = call.query.summary
                    grid = grid_of_table(table, summary, project.prefixes, MOST_ROWS)
                    figures.append((figure, grid))
            return self._site.page(
                request.scope, "pictures.html", here="pictures", headers=caching, figures=figures
            )

        return await to_thread.run_sync(make)

    async def _file(self, request: Request, name: str) -> Response:
        query = find_query(self._service, name)
        if not has_picture(query):
            raise ProblemError(not_found(request.url.path))
        bound = await bind_call(
            self._service, call_of(query, fields_of_query_string(request.scope))
        )
        tag = self._service.entity_tag("picture", name, bound.call.reading or "", bound.text)
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers_of(request.scope).get("if-none-match"), tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        table = await run_call(self._service, bound)

        def draw() -> str:
            drawn = picture(query, table)
            return "" if drawn is None else drawn.svg(WIDE)

        content = await to_thread.run_sync(draw)
        if not content:
            raise ProblemError(not_found(request.url.path))
        return Response(content, headers={"Content-Type": MEDIA_TYPE, **caching})
