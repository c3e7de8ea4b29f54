# SPDX-License-Identifier: Apache-2.0
"""The first page: what is here, in numbers, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from .overview import Overview
from .pages import Site
from .service import Service
from .topics import topics

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_start(app: FastAPI, service: Service, site: Site) -> None:
    """Add the route to ``app``."""
    overview = Overview(service)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def start(request: Request) -> Response:
        return site.page(
            request.scope,
            "start.html",
            here="start",
            overview=await overview.summary(),
            unpulled=await to_thread.run_sync(service.unpulled),
            groups=topics(service.project.queries.values()),
            example=site.example,
        )
