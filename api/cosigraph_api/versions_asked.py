# SPDX-License-Identifier: Apache-2.0
"""What it means for a request, and for its answer, that an old version was asked for."""

from __future__ import annotations

from starlette.types import Scope

from .editions import Edition
from .problems import bad_request

_IN_SCOPE = "cosigraph.version"


def ask_old(scope: Scope, edition: Edition) -> None:
    """Remember that a request asks a version that is not the latest."""
    scope[_IN_SCOPE] = edition


def fields_of_old(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The fields that an answer from an old version has beside all others (RFC 5829)."""
    if _IN_SCOPE not in scope:
        return []
    query: bytes = scope["query_string"]
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    address = path.partition(b"?")[0] + (b"?" + query if query else b"")
    link = b'<%b>; rel="latest-version"' % address.replace(b">", b"%3E")
    return [(b"link", link), (b"x-robots-tag", b"noindex")]


def with_version(scope: Scope, location: bytes) -> bytes:
    """An address that an answer leads to, with the version that was asked for."""
    edition = scope.get(_IN_SCOPE)
    if edition is None or edition.stored is None:
        return location
    return location + (b"&" if b"?" in location else b"?") + b"version=%d" % edition.stored.number


def refuse_old(scope: Scope) -> None:
    """Raise ProblemError (400) if an old version was asked for, as none is ever changed."""
    if _IN_SCOPE in scope:
        raise bad_request("An old version is never changed.", "Leave out version.")
