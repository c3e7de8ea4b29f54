# SPDX-License-Identifier: Apache-2.0
"""The link from an empty answer to what explains it (RFC 8288)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlencode

from cosigraph.emptiness import is_empty
from cosigraph.store import Query

from .canned_answers import READING, Call

RELATION = "https://w3id.org/cosigraph/relation/why-empty"
"""What the link is, for programs; for clients that do not know it, it is ``help`` as well."""

_LONGEST = 4096  # characters of an address; with more, a proxy may refuse the whole answer
_LARGEST = 4096  # bytes of an answer that can be an empty one


def link_field(address: str) -> dict[str, str]:
    """The field that announces an explanation at a relative address."""
    return {"Link": f'<{address}>; rel="help {RELATION}"; title="Why is this empty?"'}


def of_query(root: str, query: Query) -> str:
    """Where a query is explained; without the query itself if that is too long for an address."""
    fields = [("query", query.text)]
    fields += [("default-graph-uri", iri) for iri in query.default_graphs]
    fields += [("named-graph-uri", iri) for iri in query.named_graphs]
    fields += [("reading", query.reading)] if query.reading else []
    return _address(f"{root}sparql/explain", fields)


def of_call(root: str, call: Call) -> str:
    """Where a canned query is explained."""
    fields: list[tuple[str, str | Sequence[str]]] = list(call.values.items())
    fields += [(READING, call.reading)] if call.reading else []
    return _address(f"{root}queries/{call.query.name}/explain", fields)


def _address(path: str, fields: Sequence[tuple[str, str | Sequence[str]]]) -> str:
    address = f"{path}?{urlencode(fields, doseq=True)}" if fields else path
    return address if len(address) <= _LONGEST else path


def is_known_empty(beginning: bytes, rest: AsyncIterator[bytes] | None, query: Query) -> bool:
    """Whether it is known before the answer is sent that it is empty, and can be explained."""
    if query.services:  # what another endpoint has is not asked for an explanation
        return False
    if rest is not None or len(beginning) > _LARGEST:
        return False
    return is_empty(beginning, query.format)
