# SPDX-License-Identifier: Apache-2.0
"""Data extension: the values of properties."""

from __future__ import annotations

import json
from typing import Any

from tests.api.asking import Asker
from tests.api.reconciliation.asking import SKOS, post
from tests.api.reconciliation.schemas import Schemas


def test_values_of_properties_are_fetched(asker: Asker, schemas: Schemas) -> None:
    tree, strange = "https://orchard.example/id/tree/1", "nowhere> <x"
    asked: dict[str, list[Any]] = {
        "ids": [tree, "variety:boskoop", strange],
        "properties": [{"id": f"{SKOS}notation"}, {"id": "orch:species"}, {"id": "orch:height"}],
    }
    schemas.hold("data-extension-query", asked)
    answer = post(asker, extend=asked)
    assert answer.content == asker.get("/reconcile", params={"extend": json.dumps(asked)}).content
    told = answer.json()
    schemas.hold("data-extension-response", told)
    assert [each["id"] for each in told["meta"]] == [each["id"] for each in asked["properties"]]
    assert told["rows"][tree][f"{SKOS}notation"] == [{"str": "T-1"}]
    assert set(told["rows"][tree]["orch:height"][0]) == {"float"}
    (species,) = told["rows"]["variety:boskoop"]["orch:species"]
    assert species["id"] == "https://orchard.example/id/species/apple"
    assert all(values == [] for values in told["rows"][strange].values())


def test_every_property_can_be_extended(asker: Asker, schemas: Schemas) -> None:
    proposed = asker.get("/reconcile/properties?type=orch:Tree").json()
    schemas.hold("data-extension-property-proposal", proposed)
    assert proposed["type"] == "orch:Tree"
    found = [each["id"] for each in proposed["properties"]]
    assert "https://orchard.example/ontology#height" in found
    properties = [{"id": each} for each in found[:20]]
    ids = [f"https://orchard.example/id/tree/{number}" for number in range(1, 9)]
    schemas.hold(
        "data-extension-response",
        post(asker, extend={"ids": ids, "properties": properties}).json(),
    )
    one = asker.get("/reconcile/properties?limit=1").json()
    schemas.hold("data-extension-property-proposal", one)
    assert (len(one["properties"]), one["limit"]) == (1, 1)
