# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI description of the pages that are made of canned queries: pictures and texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cosigraph import word_document
from cosigraph.canned import CannedQuery
from cosigraph.comparing.comparison import compares
from cosigraph.pictures import has_picture

from .comparison_pages import DOCUMENT, PAGE
from .picture_pages import MEDIA_TYPE
from .representations import PAGE_TYPE
from .schemas import ALWAYS
from .text_pages import SHOW

Description = dict[str, Any]
_FAILING = ("503", "504")


def pages(
    queries: Mapping[str, CannedQuery],
    shared: list[Description],
    response: Callable[[str], Description],
) -> Description:
    """The paths.

    Args:
        queries: the canned queries by name
        shared: the parameters that every answer takes
        response: what describes a response by its status
    """
    drawn = [name for name, query in queries.items() if has_picture(query)]
    page = _answer("A page", PAGE_TYPE)

    def described(
        name: str, summary: str, answer: Description, statuses: tuple[str, ...]
    ) -> Description:
        responses = {"200": answer, **{status: response(status) for status in statuses}}
        return {"operationId": name, "summary": summary, "tags": ["Pages"], "responses": responses}

    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    show = {
        "name": SHOW,
        "in": "query",
        "description": "What is marked in the text, the first kind unless given",
        "schema": {"type": "array", "items": {"type": "string"}},
    }
    texts = described("text", "A document to read", page, ("304", "400", "404", *_FAILING))
    listing = described("texts", "The documents to read", page, _FAILING)
    listing["responses"]["303"] = {"description": "The only document", "headers": ALWAYS}
    paths: Description = {
        "/read": {"get": listing},
        "/read/{key}": {"get": {**texts, "parameters": [key, show, *shared]}},
        "/pictures": {"get": described("pictures", "All pictures", page, ("304", *_FAILING))},
        "/about": {"get": described("about", "What is served, on which terms", page, _FAILING)},
        "/docs": {"get": described("docs", "This description as a page", page, ("503",))},
    }
    if any(map(compares, queries.values())):
        statuses = ("304", "400", "404", *_FAILING)
        takes = "; takes the query's own parameters"
        document = _answer("The comparison as a document", word_document.MEDIA_TYPE)
        for path, operation, summary, answer in (
            (PAGE, "compare", "Things side by side", page),
            (DOCUMENT, "compare-document", "The same to take to a meeting", document),
        ):
            told = described(operation, summary + takes, answer, statuses)
            paths[path] = {"get": {**told, "parameters": shared}}
    if drawn:
        name = {
            "name": "name",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": drawn},
        }
        picture = described(
            "picture",
            "The picture of a canned query's answer, which takes the query's own parameters",
            _answer("The picture", MEDIA_TYPE),
            ("304", "400", "404", *_FAILING),
        )
        paths["/pictures/{name}.svg"] = {"get": {**picture, "parameters": [name, *shared]}}
    return paths


def _answer(description: str, media_type: str) -> Description:
    return {"description": description, "headers": ALWAYS, "content": {media_type: {}}}
