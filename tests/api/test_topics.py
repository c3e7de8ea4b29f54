# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

from cosigraph.canned import CannedQuery
from cosigraph_api.topics import topics


def query(name: str, *tags: str) -> CannedQuery:
    return CannedQuery(name, "", Path(f"{name}.rq"), name, (), tags=tags)


def test_each_query_stands_once_under_its_first_tag() -> None:
    grouped = topics([query("a", "pears"), query("b"), query("c", "Apples", "pears")])
    assert [(topic.tag, [each.name for each in topic.queries]) for topic in grouped] == [
        ("Apples", ["c"]),
        ("pears", ["a"]),
        ("more", ["b"]),
    ]
