# SPDX-License-Identifier: Apache-2.0
"""Documents to read: their text rebuilt from the graph, with what statements rest on marked in it.

What is marked is what the canned queries with a chart of type ``text`` tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from cosigraph.note import unknown_document
from cosigraph.note_blocks import (
    DOCUMENTS,
    Document,
    blocks_of,
    blocks_query,
    documents_of,
    passages_query,
)

from .canned_answers import READING, Bound, Call, run_call
from .headers import REVALIDATE, is_current
from .marked_text import Marking, marking_of
from .methods import READING_METHODS
from .pages import TEXT, Site
from .problems import bad_request
from .protocol import fields_of_query_string, headers_of
from .reading_view import contents, kinds_of, reading_blocks
from .service import Service
from .streaming import unless_gone

if TYPE_CHECKING:
    from fastapi import FastAPI

SHOW = "show"
_DIMENSIONS = ("block", "start", "end", "kind", "label")


def add_texts(app: FastAPI, service: Service, site: Site) -> None:
    """Add the routes to ``app``."""
    routes = _Texts(service, site)
    for path, route in (("/read", routes.listing), ("/read/{key}", routes.text)):
        app.add_api_route(path, route, methods=READING_METHODS, include_in_schema=False)


class _Texts:
    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def listing(self, request: Request) -> Response:
        """All documents with text; of a single one, the way there."""
        return await unless_gone(self._listing(request), request.receive)

    async def text(self, request: Request, key: str) -> Response:
        """A document."""
        return await unless_gone(self._text(request, key), request.receive)

    async def _documents(self, reading: str | None = None) -> list[Document]:
        return documents_of(await self._service.select(DOCUMENTS, reading))

    async def _listing(self, request: Request) -> Response:
        documents = await self._documents()
        if len(documents) == 1:
            location = f"read/{quote(documents[0].key, safe='')}"
            return Response(
                status_code=HTTPStatus.SEE_OTHER, headers={"Location": location, **REVALIDATE}
            )
        return self._site.page(request.scope, "texts.html", here="read", documents=documents)

    async def _text(self, request: Request, key: str) -> Response:
        fields = fields_of_query_string(request.scope)
        readings = [value for name, value in fields if name == READING and value]
        if len(readings) > 1:
            raise bad_request(f"The parameter {READING} is given twice.", "Give it once.")
        reading = readings[0] if readings else None
        shown = [value for name, value in fields if name == SHOW] or None
        self._service.check_reading(reading)
        tag = self._service.entity_tag("text", key, str(reading), *(shown or ["default"]))
        caching = {**REVALIDATE, "ETag": tag}
        if is_current(headers_of(request.scope).get("if-none-match"), tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=caching)
        documents = await self._documents(reading)
        document = next((each for each in documents if each.key == key), None)
        if document is None:
            raise unknown_document(key, documents)
        block_rows = await self._service.select(blocks_query(key), reading)
        passage_rows = await self._service.select(passages_query(key), reading)
        markings, order = await self._markings(reading)

        def make() -> Response:
            blocks = blocks_of(block_rows, passage_rows)
            own = [each for block in blocks for each in markings.get(block.iri, ())]
            kinds = kinds_of(sorted(own, key=lambda each: order.index(each.kind)), shown)
            laid_out = reading_blocks(
                blocks, markings, [kind.name for kind in kinds if kind.is_shown]
            )
            return self._site.page(
                request.scope,
                "text.html",
                here="read",
                headers=caching,
                document=document,
                blocks=laid_out,
                contents=contents(laid_out),
                kinds=kinds,
                numbers={kind.name: kind.number for kind in kinds},
                readings=self._service.readings,
                reading=reading,
                key=quote(key, safe=""),
            )

        return await to_thread.run_sync(make)

    async def _markings(
        self, reading: str | None
    ) -> tuple[dict[str, list[Marking]], Sequence[str]]:
        """What is marked, by the block's IRI, and its kinds in the order of the answer."""
        found: dict[str, list[Marking]] = {}
        kinds: dict[str, None] = {}
        for query in self._service.project.queries.values():
            chart = query.chart or {}
            is_text = chart.get("type") == TEXT and all(each in chart for each in _DIMENSIONS)
            if not is_text or query.requires_parameters:
                continue
            table = await run_call(self._service, Bound(Call(query, {}, reading), query.text))
            for row in await to_thread.run_sync(getattr, table, "rows"):
                marked = marking_of(row, chart)
                if marked is not None:
                    found.setdefault(marked[0], []).append(marked[1])
                    kinds.setdefault(marked[1].kind)
        return found, list(kinds)
