# SPDX-License-Identifier: Apache-2.0
"""For harvesters: the graphs as files, a sitemap, ``robots.txt`` and a feed of versions.

An address of a dump names the version of the data with their digest, so that it has the same bytes
for ever or nothing at all; this server has the files of the version that it serves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cosigraph.publishing.dumps import EXTENSION

from . import signposting
from .feed import feed
from .graph_terms import GraphTerms, graph_terms
from .headers import REVALIDATE, is_current
from .methods import READING_METHODS
from .negotiation import prefers_html
from .pages import Site, root_of, route_path
from .problems import Problem, ProblemError, not_found
from .protocol import headers_of
from .published import Published
from .service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

MOST_ADDRESSES = 50_000
"""How many addresses a sitemap may have (sitemaps.org); beyond that there is an index."""

_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_PLAIN: Final = "text/plain; charset=utf-8"
_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Beside those of the navigation.
_PAGES: Final = ("catalogue", "docs", "dumps", "prefixes", "problems", "versions")


def add_harvesting(app: FastAPI, service: Service, site: Site, published: Published) -> None:
    """Add the routes to ``app``."""
    routes = _Harvesting(service, site, published)
    for path, route in (
        ("/dumps", routes.listing),
        ("/dumps/{version}/{name:path}", routes.dump),
        ("/sitemap.xml", routes.sitemap),
        ("/sitemap-{number}.xml", routes.part),
        ("/robots.txt", routes.robots),
        ("/versions.atom", routes.versions),
    ):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


class _Harvesting:
    def __init__(self, service: Service, site: Site, published: Published) -> None:
        self._service = service
        self._site = site
        self._published = published

    async def _graphs(self) -> list[GraphTerms]:
        triples, dumps = await self._published.catalogue.get(), await self._published.dumps.get()
        return graph_terms(triples, dumps, self._service.version)

    async def listing(self, request: Request) -> Response:
        """All files with their digests, as JSON or, in a browser, as a page."""
        graphs = await self._graphs()
        if prefers_html(headers_of(request.scope).get("accept")):
            return self._site.page(request.scope, "dumps.html", graphs=graphs)
        told = {
            "version": self._service.version,
            "notice": self._service.project.configuration.notice,
            "dumps": [_told(graph) for graph in graphs],
        }
        return JSONResponse(told, headers=REVALIDATE)

    async def dump(self, request: Request, version: str, name: str) -> Response:
        """A graph as compressed N-Triples."""
        if version != self._service.version:
            raise ProblemError(_other_version(request, self._service.version))
        wanted = name.removesuffix(EXTENSION) if name.endswith(EXTENSION) else None
        for graph in await self._graphs():
            if graph.name == wanted:
                root = root_of(request.scope)
                licences = [signposting.link(each, "license") for each in graph.licences[:1]]
                fields = {
                    **signposting.field([*licences, signposting.link(root, "collection")]),
                    **_FOR_EVER,
                    "ETag": f'"{graph.dump.sha256}"',
                }
                if is_current(headers_of(request.scope).get("if-none-match"), fields["ETag"]):
                    return Response(status_code=304, headers=fields)
                fields["Content-Type"] = "application/gzip"
                return Response(graph.dump.content, headers=fields)
        raise ProblemError(not_found(route_path(request.scope)))

    async def sitemap(self, request: Request) -> Response:
        """The addresses of all pages, or of the sitemaps that have them."""
        addresses = await self._addresses(request)
        if len(addresses) <= MOST_ADDRESSES:
            return _xml(_addresses_xml(addresses))
        root = self._root(request)
        parts = range(1, -(-len(addresses) // MOST_ADDRESSES) + 1)
        places = [f"{root}sitemap-{number}.xml" for number in parts]
        lines = "".join(f"<sitemap><loc>{escape(each)}</loc></sitemap>\n" for each in places)
        return _xml(f'<sitemapindex xmlns="{_SITEMAPS}">\n{lines}</sitemapindex>\n')

    async def part(self, request: Request, number: str) -> Response:
        """One sitemap of several."""
        addresses = await self._addresses(request)
        start = (int(number) - 1) * MOST_ADDRESSES if _NUMBER.fullmatch(number) else -1
        if len(addresses) <= MOST_ADDRESSES or not 0 <= start < len(addresses):
            raise ProblemError(not_found(route_path(request.scope)))
        return _xml(_addresses_xml(addresses[start : start + MOST_ADDRESSES]))

    async def robots(self, request: Request) -> Response:
        """Who may look at what: anybody at everything, but for answers without end."""
        root = self._root(request)
        path = urlsplit(root).path
        content = (
            f"User-agent: *\nDisallow: {path}*/explain\nDisallow: {path}sparql?\n"
            f"Sitemap: {root}sitemap.xml\n"
        )
        return Response(content, headers={"Content-Type": _PLAIN, **REVALIDATE})

    async def versions(self, request: Request) -> Response:
        """The versions of the data as an Atom feed."""
        root = self._root(request)
        content = feed(
            self._service.project.configuration,
            root,
            self._service.edition,
            await self._published.dataset(),
            await self._published.stated.get(),
        )
        return Response(
            content, headers={"Content-Type": "application/atom+xml; charset=utf-8", **REVALIDATE}
        )

    def _root(self, request: Request) -> str:
        """Where addresses begin: the public address, or this server's own if there is none."""
        return self._published.address or f"{request.url.replace(query='', path='')}/"

    async def _addresses(self, request: Request) -> list[str]:
        root, base = self._root(request), self._published.configuration.base
        pages = [
            *(path for _, path, _ in self._site.places),
            *_PAGES,
            *(f"queries/{name}" for name in self._service.project.queries),
            *(iri.removeprefix(base) for iri in await self._published.identifiers.get()),
        ]
        return [root + quote(page, safe="/%:@!$&'()*+,;=~") for page in dict.fromkeys(pages)]


def _told(graph: GraphTerms) -> dict[str, Any]:
    return {
        "graph": graph.dump.graph,
        "title": graph.title,
        "address": graph.path,
        "mediaType": "application/n-triples",
        "compression": "gzip",
        "triples": graph.dump.triples,
        "bytes": graph.dump.size,
        "sha256": graph.dump.sha256,
        "licences": graph.licences,
        "rights": graph.rights,
    }


def _addresses_xml(addresses: list[str]) -> str:
    lines = "".join(f"<url><loc>{escape(each)}</loc></url>\n" for each in addresses)
    return f'<urlset xmlns="{_SITEMAPS}">\n{lines}</urlset>\n'


def _xml(content: str) -> Response:
    fields = {"Content-Type": "application/xml; charset=utf-8", **REVALIDATE}
    return Response(_XML + content, headers=fields)


def _other_version(request: Request, version: str) -> Problem:
    problem = not_found(route_path(request.scope))
    return Problem(
        problem.status,
        problem.slug,
        problem.title,
        "This server has no files of that version of the data.",
        advice=f"It has those of {version}, listed at /dumps.",
    )
