# SPDX-License-Identifier: Apache-2.0
"""Identifiers that answer: whoever opens the IRI of a thing gets what the graph says of it.

The path of a request below the server's root is that of an IRI below the project's base; so it is
below the base's own path when the request names the base's host. The IRI itself answers 303 (Cool
URIs for the Semantic Web, section 4.2) and leads to a page or a file beside it: ``….html``,
``….ttl`` and so on. A graph leads to itself in the graph store. An identifier that was released
once and of which nothing is said any more is gone: 410.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from http import HTTPStatus
from urllib.parse import quote, unquote

from anyio import to_thread
from pyoxigraph import NamedNode
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph import descriptions
from cosigraph.answers import prepare
from cosigraph.formats import ResultFormat

from . import signposting
from .graph_names import PATH as GRAPHS
from .headers import REVALIDATE, is_current, row_limit_fields
from .negotiation import preferred
from .ontology_pages import OntologyPages
from .pages import Site, root_of, route_path
from .problems import Problem, ProblemError, not_acceptable, not_found, withdrawn
from .protocol import headers_of
from .published import Published
from .rdf_documents import EXTENSIONS
from .representations import PAGE_NAME, PAGE_TYPE, bare, representations
from .service import Service
from .streaming import PiecesResponse, held_back, unless_gone
from .thing_pages import ThingPages

ROUTE = "/{identifier}"
"""What the metrics and the log call all addresses of identifiers."""

_KNOWN = "cosigraph.thing"
_LONGEST_NAME, _MOST_NAMES = 200, 5000  # within which near names are looked for
_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@dataclass(frozen=True, slots=True)
class Thing:
    """What an address is about; ``is_document`` when things with fragments belong to it."""

    iri: NamedNode
    is_document: bool


def is_thing(scope: Scope) -> bool:
    """Whether the request was found to be about a thing."""
    return _KNOWN in scope


class Things:
    """The things of one service: an ASGI application for all addresses that are nothing else."""

    def __init__(self, service: Service, site: Site, published: Published) -> None:
        self._service = service
        self._pages = ThingPages(service, site)
        self._ontologies = OntologyPages(service, site, published)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ProblemError: there is no such thing, or it cannot be had in that form
            CosigraphError: the description cannot be worked out
            ClientGoneError: the client left
        """
        if scope["method"] not in {"GET", "HEAD"}:
            raise ProblemError(not_found(route_path(scope)))
        await unless_gone(self._answer(scope, receive, send), receive)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _path_below_base(scope)
        thing = await self._known(path)
        if thing is not None:
            scope[_KNOWN] = True
            await self._see_other(scope, thing)(scope, receive, send)
            return
        name, _, extension = path.rpartition(".")
        thing = await self._known(name) if extension in {*EXTENSIONS, PAGE_NAME} else None
        if thing is None:
            raise ProblemError(await self._absent(scope, path, name, extension))
        scope[_KNOWN] = True
        if extension == PAGE_NAME:
            await (await self._page(thing, scope))(scope, receive, send)
        else:
            await self._describe(thing, EXTENSIONS[extension], scope, receive, send)

    async def _page(self, thing: Thing, scope: Scope) -> Response:
        name = _last_segment(scope).removesuffix(f".{PAGE_NAME}")
        if thing.is_document:
            page = await self._ontologies.page(scope, thing.iri, name)
            if page is not None:
                return page
        return await self._pages.page(scope, thing.iri, name, is_document=thing.is_document)

    async def _absent(self, scope: Scope, path: str, name: str, extension: str) -> Problem:
        """What is told of an identifier of which nothing is said: 410 if it was released once."""
        base, released = self._service.project.configuration.base, await self._service.released()
        paths = (path, name) if extension in {*EXTENSIONS, PAGE_NAME} else (path,)
        for each in paths:
            for spelling in (each, _with_characters(each)):
                if base + spelling in released:
                    return withdrawn(base + spelling)
        return await self._not_found(scope, path)

    async def _not_found(self, scope: Scope, path: str) -> Problem:
        """There is no such thing, but perhaps one of nearly that name beside it."""
        problem = not_found(route_path(scope))
        folder = path.rpartition("/")[0]
        if not folder or len(path) > _LONGEST_NAME:
            return problem
        beside = f"{self._service.project.configuration.base}{folder}/"

        def near() -> list[str]:
            labels = self._service.resolver(None).labels
            names = [iri.removeprefix(beside) for iri in labels if iri.startswith(beside)]
            asked = path.removeprefix(f"{folder}/").rpartition(".")
            wanted = asked[0] if asked[2] in {*EXTENSIONS, PAGE_NAME} else path[len(folder) + 1 :]
            return get_close_matches(wanted, names[:_MOST_NAMES], n=3)

        names = await to_thread.run_sync(near)
        if not names:
            return problem
        addresses = " or ".join(f"/{folder}/{name}" for name in names)
        return replace(problem, advice=f"Did you mean {addresses}?")

    async def _known(self, path: str) -> Thing | None:
        """The thing at a path below the base, if the graph says something of it.

        A request has other characters than ASCII percent-encoded, whether the IRI has or not.
        """
        for spelling in dict.fromkeys((path, _with_characters(path))):
            thing = await self._known_as(spelling)
            if thing is not None:
                return thing
        return None

    async def _known_as(self, path: str) -> Thing | None:
        configuration = self._service.project.configuration
        try:
            iri = NamedNode(configuration.base + path)
        except ValueError:
            return None
        is_document = descriptions.is_namespace(iri.value, configuration.prefixes.namespaces)
        rows = await self._service.select(descriptions.existence(iri, is_document=is_document))
        is_known = rows or self._service.edition.has_graph(iri.value)
        return Thing(iri, is_document) if is_known else None

    def _see_other(self, scope: Scope, thing: Thing) -> Response:
        """303 to where the description is, in the form that the client likes best."""
        offered = {
            media_type: form.format.extension
            for media_type, form in representations("graph").items()
            if form.format is not None
        }
        offered[PAGE_TYPE] = PAGE_NAME  # last: a program that takes anything gets RDF
        chosen = preferred(headers_of(scope).get("accept"), tuple(offered))
        if chosen is None:
            known = ", ".join(bare(format_.media_type) for format_ in EXTENSIONS.values())
            raise not_acceptable(f"{known}, {PAGE_TYPE}")
        location = f"./{_last_segment(scope)}.{offered[chosen]}"
        graphs = f"{self._service.project.configuration.base}graph/"
        if chosen != PAGE_TYPE and self._is_graph(thing) and thing.iri.value.startswith(graphs):
            name = quote(thing.iri.value.removeprefix(graphs), safe="/")
            location = f"{root_of(scope) or './'}{GRAPHS.removeprefix('/')}/{name}"
        return Response(
            status_code=HTTPStatus.SEE_OTHER, headers={"Location": location, **REVALIDATE}
        )

    def _is_graph(self, thing: Thing) -> bool:
        return self._service.edition.has_graph(thing.iri.value)

    async def _describe(
        self, thing: Thing, format_: ResultFormat, scope: Scope, receive: Receive, send: Send
    ) -> None:
        service = self._service
        text = descriptions.description(thing.iri, is_document=thing.is_document)
        limits = service.limits
        query = prepare(
            text, service.project.surroundings, format=format_, rows=limits.rows, size=limits.size
        )
        tag = service.entity_tag("thing", format_.label, str(query.rows), text)
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers_of(scope).get("if-none-match"), tag):
            await Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)(
                scope, receive, send
            )
            return
        async with service.execution(query) as execution:
            beginning, rest = await held_back(execution.pieces)
            execution.begun()
            fields = {
                "Content-Type": format_.media_type,
                **signposting.of_description(thing.iri.value, root_of(scope)),
                **caching,
                **row_limit_fields(query.rows, is_cut=execution.account.is_cut),
            }
            await PiecesResponse(beginning, rest, fields)(scope, receive, send)


def _raw_path(scope: Scope) -> str:
    """The request's path as it was written: another percent-encoding is another IRI."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.partition(b"?")[0].decode("ascii", "replace")


def _last_segment(scope: Scope) -> str:
    return _raw_path(scope).rpartition("/")[2]


def _with_characters(path: str) -> str:
    """A URI's path as an IRI's (RFC 3987, section 3.2): what is no ASCII stands as it is."""
    return _ENCODED.sub(lambda octets: unquote(octets[0]), path)


def _path_below_base(scope: Scope) -> str:
    """The path of the IRI that is asked for, without the project's base."""
    whole, within = _raw_path(scope), route_path(scope)
    prefix = unquote(whole).removesuffix(within)  # where the server is mounted
    return whole.removeprefix(quote(prefix)).removeprefix("/")
