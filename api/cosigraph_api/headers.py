# SPDX-License-Identifier: Apache-2.0
"""The header fields of every response, and the entity tag."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from starlette.responses import Response

# Pages load nothing from elsewhere, run no script and cannot be framed.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

# Anyone may read from anywhere; there is nothing here that needs credentials.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Cosigraph-Row-Limit, Cosigraph-Truncated, Cosigraph-Version, ETag, Link, Location, "
        "Request-Id, Retry-After, Server-Timing, WWW-Authenticate"
    ),
}

PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Request-Id",
    "Access-Control-Max-Age": "86400",
}

# Where writing is switched on, and only there.
_OF_WRITERS = "Authorization, Cosigraph-Reason, From, If-Match"

REVALIDATE = {"Cache-Control": "no-cache", "Vary": "Accept"}
VOLATILE = {"Cache-Control": "no-store", "Vary": "Accept"}


def row_limit_fields(rows: int | None, *, is_cut: bool) -> dict[str, str]:
    """The fields that tell a limit of rows, and whether it is known that it was reached."""
    if rows is None:
        return {}
    limit = {"Cosigraph-Row-Limit": str(rows)}
    return {**limit, "Cosigraph-Truncated": "true"} if is_cut else limit


def entity_tag(parts: Iterable[str]) -> str:
    """A strong entity tag (RFC 9110, section 8.8.3) of all that decides a response's bytes."""
    told = ascii(tuple(parts)).encode()
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def is_current(if_none_match: str | None, tag: str | None) -> bool:
    """Whether the client has what ``tag`` stands for (RFC 9110, section 13.1.2).

    ``*`` is no tag: whether there is an answer at all is known only once the query has run.
    """
    if if_none_match is None or tag is None:
        return False
    candidates = [candidate.strip() for candidate in if_none_match.split(",")]
    return tag in [candidate.removeprefix("W/") for candidate in candidates]


def preflight(methods: str, *, is_writable: bool = False) -> Response:
    """The answer to OPTIONS, a browser's question before a request included."""
    fields = {"Allow": methods, "Access-Control-Allow-Methods": methods, **PREFLIGHT}
    if is_writable:
        fields["Access-Control-Allow-Headers"] += f", {_OF_WRITERS}"
    return Response(status_code=204, headers=fields)
