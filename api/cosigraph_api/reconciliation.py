# SPDX-License-Identifier: Apache-2.0
"""``/reconcile``: from names to identifiers, as the Reconciliation API 0.2 has it.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from http import HTTPStatus
from typing import Any

from anyio import to_thread
from pyoxigraph import NamedNode
from starlette.datastructures import URL
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.reconciliation.suggesting import Kind
from cosigraph.vocabulary import RDFS

from .headers import preflight
from .pages import route_path
from .problems import (
    ProblemError,
    bad_request,
    method_not_allowed,
    not_found,
    unsupported_media_type,
)
from .protocol import (
    FORM,
    check_coding,
    content_type,
    fields_of_query_string,
    fields_of_text,
    headers_of,
    only_value,
    read_body,
)
from .reconciler import Reconciler
from .reconciliation_manifest import FLYOUT, PATH, PREVIEW, PROPERTIES, SUGGEST, VIEW, manifest
from .reconciliation_queries import Extension, read_batch, read_extension
from .reconciliation_results import matched, preview, results
from .reconciliation_values import values_of, written
from .service import Service
from .streaming import unless_gone

BODIES = 4
"""How many times as large as another body that of a batch may be, as it is percent-encoded."""

_METHODS, _READING = "GET, HEAD, OPTIONS, POST", "GET, HEAD, OPTIONS"
MOST_SUGGESTED, MOST_PROPOSED, MOST_SKIPPED = 100, 1000, 1_000_000
_SUGGESTED = 10
_LONGEST_PREFIX = 200
_DEFAULT_TYPES = 10
# A preview is made to be framed by whoever reconciles; it loads and runs nothing.
_FRAMED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def is_reconciliation(path: str) -> bool:
    """Whether an address belongs to the service."""
    return route_of(path) is not None


def route_of(path: str) -> str | None:
    """Which kind of address it is, or None if it is none of the service's."""
    if path in {PATH, f"{PATH}/"}:
        return PATH
    if path in {PREVIEW, VIEW, PROPERTIES}:
        return path
    for each in (SUGGEST, FLYOUT):
        if path.startswith(each) and path.removeprefix(each) in set(Kind):
            return f"{each}{{kind}}"
    return None


