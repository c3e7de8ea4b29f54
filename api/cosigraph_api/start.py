# SPDX-License-Identifier: Apache-2.0
"""The first page: what is here, in numbers, and what can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from cosigraph.canned import CannedQuery
from cosigraph.parameters import Parameter

from .figures import figure_of
from .kept import Kept
from .landing import Landing, landing_of
from .methods import READING_METHODS
from .overview import Overview
from .pages import Site, root_of
from .picture_pages import answered
from .published import Published
from .service import Service
from .streaming import unless_gone
from .topics import topics

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_start(app: FastAPI, service: Service, site: Site, published: Published) -> None:
    """Add the route to ``app``."""
    overview = Overview(service)
    kept = Kept(lambda: service.state, lambda: landing_of(service, published))

    @app.api_route("/", methods=READING_METHODS, include_in_schema=False)
    async def start(request: Request) -> Response:
        landing = await kept.get()
        return await unless_gone(page(request, landing), request.receive)

    async def page(request: Request, landing: Landing) -> Response:
        summary = await overview.summary.get()
        project = service.project
        settings = project.configuration.pages
        unpulled = await to_thread.run_sync(service.unpulled)
        answers = [await answered(service, project.queries[name]) for name in settings.start]

        def make() -> Response:
            root = root_of(request.scope)
            figures = [figure_of(*answer, project.queries, root) for answer in answers]
            return site.page(
                request.scope,
                "start.html",
                here="start",
                headers=landing.links,
                linked=landing.linked,
                overview=summary,
                unpulled=unpulled,
                figures=[figure for figure in figures if figure is not None],
                search=_search(project.queries.get(settings.search)),
                groups=topics(project.queries.values()),
                example=site.example,
            )

        return await to_thread.run_sync(make)


@dataclass(frozen=True, slots=True)
class _Search:
    """The search box: which query it asks, by which parameter, and what both are called."""

    query: CannedQuery
    parameter: Parameter


def _search(query: CannedQuery | None) -> _Search | None:
    if query is None:
        return None
    return _Search(query, next(each for each in query.parameters.values() if each.required))
