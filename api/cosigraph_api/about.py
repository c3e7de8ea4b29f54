# SPDX-License-Identifier: Apache-2.0
"""The page that says what is served: what it is, how it is made, its terms, limits and version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from .overview import Overview
from .pages import Site
from .service import Service
from .streaming import unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/about"


def add_about(app: FastAPI, service: Service, site: Site) -> None:
    """Add the route to ``app``."""
    overview = Overview(service)

    async def page(request: Request) -> Response:
        summary = await overview.summary()
        unpulled = await to_thread.run_sync(service.unpulled)
        project = service.project
        configuration = project.configuration

        def make() -> Response:
            return site.page(
                request.scope,
                "about.html",
                overview=summary,
                graphs=[iri.removeprefix(configuration.base) for iri in project.dataset.graphs],
                readings=service.readings,
                has_evidence=bool(configuration.evidence.properties),
                publication=configuration.publication,
                limits=service.limits,
                is_writable=service.writing is not None,
                is_stored=service.store is not None,
                unpulled=unpulled,
            )

        return await to_thread.run_sync(make)

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def about(request: Request) -> Response:
        return await unless_gone(page(request), request.receive)
