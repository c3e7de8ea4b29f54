# SPDX-License-Identifier: Apache-2.0
"""Vocabularies, in each reading of a project."""

from __future__ import annotations

from pathlib import Path

from cosigraph.check.vocabularies import check_vocabularies
from tests.cosigraph.check.rules_of import PREFIXES, messages, project, sources_of

READINGS = """
[[graph]]
name = "settled"
files = ["data/data.ttl"]
[[graph]]
name = "other"
files = ["data/other.ttl"]
replaces = "settled"
"""


def test_readings_do_not_contradict_each_other(tmp_path: Path) -> None:
    project(tmp_path, "", 'tree:1 skos:prefLabel "oak"@en ; skos:broader tree:2 .')
    other = tmp_path / "data" / "other.ttl"
    other.write_text(f'{PREFIXES}tree:1 skos:prefLabel "elm"@en . tree:2 skos:broader tree:1 .')
    configuration = tmp_path / "cosigraph.toml"
    configuration.write_text(configuration.read_text() + READINGS)
    assert messages(check_vocabularies, sources_of(tmp_path)) == []
    other.write_text(f"{other.read_text()}tree:1 skos:broader tree:2 .")
    assert messages(check_vocabularies, sources_of(tmp_path)) == [
        "skos:broader runs in a circle: tree:1 → tree:2 → tree:1."
    ]


def test_languages_are_told_apart_without_regard_to_upper_case(tmp_path: Path) -> None:
    data = 'tree:1 skos:prefLabel "oak"@en-GB, "oak"@EN-gb, "elm"@en, "elm" .'
    assert messages(check_vocabularies, project(tmp_path, "", data)) == []


def test_a_circle_lists_its_statements(tmp_path: Path) -> None:
    data = "tree:1 skos:broader tree:2 .\ntree:1 skos:narrowerTransitive tree:2 ."
    (finding,) = check_vocabularies(project(tmp_path, "", data))
    assert finding.detail is not None
    assert [line.split("  ")[0] for line in finding.detail.splitlines()] == [
        "tree:1 skos:broader tree:2",
        "tree:1 skos:narrowerTransitive tree:2",
    ]


def test_a_deprecated_concept_may_be_an_orphan(tmp_path: Path) -> None:
    data = "tree:1 a skos:Concept ; owl:deprecated true ."
    assert messages(check_vocabularies, project(tmp_path, "", data)) == []
