# SPDX-License-Identifier: Apache-2.0
"""The canned queries by topic, as the pages list them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cosigraph.canned import CannedQuery

_WITHOUT_TAG = "more"


@dataclass(frozen=True, slots=True)
class Topic:
    """A tag and the queries that have it as their first."""

    tag: str
    queries: tuple[CannedQuery, ...]


def topics(queries: Iterable[CannedQuery]) -> list[Topic]:
    """Each query under its first tag; tags in alphabetical order, queries without one last."""
    groups: dict[str, list[CannedQuery]] = {}
    for query in queries:
        groups.setdefault(query.tags[0] if query.tags else _WITHOUT_TAG, []).append(query)
    ordered = sorted(groups, key=lambda tag: (tag == _WITHOUT_TAG, tag.casefold()))
    return [Topic(tag, tuple(groups[tag])) for tag in ordered]
