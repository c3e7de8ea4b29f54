# SPDX-License-Identifier: Apache-2.0
"""Reading a request of the SPARQL 1.1 Protocol (W3C Recommendation, sections 2.1 and 2.2).

A query comes by GET, by POST of a form, or by POST of the query itself, an update by POST only;
each parameter that may stand once stands once. ``format`` and ``reading`` are ours; others are
passed over. Where ``format`` is repeated the first counts: SPARQLWrapper gives a format's name and
its media type.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from cosigraph.errors import QueryRefused
from cosigraph.limits import Limits

from .problems import (
    ProblemError,
    bad_request,
    request_timeout,
    too_large,
    unsupported_media_type,
)

METHODS = "GET, HEAD, OPTIONS, POST"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
LONGEST_QUERY_STRING = 60 * 1024  # below what the HTTP parser takes, so that we can tell
_OF_UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}
_OF_QUERIES = {"query", "default-graph-uri", "named-graph-uri"}
_MOST_FIELDS = 1000
_MOST_DISCARDED = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """What a client asks of the endpoint.

    Attributes:
        query: the query's text, empty where it is blank, or None where the request carries none
        format: the value of ``format``, which goes before ``Accept``
        reading: the alternative reading to take for the default graph
        default_graphs: the IRIs of the protocol's default graph
        named_graphs: the IRIs of the protocol's named graphs
        update: the text of an update, whose dataset the graphs are then
    """

    query: str | None
    format: str | None = None
    reading: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    update: str | None = None


def headers_of(scope: Scope) -> dict[str, str]:
    """The request's fields by lower-case name; of one that is repeated the values are joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def update_refused(_headers: Mapping[str, str]) -> NoReturn:
    """Refuse an update where none is taken; raises QueryRefused."""
    raise QueryRefused(
        "This endpoint answers queries and takes no updates.",
        advice="Send a query in the parameter query.",
    )


async def read_request(
    scope: Scope,
    receive: Receive,
    headers: Mapping[str, str],
    limits: Limits,
    authorise: Callable[[Mapping[str, str]], None] = update_refused,
) -> ProtocolRequest:
    """The protocol request that ``scope`` and its body hold.

    Args:
        scope: the request
        receive: gives its body
        headers: its fields by lower-case name
        limits: how large it may be
        authorise: is asked before anything of an update is looked at, and raises

    Raises:
        ProblemError: if it is not well-formed, too large, or in a format that is not read here
    """
    fields = fields_of_query_string(scope)
    if scope["method"] != "POST":
        if _is_update(fields):
            authorise(headers)
            raise bad_request("An update is sent by POST.", "Use POST.")
        return _query_request(fields)
    kind, charset = content_type(headers)
    if kind == UPDATE:
        authorise(headers)
    if kind not in {FORM, QUERY, UPDATE}:
        raise unsupported_media_type(
            f"A body of the format {kind!r} is not read here." if kind else "No Content-Type.",
            f"Send Content-Type: {FORM}, {QUERY} or {UPDATE}.",
        )
    check_coding(headers, charset)
    text = _decode(await read_body(receive, headers, limits), "body")
    fields += _fields(text) if kind == FORM else [("query" if kind == QUERY else "update", text)]
    if _is_update(fields):
        if kind != UPDATE:
            authorise(headers)
        return _update_request(fields)
    return _query_request(fields)


def check_coding(headers: Mapping[str, str], charset: str | None) -> None:
    """Raise ProblemError (415) for a body that is compressed, or no UTF-8."""
    if charset not in {None, "utf-8", "us-ascii"}:
        raise unsupported_media_type(f"The body must be UTF-8, not {charset}.", "Send UTF-8.")
    if headers.get("content-encoding", "identity") != "identity":
        raise unsupported_media_type("A compressed body is not read here.", "Send it plain.")


def fields_of_query_string(scope: Scope) -> list[tuple[str, str]]:
    """The names and values of the address's query string, in order.

    Raises:
        ProblemError: if it is too long or no UTF-8
    """
    raw: bytes = scope["query_string"]
    if len(raw) > LONGEST_QUERY_STRING:
        raise too_large(HTTPStatus.REQUEST_URI_TOO_LONG, LONGEST_QUERY_STRING)
    return _fields(_decode(raw, "query string"))


def fields_of_text(body: bytes) -> list[tuple[str, str]]:
    """The names and values of a form's body, in order; raises ProblemError if it is no UTF-8."""
    return _fields(_decode(body, "body"))


def only_value(fields: list[tuple[str, str]], name: str) -> str | None:
    """The value of a parameter that may stand once, or None.

    Raises:
        ProblemError: if it stands twice
    """
    values = [value for field, value in fields if field == name]
    if len(values) > 1:
        raise bad_request(
            f"The parameter {name} is given {len(values)} times.", f"Give {name} once."
        )
    return values[0] if values else None


def _is_update(fields: list[tuple[str, str]]) -> bool:
    return any(name in _OF_UPDATES for name, _ in fields)


def _update_request(fields: list[tuple[str, str]]) -> ProtocolRequest:
    update = only_value(fields, "update")
    if update is None:
        raise bad_request("The request holds no update.", "Give one in the parameter update.")
    if any(name in _OF_QUERIES for name, _ in fields):
        raise bad_request("The request mixes a query and an update.", "Send one of them.")
    return ProtocolRequest(
        query=None,
        default_graphs=tuple(value for name, value in fields if name == "using-graph-uri"),
        named_graphs=tuple(value for name, value in fields if name == "using-named-graph-uri"),
        update=update,
    )


def _query_request(fields: list[tuple[str, str]]) -> ProtocolRequest:
    query = only_value(fields, "query")
    return ProtocolRequest(
        query=query if query is None or query.strip() else "",
        format=next((value for name, value in fields if name == "format" and value), None),
        reading=only_value(fields, "reading") or None,
        default_graphs=tuple(value for name, value in fields if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in fields if name == "named-graph-uri"),
    )


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """The bare media type of the body, empty if none is given, and its charset."""
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    if not message["content-type"]:
        return "", None
    charset = message.get_content_charset()
    return message.get_content_type(), charset


async def read_body(receive: Receive, headers: Mapping[str, str], limits: Limits) -> bytes:
    """The request's body.

    Of one that is too large the rest is read for a while, and forgotten: a client that still sends
    would not see its answer.

    Raises:
        ProblemError: 413, it is too large; 408, it does not come to its end; 400, it breaks off
    """
    announced = headers.get("content-length", "")
    is_too_large = announced.isdecimal() and int(announced) > limits.body
    pieces, length, more = [], 0, not (is_too_large and "expect" in headers)
    try:
        async with asyncio.timeout(limits.patience):
            while more and length < limits.body + _MOST_DISCARDED:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise bad_request("The body ended before it was complete.", "Send all of it.")
                piece = message.get("body", b"")
                length += len(piece)
                is_too_large = is_too_large or length > limits.body
                if not is_too_large:
                    pieces.append(piece)
                more = message.get("more_body", False)
    except TimeoutError:
        if not is_too_large:
            raise ProblemError(request_timeout(limits.patience)) from None
    if is_too_large:
        raise too_large(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limits.body)
    return b"".join(pieces)


def _decode(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_utf8(what, error.start) from error


def _no_utf8(what: str, start: int) -> ProblemError:
    return bad_request(f"The {what} is no UTF-8 at byte {start}.", "Send UTF-8.")


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise bad_request("A percent-encoded value is no UTF-8.", "Send UTF-8.") from error
    except ValueError as error:
        raise bad_request(
            f"More than {_MOST_FIELDS} parameters are given.", "Give fewer."
        ) from error