class ReconciliationEndpoint:
    """``/reconcile`` and what is below it: an ASGI application of its own, as ``/sparql`` is."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._reconciler = Reconciler(service, service.limits)

    @property
    def reconciler(self) -> Reconciler:
        """What asks the process that looks for names."""
        return self._reconciler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ProblemError: it is not well-formed, too large, or for what is not there
            QueryStopped: a limit stopped it
            ClientGoneError: the client left
        """
        path, method = route_path(scope), scope["method"]
        is_endpoint = route_of(path) == PATH
        methods = _METHODS if is_endpoint else _READING
        if method == "OPTIONS":
            await preflight(methods)(scope, receive, send)
            return
        if method not in methods.split(", "):
            raise ProblemError(method_not_allowed(method, methods))
        fields = await self._fields(scope, receive)
        if only_value(fields, "callback") is not None:
            raise bad_request(
                "JSONP is not answered.", "Leave callback out: any origin may read by CORS."
            )
        work = self._endpoint(scope, fields) if is_endpoint else self._other(path, fields)
        response = await unless_gone(work, receive)
        await response(scope, receive, send)

    async def _fields(self, scope: Scope, receive: Receive) -> list[tuple[str, str]]:
        fields = fields_of_query_string(scope)
        if scope["method"] != "POST":
            return fields
        headers = headers_of(scope)
        kind, charset = content_type(headers)
        if kind != FORM:
            raise unsupported_media_type(
                f"A body of the format {kind!r} is not read here." if kind else "No Content-Type.",
                f"Send Content-Type: {FORM}.",
            )
        check_coding(headers, charset)
        limits = self._service.limits
        body = await read_body(receive, headers, replace(limits, body=BODIES * limits.body))
        return fields + await to_thread.run_sync(fields_of_text, body)

    async def _endpoint(self, scope: Scope, fields: list[tuple[str, str]]) -> Response:
        queries, extend = only_value(fields, "queries"), only_value(fields, "extend")
        if queries is not None and extend is not None:
            raise bad_request("Both queries and extend are given.", "Give one of them.")
        if queries is not None:
            return await self._batch(queries)
        if extend is not None:
            return await self._extended(read_extension(extend))
        if scope["method"] == "POST":
            raise bad_request(
                "The form has neither queries nor extend.", "Give a batch in the field queries."
            )
        configuration = self._service.project.configuration
        types = await self._reconciler.ask({"common-types": _DEFAULT_TYPES})
        root = _root(scope)
        return _json(
            manifest(root, configuration.title, configuration.base, self._service.software, types)
        )

    async def _batch(self, text: str) -> Response:
        asked = await to_thread.run_sync(read_batch, text)
        found = await matched(self._service, self._reconciler, asked)
        return _json_of(await to_thread.run_sync(lambda: _encoded(results(asked, found))))

    async def _extended(self, asked: Extension) -> Response:
        service, prefixes = self._service, self._service.project.prefixes
        things = {each: prefixes.expand(each) or each for each in asked.ids}
        properties = {each: prefixes.expand(each) or each for each in asked.properties}
        values = await values_of(service, properties.values(), list(things.values()))
        iris = {
            term.value
            for of_thing in values.values()
            for terms in of_thing.values()
            for term in terms
            if isinstance(term, NamedNode)
        }
        names = await self._reconciler.ask({"labels": sorted(iris | set(properties.values()))})

        def rows() -> bytes:
            told = {
                thing: {
                    each: [
                        written(term, names, prefixes)
                        for term in sorted(values.get(iri, {}).get(property_, ()), key=str)
                    ]
                    for each, property_ in properties.items()
                }
                for thing, iri in things.items()
            }
            meta = [
                {"id": each, "name": names.get(iri) or prefixes.shorten(iri)}
                for each, iri in properties.items()
            ]
            return _encoded({"meta": meta, "rows": told})

        return _json_of(await to_thread.run_sync(rows))

    async def _other(self, path: str, fields: list[tuple[str, str]]) -> Response:
        if path == PROPERTIES:
            return await self._proposed(fields)
        if path.startswith(SUGGEST):
            return await self._suggested(Kind(path.removeprefix(SUGGEST)), fields)
        kind = Kind(path.removeprefix(FLYOUT)) if path.startswith(FLYOUT) else Kind.ENTITY
        identifier = only_value(fields, "id")
        if not identifier:
            raise bad_request("No id is given.", "Give an identifier in the parameter id.")
        (thing,) = await self._reconciler.ask({"named": {"kind": kind, "ids": [identifier]}})
        if thing is None:
            raise ProblemError(not_found(f"{path}?id={identifier[:200]}"))
        if path == VIEW:
            return _see_other(thing["id"])
        snippet = preview(thing)
        if path == PREVIEW:
            page = (
                '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
                f"<title>{escape(thing['name'])}</title></head><body>{snippet}</body></html>\n"
            )
            fields_ = {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": _FRAMED,
            }
            return Response(page, headers=fields_)
        return _json({"id": identifier, "html": snippet})

    async def _suggested(self, kind: Kind, fields: list[tuple[str, str]]) -> Response:
        prefix = only_value(fields, "prefix")
        if prefix is None or len(prefix) > _LONGEST_PREFIX:
            raise bad_request(
                f"No prefix of at most {_LONGEST_PREFIX} characters is given.",
                "Give what was typed in the parameter prefix.",
            )
        cursor = _number(fields, "cursor", 0, 0, MOST_SKIPPED)
        limit = _number(fields, "limit", _SUGGESTED, 1, MOST_SUGGESTED)
        found = await self._reconciler.ask(
            {"suggest": {"kind": kind, "prefix": prefix, "cursor": cursor, "limit": limit}}
        )
        return _json({"result": [_suggestion(each, kind) for each in found]})

    async def _proposed(self, fields: list[tuple[str, str]]) -> Response:
        """The properties that things of a type have (section 7.2)."""
        type_ = only_value(fields, "type")
        limit = _number(fields, "limit", MOST_SUGGESTED, 1, MOST_PROPOSED)
        prefixes = self._service.project.prefixes
        iri = prefixes.expand(type_) or type_ if type_ else None
        pattern = "?thing ?property ?value"
        if iri is not None:
            try:
                node = NamedNode(iri)
            except ValueError:
                raise bad_request(
                    f"{iri[:200]!r} is no identifier of a type.", "Give an IRI or a CURIE."
                ) from None
            pattern = f"?class <{RDFS}subClassOf>* {node} . ?thing a ?class . {pattern}"
        text = (
            "SELECT ?property (COUNT(DISTINCT ?thing) AS ?things) "
            f"{{ {pattern} FILTER(isIRI(?thing)) }} "
            f"GROUP BY ?property ORDER BY DESC(?things) ?property LIMIT {limit}"
        )
        rows = await self._service.select(text)
        found = [row[0].value for row in rows if isinstance(row[0], NamedNode)]
        names = await self._reconciler.ask({"labels": found})
        listed = [{"id": each, "name": names.get(each) or prefixes.shorten(each)} for each in found]
        told: dict[str, Any] = {"properties": listed, "limit": limit}
        return _json({**told, "type": type_} if type_ is not None else told)


def _suggestion(thing: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    told: dict[str, Any] = {"id": thing["id"], "name": thing["name"]}
    if thing["description"]:
        told["description"] = thing["description"]
    return {**told, "notable": thing["types"]} if kind is Kind.ENTITY else told


def _number(fields: list[tuple[str, str]], name: str, default: int, least: int, most: int) -> int:
    text = only_value(fields, name)
    if not text:
        return default
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    if not is_number or not least <= int(text) <= most:
        raise bad_request(
            f"{name} is no whole number from {least} to {most:,}.",
            f"Leave {name} out, or give such a number.",
        )
    return int(text)


def _root(scope: Scope) -> str:
    """The address of the server's first page as the client knows it, without the last slash."""
    try:
        url = NamedNode(str(URL(scope=scope).replace(query=""))).value
    except ValueError as error:
        raise bad_request("The Host header makes no address.", "Send the server's name.") from error
    return url.rstrip("/").removesuffix(PATH)


def _see_other(iri: str) -> Response:
    if not iri.startswith(("https://", "http://")):
        raise ProblemError(not_found(iri[:200]))
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": iri})


def _encoded(content: object) -> bytes:
    return json.dumps(content).encode()


def _json(content: object) -> Response:
    return _json_of(_encoded(content))


def _json_of(content: bytes) -> Response:
    return Response(content, headers={"Content-Type": "application/json"})
