# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of the records, files and lists for harvesters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .catalogue import CATALOGUE, CONTEXT, EXAMPLES, PREFIX_FORMS, PREFIX_LIST, VOID
from .rdf_documents import EXTENSIONS
from .representations import PAGE_NAME, PAGE_TYPE, bare
from .schemas import ALWAYS

Description = dict[str, Any]
_FAILURES = ("304", "503", "504")
_TEXT = {"type": "string"}


def publications(response: Callable[[str], Description], version: str) -> Description:
    """The paths; ``response`` describes an answer with a status, ``version`` is the data's."""
    graph: Description = {bare(format_.media_type): {} for format_ in EXTENSIONS.values()}
    page: Description = {PAGE_TYPE: {}}
    lists: Description = {bare(media_type): {} for media_type in PREFIX_FORMS.values()}
    listing = {"application/json": {"schema": _LISTING}, **page}
    path = {"in": "path", "required": True}
    return {
        **_document(CATALOGUE, "The catalogue record (DCAT-AP)", {**graph, **page}, response),
        **_document(VOID, "What is in each graph, in numbers (VoID)", graph, response),
        **_document(EXAMPLES, "The canned queries as RDF (SHACL)", graph, response),
        **_document(PREFIX_LIST, "The prefixes", {**lists, **page}, response, PREFIX_FORMS),
        CONTEXT: _get("context", "A JSON-LD context", {"application/ld+json": {}}, response),
        "/dumps": _get("dumps", "The graphs as files, with digests", listing, response),
        "/dumps/{version}/{name}.nt.gz": _with(
            _get("dump", "A graph as a file", {"application/gzip": {}}, response, "404"),
            {"name": "version", **path, "schema": {**_TEXT, "examples": [version]}},
            {"name": "name", **path, "schema": _TEXT},
        ),
        "/sitemap.xml": _get("sitemap", "All pages", {"application/xml": {}}, response),
        "/sitemap-{name}.xml": _with(
            _get("sitemap-part", "Some pages", {"application/xml": {}}, response, "404"),
            {"name": "name", **path, "schema": {"type": "integer"}},
        ),
        "/robots.txt": _get("robots", "Who may look at what", {"text/plain": {}}, response),
        "/versions.atom": _get("versions", "The versions", {"application/atom+xml": {}}, response),
    }


_LISTING: Description = {
    "type": "object",
    "required": ["version", "notice", "dumps"],
    "properties": {
        "version": _TEXT,
        "notice": {"type": "array", "items": _TEXT},
        "dumps": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["graph", "title", "address", "triples", "bytes", "sha256"],
                "properties": {
                    "graph": {**_TEXT, "format": "uri"},
                    "title": _TEXT,
                    "address": {**_TEXT, "format": "uri-reference"},
                    "mediaType": _TEXT,
                    "compression": _TEXT,
                    "triples": {"type": "integer"},
                    "bytes": {"type": "integer"},
                    "sha256": {**_TEXT, "pattern": "^[0-9a-f]{64}$"},
                    "licences": {"type": "array", "items": _TEXT},
                    "rights": {"type": "array", "items": _TEXT},
                },
            },
        },
    },
}


def _document(
    path: str,
    summary: str,
    content: Description,
    response: Callable[[str], Description],
    extensions: Mapping[str, object] = EXTENSIONS,
) -> Description:
    """A document at its address, by ``Accept``, and in each form at an address of its own."""
    name = path.rpartition("/")[2]
    forms = [*extensions, *([PAGE_NAME] if PAGE_TYPE in content else [])]
    extension = {
        "name": "extension",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": forms},
    }
    one = _get(f"{name}-file", summary, content, response, "404")
    return {
        path: _get(name, summary, content, response, "406"),
        f"{path}.{{extension}}": _with(one, extension),
    }


def _with(described: Description, *parameters: Description) -> Description:
    """The same with parameters."""
    return {"get": {**described["get"], "parameters": list(parameters)}}


def _get(
    name: str,
    summary: str,
    content: Description,
    response: Callable[[str], Description],
    *failures: str,
) -> Description:
    answer = {"description": summary, "headers": ALWAYS, "content": content}
    others = {status: response(status) for status in (*_FAILURES, *failures)}
    responses = {"200": answer, **dict(sorted(others.items()))}
    operation = {
        "operationId": name,
        "summary": summary,
        "tags": ["Records"],
        "responses": responses,
    }
    return {"get": operation}
