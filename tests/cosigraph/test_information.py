# SPDX-License-Identifier: Apache-2.0
"""What a project tells of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosigraph import open_project
from cosigraph.information import Information, information

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"


@pytest.fixture(scope="module")
def found() -> Information:
    return information(open_project(ORCHARD))


def test_versions_and_digest_identify_the_data(found: Information) -> None:
    assert found.version.startswith("0.3.0+sha256.")
    assert found.digest.startswith("sha256:" + found.version.rpartition(".")[2])


def test_graphs_are_counted_one_by_one_and_together(found: Information) -> None:
    counts = {graph.name: graph.triples for graph in found.graphs}
    assert list(counts) == ["ontology", "shapes", "trees", "tasting", "reading/tasting/second"]
    assert found.triples == sum(counts.values()) - counts["reading/tasting/second"]
    assert found.graphs[-1].replaces == "https://orchard.example/graph/tasting"


def test_classes_are_counted_by_their_short_name(found: Information) -> None:
    counts = {one.name: one.instances for one in found.classes}
    assert (counts["orch:Tree"], counts["orch:Variety"]) == (8, 4)


def test_it_can_be_written_as_json(found: Information) -> None:
    assert json.loads(json.dumps(found.to_dict()))["name"] == "orchard"


def test_the_licences_are_those_that_the_data_states(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "about.ttl").write_text(
        "<urn:x> <http://purl.org/dc/terms/license> <https://licence.example/> ."
    )
    assert information(open_project(tmp_path)).licences == ("https://licence.example/",)


def test_graphs_that_a_file_names_are_told_by_their_iris(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.trig").write_text("<urn:g> { <urn:a> <urn:b> <urn:c> }")
    counts = {one.name: one.triples for one in information(open_project(tmp_path)).graphs}
    assert counts == {"data": 0, "urn:g": 1}
