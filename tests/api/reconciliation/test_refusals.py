# SPDX-License-Identifier: Apache-2.0
"""What is asked wrongly is refused with where."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph_api.problems import ProblemError
from cosigraph_api.reconciliation_queries import MOST_QUERIES, AskedName, read_batch
from tests.api.asking import Asker
from tests.api.reconciliation.asking import post, problem


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ("{", "is no JSON"),
        ("[]", "queries is no object"),
        ('{"q": NaN}', "is no JSON"),
        ("[" * 100_000, "queries is"),
        ('{"q": []}', "queries['q'] is no object"),
        ('{"q": {}}', "neither query nor properties"),
        ('{"q": {"query": 1}}', "queries['q'].query is no string"),
        ('{"q": {"query": "a", "quary": 1}}', "'quary'"),
        ('{"q": {"query": "a", "limit": 0}}', "limit"),
        ('{"q": {"query": "a", "limit": true}}', "limit"),
        ('{"q": {"query": "a", "limit": 1e999}}', "limit"),
        ('{"q": {"query": "a", "type": 1}}', "type"),
        ('{"q": {"query": "a", "type_strict": "x"}}', "any, all, should"),
        ('{"q": {"query": "a", "properties": {}}}', "properties"),
        ('{"q": {"query": "a", "properties": [{"pid": "a"}]}}', "has no v"),
        ('{"q": {"query": "a", "properties": [{"pid": "a", "v": null}]}}', "neither a string"),
        ('{"q": {"query": "' + "x" * 10_240 + '"}}', "10,240 characters, more than 1,000"),
    ],
)
def test_what_is_no_batch_is_refused_with_where(asker: Asker, queries: str, told: str) -> None:
    answer = asker.request("POST", "/reconcile", data={"queries": queries})
    assert told in problem(answer, 400)


def test_a_batch_that_is_too_large_is_413(asker: Asker) -> None:
    many = {str(number): {"query": ""} for number in range(MOST_QUERIES + 1)}
    assert "10,001 queries" in problem(post(asker, queries=many), 413)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "q"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_the_batch_it_is_read_or_refused(value: object) -> None:
    asked: list[AskedName] = []
    status = None
    try:
        asked = read_batch(json.dumps(value))
    except ProblemError as error:
        status = error.problem.status
    assert status in {None, 400}
    assert all(each.name is not None or each.properties for each in asked)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/reconcile?callback=x", "JSONP"),
        ("/reconcile?queries={}&extend={}", "Both"),
        ("/reconcile?queries={}&queries={}", "2 times"),
        ("/reconcile/preview", "No id"),
        ("/reconcile/suggest/entity", "prefix"),
        ("/reconcile/suggest/entity?prefix=a&cursor=x", "cursor"),
        ("/reconcile/suggest/entity?prefix=a&limit=0", "limit"),
        ("/reconcile/suggest/entity?prefix=" + "a" * 201, "prefix"),
        ("/reconcile/properties?type=a b", "no identifier"),
        ("/reconcile?extend={}", "extend.ids"),
        ('/reconcile?extend={"ids":[]}', "extend.properties"),
        ('/reconcile?extend={"ids":[],"properties":[{}]}', "extend.properties[0].id"),
    ],
)
def test_what_is_asked_wrongly_is_400(asker: Asker, path: str, told: str) -> None:
    assert told in problem(asker.get(path), 400)


def test_what_is_not_there_is_404(asker: Asker) -> None:
    for path in (
        "/reconcile/preview?id=a:b",
        "/reconcile/flyout/type?id=a",
        "/reconcile/view?id=a",
    ):
        problem(asker.get(path), 404)
    assert asker.get("/reconcile/suggest/nothing?prefix=a").status_code == 404


def test_bodies_and_methods_that_are_not_read_are_told(asker: Asker) -> None:
    problem(asker.request("POST", "/reconcile", json={"queries": {}}), 415)
    problem(asker.request("POST", "/reconcile", data={"query": "x"}), 400)
    problem(asker.request("PUT", "/reconcile"), 405)
    problem(asker.request("POST", "/reconcile/preview"), 405)
    allowed = asker.request("OPTIONS", "/reconcile")
    assert (allowed.status_code, allowed.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
