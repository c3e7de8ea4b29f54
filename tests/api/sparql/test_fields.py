# SPDX-License-Identifier: Apache-2.0
"""HEAD, OPTIONS, caching, and the fields of every answer."""

from __future__ import annotations

import pytest

from cosigraph import Project
from tests.api.asking import BROWSER, Asker, lasting
from tests.api.sparql.queries import SELECT


def test_head_has_the_fields_of_get_and_no_content(asker: Asker) -> None:
    answer = asker.request("HEAD", "/sparql", params={"query": SELECT})
    assert answer.status_code == 200
    assert lasting(answer) == lasting(asker.sparql(SELECT))
    assert answer.content == b""


def test_options_says_what_a_page_from_elsewhere_may_do(asker: Asker) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = asker.request("OPTIONS", "/sparql", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_an_answer_can_be_kept_and_asked_for_again(asker: Asker) -> None:
    answer = asker.sparql(SELECT)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    for condition in (tag, f'"other", W/{tag}'):
        headers = {"If-None-Match": condition}
        again = asker.request("GET", "/sparql", params={"query": SELECT}, headers=headers)
        assert again.status_code == 304
        assert again.headers["etag"] == tag
        assert again.content == b""


def test_only_a_get_or_head_is_answered_by_not_modified(asker: Asker) -> None:
    headers = {"If-None-Match": asker.sparql(SELECT).headers["etag"]}
    posted = asker.request("POST", "/sparql", data={"query": SELECT}, headers=headers)
    assert posted.status_code == 200
    broken = {"query": "SELECT * {"}
    answer = asker.request("GET", "/sparql", params=broken, headers={"If-None-Match": "*"})
    assert answer.status_code == 400


def test_every_difference_in_the_answer_is_one_in_its_tag(asker: Asker, orchard: Project) -> None:
    graph = {"default-graph-uri": orchard.configuration.base + "graph/trees"}
    variants: list[dict[str, str]] = [
        {},
        {"accept": "text/csv"},
        {"accept": "application/json"},
        {"accept": BROWSER},
        {"reading": "second"},
        graph,
    ]
    tags = {asker.sparql(SELECT, **variant).headers["etag"] for variant in variants}
    tags.add(asker.sparql(SELECT + " ").headers["etag"])
    assert len(tags) == len(variants) + 1


@pytest.mark.parametrize(
    "expression", ["NOW()", "RAND()", "uuid()", "STRUUID()", "BNODE()", r'"\u004e"']
)
def test_an_answer_that_is_never_the_same_is_not_kept(asker: Asker, expression: str) -> None:
    answer = asker.sparql(f"SELECT ({expression} AS ?x) {{}}")
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_word_in_a_string_is_no_function(asker: Asker) -> None:
    assert "etag" in asker.sparql('SELECT ("NOW and RAND" AS ?x) {}').headers


def test_every_answer_names_the_version_of_the_data(asker: Asker, orchard: Project) -> None:
    for answer in (asker.sparql(SELECT), asker.sparql("nonsense"), asker.get("/nowhere")):
        assert answer.headers["cosigraph-version"] == orchard.version
