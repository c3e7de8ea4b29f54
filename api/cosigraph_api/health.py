# SPDX-License-Identifier: Apache-2.0
"""``/healthz``: whether the server lives, and what it serves."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .service import Service


def add_health(app: FastAPI, service: Service) -> None:
    """Add the route to ``app``."""

    @app.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
    async def healthz(_request: Request) -> Response:
        body = {"status": "ok", "software": service.software, "version": service.version}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})
