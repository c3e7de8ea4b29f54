# SPDX-License-Identifier: Apache-2.0
"""``/catalogue``, ``/.well-known/void``, ``/.well-known/sparql-examples``: records about the data.

With ``/prefixes`` and ``/context.jsonld`` beside them, which make the data shorter to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response

from cosigraph.formats import ResultFormat
from cosigraph.publishing.statements import PREFIXES
from cosigraph.terms import Prefixes

from .graph_terms import graph_terms
from .headers import REVALIDATE, is_current
from .methods import READING_METHODS
from .negotiation import preferred
from .pages import Site, route_path
from .problems import ProblemError, not_acceptable, not_found
from .protocol import headers_of
from .published import Published
from .rdf_documents import form_of, rdf_response
from .representations import PAGE_NAME, PAGE_TYPE
from .service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

CATALOGUE: Final = "/catalogue"
VOID: Final = "/.well-known/void"
EXAMPLES: Final = "/.well-known/sparql-examples"
CONTEXT: Final = "/context.jsonld"
PREFIX_LIST: Final = "/prefixes"
PREFIX_FORMS: Final[Mapping[str, str]] = {
    "ttl": "text/turtle; charset=utf-8",
    "rq": "application/sparql-query",
    "json": "application/json",
}


def add_catalogue(app: FastAPI, service: Service, site: Site, published: Published) -> None:
    """Add the routes to ``app``."""
    routes = _Catalogue(service, site, published)
    for path, route in (
        (CATALOGUE, routes.catalogue),
        (f"{CATALOGUE}.{{extension}}", routes.catalogue),
        (VOID, routes.void),
        (f"{VOID}.{{extension}}", routes.void),
        (EXAMPLES, routes.examples),
        (f"{EXAMPLES}.{{extension}}", routes.examples),
        (CONTEXT, routes.context),
        (PREFIX_LIST, routes.prefixes),
        (f"{PREFIX_LIST}.{{extension}}", routes.prefixes),
    ):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


class _Catalogue:
    def __init__(self, service: Service, site: Site, published: Published) -> None:
        self._service = service
        self._site = site
        self._published = published

    @property
    def _prefixes(self) -> dict[str, str]:
        return {**PREFIXES, **self._service.project.prefixes.namespaces}

    async def catalogue(self, request: Request, extension: str = "") -> Response:
        """The record as RDF, or in a browser as a page."""
        format_ = form_of(request.scope, extension, has_page=True)
        triples = await self._published.catalogue.get()
        if format_ is not None:
            return await self._answer(request, "catalogue", triples, format_)
        dumps = await self._published.dumps.get()
        return self._site.page(
            request.scope,
            "catalogue.html",
            publication=self._service.project.configuration.publication,
            missing=list(self._service.project.configuration.publication.missing()),
            graphs=graph_terms(triples, dumps, self._service.version),
        )

    async def void(self, request: Request, extension: str = "") -> Response:
        """What is in each graph, in numbers."""
        format_ = form_of(request.scope, extension, has_page=False) or ResultFormat.TURTLE
        return await self._answer(request, "void", await self._published.void.get(), format_)

    async def examples(self, request: Request, extension: str = "") -> Response:
        """The canned queries as RDF."""
        format_ = form_of(request.scope, extension, has_page=False) or ResultFormat.TURTLE
        name = f"examples {self._published.queries_digest}"
        return await self._answer(request, name, self._published.examples(), format_)

    async def _answer(
        self, request: Request, name: str, triples: Iterable[Triple], format_: ResultFormat
    ) -> Response:
        return await rdf_response(
            self._service,
            request.scope,
            name=name,
            triples=triples,
            prefixes=self._prefixes,
            format_=format_,
        )

    async def context(self, request: Request) -> Response:
        """The JSON-LD context."""
        tag = self._service.entity_tag("context")
        fields = {**REVALIDATE, "ETag": tag}
        if is_current(headers_of(request.scope).get("if-none-match"), tag):
            return Response(status_code=304, headers=fields)
        content = json.dumps(await self._published.context.get(), ensure_ascii=False, indent=1)
        return Response(content, headers={"Content-Type": "application/ld+json", **fields})

    async def prefixes(self, request: Request, extension: str = "") -> Response:
        """The prefixes that are known in every query, in the form of the language at hand."""
        prefixes = self._service.project.prefixes
        chosen = _prefix_form(request, extension)
        if chosen == PAGE_NAME:
            return self._site.page(
                request.scope, "prefixes.html", all_prefixes=list(prefixes), forms=PREFIX_FORMS
            )
        content = _written_prefixes(prefixes, chosen)
        return Response(content, headers={"Content-Type": PREFIX_FORMS[chosen], **REVALIDATE})


def _prefix_form(request: Request, extension: str) -> str:
    if extension:
        if extension not in {*PREFIX_FORMS, PAGE_NAME}:
            raise ProblemError(not_found(route_path(request.scope)))
        return extension
    offered = {value.partition(";")[0]: name for name, value in PREFIX_FORMS.items()}
    offered[PAGE_TYPE] = PAGE_NAME
    chosen = preferred(headers_of(request.scope).get("accept"), tuple(offered))
    if chosen is None:
        raise not_acceptable(", ".join(offered))
    return offered[chosen]


def _written_prefixes(prefixes: Prefixes, form: str) -> str:
    if form == "json":
        return json.dumps(prefixes.namespaces, ensure_ascii=False, indent=1)
    if form == "rq":
        return prefixes.declarations()
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes)
