# SPDX-License-Identifier: Apache-2.0
"""``/healthz``: whether the server lives; ``/readyz``: whether it can answer queries now."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .methods import READING_METHODS
from .problems import Problem, ProblemError
from .service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

_NOT_READY = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "not-ready",
    "The server is not ready",
    "No query can be answered now: the server starts, or is being stopped.",
    advice="Ask again in a while.",
    headers={"Retry-After": "5"},
)


def add_health(app: FastAPI, service: Service) -> None:
    """Add the routes to ``app``."""

    @app.api_route("/healthz", methods=READING_METHODS, include_in_schema=False)
    async def healthz(_request: Request) -> Response:
        body = {"status": "ok", "software": service.software, "version": service.version}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @app.api_route("/readyz", methods=READING_METHODS, include_in_schema=False)
    async def readyz(_request: Request) -> Response:
        if not service.is_ready:
            raise ProblemError(_NOT_READY)
        workers = len(service.workers.process_ids)
        body = {"status": "ready", "version": service.version, "workers": workers}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})
