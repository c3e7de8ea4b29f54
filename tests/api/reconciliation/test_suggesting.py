# SPDX-License-Identifier: Apache-2.0
"""Suggestions, flyouts, previews and views."""

from __future__ import annotations

from tests.api.asking import Asker
from tests.api.reconciliation.asking import VARIETY
from tests.api.reconciliation.schemas import Schemas


def test_what_begins_so_is_suggested(asker: Asker, schemas: Schemas) -> None:
    entities = asker.get("/reconcile/suggest/entity?prefix=reine").json()
    schemas.hold("suggest-entities-response", entities)
    assert [each["id"] for each in entities["result"]] == [f"{VARIETY}reine-claude"]
    types = asker.get("/reconcile/suggest/type?prefix=var").json()
    schemas.hold("suggest-types-response", types)
    assert types["result"][0]["id"] == "https://orchard.example/ontology#Variety"
    properties = asker.get("/reconcile/suggest/property?prefix=plant").json()
    schemas.hold("suggest-properties-response", properties)
    assert properties["result"]
    identified = asker.get(f"/reconcile/suggest/entity?prefix={VARIETY}boskoop").json()
    assert len(identified["result"]) == 1


def test_more_suggestions_can_be_fetched(asker: Asker) -> None:
    every = asker.get("/reconcile/suggest/entity?prefix=&limit=100").json()["result"]
    path = "/reconcile/suggest/entity?prefix=&limit=2&cursor={}"
    paged = [each for start in (0, 2) for each in asker.get(path.format(start)).json()["result"]]
    assert paged == every[:4]
    assert asker.get(path.format(1_000_000)).json()["result"] == []


def test_a_flyout_and_a_preview_show_a_thing_and_run_nothing(asker: Asker) -> None:
    identifier = f"{VARIETY}reine-claude"
    flyout = asker.get("/reconcile/flyout/entity", params={"id": identifier}).json()
    assert flyout["id"] == identifier
    assert "<strong>Greengage</strong>" in flyout["html"]
    preview = asker.get("/reconcile/preview", params={"id": identifier})
    assert preview.headers["content-type"] == "text/html; charset=utf-8"
    assert flyout["html"] in preview.text
    policy = preview.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "x-frame-options" not in preview.headers
    assert asker.get("/reconcile").headers["x-frame-options"] == "DENY"


def test_a_view_leads_to_the_thing_and_nowhere_else(asker: Asker) -> None:
    identifier = f"{VARIETY}boskoop"
    answer = asker.get("/reconcile/view", params={"id": identifier})
    assert (answer.status_code, answer.headers["location"]) == (303, identifier)
    assert asker.get("/reconcile/view?id=https://elsewhere.example/").status_code == 404
