# SPDX-License-Identifier: Apache-2.0
"""The description of the service: for programs as OpenAPI, and the same as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .forms import short_names
from .headers import REVALIDATE
from .methods import READING_METHODS
from .openapi import describe
from .pages import Site
from .service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

_MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of an operation; ``values`` says what it takes."""

    name: str
    place: str
    is_required: bool
    description: str
    values: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method does at an address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    bodies: tuple[str, ...]
    responses: tuple[tuple[str, str], ...]


def add_description(app: FastAPI, service: Service, site: Site) -> None:
    """Add the routes to ``app``."""

    async def description(_request: Request) -> Response:
        described = await to_thread.run_sync(describe_service, service)
        return JSONResponse(described, headers=REVALIDATE)

    async def page(request: Request) -> Response:
        def make() -> Response:
            found = operations(describe_service(service))
            groups: dict[str, list[Operation]] = {}
            for tag, operation in found:
                groups.setdefault(tag, []).append(operation)
            return site.page(request.scope, "api.html", groups=groups)

        return await to_thread.run_sync(make)

    for path, route in (("/openapi.json", description), ("/docs", page)):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


def describe_service(service: Service) -> dict[str, Any]:
    """The OpenAPI description. It asks the store for choices, so not in the event loop."""
    queries = service.project.queries
    resolver = service.resolver(None)
    choices = {
        (query.name, name): short_names(resolver.choices(parameter))
        for query in queries.values()
        for name, parameter in query.parameters.items()
    }
    return describe(
        service.project.configuration.title,
        service.software,
        queries,
        choices,
        service.readings,
        is_writable=service.writing is not None,
        notice=service.project.configuration.notice,
        version=service.version,
    )


def operations(description: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Each operation with the group it stands in."""
    for path, methods in description["paths"].items():
        group = "Canned queries" if path.startswith("/queries/") else "Addresses"
        for method, told in methods.items():
            answers = told["responses"].items()
            yield (
                group,
                Operation(
                    told["operationId"],
                    method.upper(),
                    path,
                    told["summary"],
                    told.get("description", ""),
                    tuple(_argument(each) for each in told.get("parameters", ())),
                    tuple(told.get("requestBody", {}).get("content", ())),
                    tuple((status, each["description"]) for status, each in answers),
                ),
            )


def _argument(parameter: Mapping[str, Any]) -> Argument:
    return Argument(
        parameter["name"],
        parameter["in"],
        parameter.get("required", False),
        parameter.get("description", ""),
        _values(parameter["schema"]),
    )


def _values(schema: Mapping[str, Any]) -> str:
    """What a schema allows, in words."""
    if schema.get("type") == "array":
        return f"{_values(schema['items'])}; several"
    for choice in (schema, *schema.get("anyOf", ())):
        if "enum" in choice:
            names = [str(each) for each in choice["enum"]]
            more = f" and {len(names) - _MOST_CHOICES} more" if len(names) > _MOST_CHOICES else ""
            return ", ".join(names[:_MOST_CHOICES]) + more
    return str(schema.get("format", schema.get("type", "text")))
