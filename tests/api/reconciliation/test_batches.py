# SPDX-License-Identifier: Apache-2.0
"""Batches of names to be looked for."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlencode

import httpx
import pytest

from cosigraph_api.reconciliation_queries import MOST_QUERIES
from tests.api.asking import Asker
from tests.api.reconciliation.asking import SKOS, VARIETY, batch, candidates, post
from tests.api.reconciliation.schemas import Schemas


def test_a_batch_is_answered_by_get_and_by_post_alike(asker: Asker, schemas: Schemas) -> None:
    queries = {"a": {"query": "Reine Claude"}, "b": {"query": "Granny Smith"}, "c": {"query": "-"}}
    schemas.hold("reconciliation-query-batch", queries)
    posted = post(asker, queries=queries)
    got = asker.get("/reconcile", params={"queries": json.dumps(queries)})
    assert posted.content == got.content
    found = posted.json()
    schemas.hold("reconciliation-result-batch", found)
    assert set(found) == {"a", "b", "c"}
    first = found["a"]["result"][0]
    assert (first["id"], first["name"], first["match"]) == (
        f"{VARIETY}reine-claude",
        "Greengage",
        True,
    )
    assert {"id": "https://orchard.example/ontology#Variety", "name": "variety"} in first["type"]
    assert found["b"]["result"] == found["c"]["result"] == []


def test_the_score_is_explained(asker: Asker) -> None:
    (first, *_) = candidates(asker, {"query": "Confrence"})
    features = {feature["id"]: feature for feature in first["features"]}
    assert features["name"]["value"] == first["score"]
    assert features["name"]["how"] == "misspelt"
    assert features["name"]["name"] == "Conference"
    assert features["name"]["property"] == f"{SKOS}prefLabel"
    assert features["name"]["language"] == "en"
    assert features["exact"]["value"] is False


def test_types_and_limits_are_kept_to(asker: Asker) -> None:
    variety = "https://orchard.example/ontology#Variety"
    for type_ in (variety, [variety], "orch:Variety", [variety, "orch:Nothing"]):
        assert candidates(asker, {"query": "Conference", "type": type_})[0]["match"]
    assert candidates(asker, {"query": "Conference", "type": "orch:Nothing"}) == []
    both = {"query": "Conference", "type": [variety, "orch:Nothing"], "type_strict": "all"}
    assert candidates(asker, both) == []
    rather = candidates(asker, {"query": "B", "type": "orch:Tree", "type_strict": "should"})
    assert {"id": "type", "value": False} in rather[0]["features"]
    assert not rather[0]["match"]
    assert len(candidates(asker, {"query": "orchard tree T", "limit": 1})) <= 1


def test_an_identifier_is_a_query_too(asker: Asker) -> None:
    for identifier in (f"{VARIETY}boskoop", "variety:boskoop"):
        (first,) = candidates(asker, {"query": identifier})
        assert (first["id"], first["score"], first["match"]) == (f"{VARIETY}boskoop", 100, True)


def test_candidates_are_held_to_properties(asker: Asker) -> None:
    apple = "https://orchard.example/id/species/apple"
    right = {"pid": "orch:species", "v": {"id": apple}}
    wrong = {"pid": "orch:species", "v": ["pear", {"id": "x:y"}]}
    for held, share, is_match in ((right, 1.0, True), (wrong, 0.0, False)):
        (first, *_) = candidates(asker, {"query": "Belle de Boskoop", "properties": [held]})
        assert first["match"] is is_match
        assert {"id": "properties", "value": share} in first["features"]


def test_without_a_name_the_properties_alone_are_looked_for(asker: Asker, schemas: Schemas) -> None:
    code = {"properties": [{"pid": f"{SKOS}notation", "v": "G"}]}
    found = batch(asker, q=code)
    schemas.hold("reconciliation-result-batch", found)
    assert [each["id"] for each in found["q"]["result"]] == [f"{VARIETY}reine-claude"]
    assert not found["q"]["result"][0]["match"]


@pytest.mark.parametrize(
    "name",
    ["\x00\x07", "\ud800", "\u202eegaggneerG", "\u0645\u0634\u0645\u0634", "a\nb", "\U0010ffff"],
)
def test_odd_names_are_answered(asker: Asker, schemas: Schemas, name: str) -> None:
    schemas.hold("reconciliation-result-batch", batch(asker, q={"query": name}))


def test_ten_thousand_names_are_answered_and_others_meanwhile(asker: Asker) -> None:
    many = {str(number): {"query": f"Confrence {number}"} for number in range(MOST_QUERIES)}
    body = urlencode({"queries": json.dumps(many)})
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async def both() -> tuple[httpx.Response, int]:
        client = asker._client
        large = asyncio.ensure_future(client.post("/reconcile", content=body, headers=form))
        meanwhile = 0
        while not large.done():
            one = await client.get("/reconcile", params={"queries": '{"q": {"query": "G"}}'})
            assert one.status_code == 200
            meanwhile += not large.done()
        return await large, meanwhile

    answer, meanwhile = asker.wait(both())
    assert answer.status_code == 200, answer.text[:300]
    assert len(answer.json()) == MOST_QUERIES
    assert meanwhile >= 3
