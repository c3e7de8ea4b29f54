# SPDX-License-Identifier: Apache-2.0
"""The manifest, whose addresses answer."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from cosigraph_api.reconciliation_queries import MOST_QUERIES
from tests.api.asking import Asker
from tests.api.reconciliation.asking import VARIETY
from tests.api.reconciliation.schemas import Schemas


def test_without_parameters_the_manifest_is_answered(asker: Asker, schemas: Schemas) -> None:
    answer = asker.get("/reconcile")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    schemas.hold("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://orchard.example/"
    assert manifest["batchSize"] == MOST_QUERIES
    assert {"id": "https://orchard.example/ontology#Tree", "name": "tree"} in manifest[
        "defaultTypes"
    ]


def test_the_addresses_of_the_manifest_answer(asker: Asker) -> None:
    manifest = asker.get("/reconcile").json()
    identifier = quote(f"{VARIETY}reine-claude", safe="")
    for template in (manifest["preview"]["url"], manifest["view"]["url"]):
        assert asker.get(template.replace("{{id}}", identifier)).status_code in {200, 303}
    for kind, suggest in manifest["suggest"].items():
        found = asker.get(f"{suggest['service_url']}{suggest['service_path']}?prefix=").json()
        path = suggest["flyout_service_path"].replace("${id}", quote(found["result"][0]["id"]))
        assert asker.get(suggest["flyout_service_url"] + path).status_code == 200, kind
    proposing = manifest["extend"]["propose_properties"]
    assert asker.get(proposing["service_url"] + proposing["service_path"]).status_code == 200


def test_the_schemas_would_find_a_fault(schemas: Schemas) -> None:
    for path in sorted(schemas.folder.glob("examples/*/valid/*.json")):
        if path.parts[-3] in {"manifest", "reconciliation-result-batch", "data-extension-response"}:
            schemas.hold(path.parts[-3], json.loads(path.read_text("utf-8")))
    with pytest.raises(AssertionError):
        schemas.hold("reconciliation-result-batch", {"q": {"result": [{"id": "a"}]}})
    with pytest.raises(AssertionError):
        schemas.hold("suggest-types-response", {"result": [{"id": "a"}]})
