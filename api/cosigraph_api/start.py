# SPDX-License-Identifier: Apache-2.0
"""The first page: what is here, in numbers, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from .kept import Kept
from .landing import landing_of
from .overview import Overview
from .pages import Site
from .published import Published
from .service import Service
from .topics import topics

if TYPE_CHECKING:
    from fastapi import FastAPI


def add_start(app: FastAPI, service: Service, site: Site, published: Published) -> None:
    """Add the route to ``app``."""
    overview = Overview(service)
    kept = Kept(lambda: service.state, lambda: landing_of(service, published))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def start(request: Request) -> Response:
        landing = await kept.get()
        return site.page(
            request.scope,
            "start.html",
            here="start",
            headers=landing.links,
            linked=landing.linked,
            overview=await overview.summary(),
            groups=topics(service.project.queries.values()),
            example=site.example,
        )
