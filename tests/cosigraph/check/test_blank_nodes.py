# SPDX-License-Identifier: Apache-2.0
"""Blank nodes in published data."""

from __future__ import annotations

from pathlib import Path

from cosigraph.check import check_project
from cosigraph.errors import Position


def blank_nodes(folder: Path, statement: str) -> list[Position]:
    path = folder / "data" / "trees.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{statement}\n", encoding="utf-8")
    findings = check_project(folder).findings
    return [found.position for found in findings if found.rule == "identifiers/blank-node"]


def test_a_blank_node_as_a_value_is_found_where_it_stands(folder: Path) -> None:
    line = len((folder / "data" / "trees.ttl").read_text(encoding="utf-8").splitlines()) + 2
    (position,) = blank_nodes(folder, "<https://orchard.example/id/x> orch:height [] .")
    assert str(position).endswith(f"trees.ttl:{line}:44")


def test_a_blank_node_as_a_subject_is_found_in_its_file(folder: Path) -> None:
    (position,) = blank_nodes(folder, "[] orch:height 3.5 .")
    assert "trees.ttl" in str(position)


def test_a_blank_node_in_the_ontology_is_none_of_its_business(folder: Path) -> None:
    path = folder / "ontology" / "orchard.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[] a owl:AllDisjointClasses .\n", encoding="utf-8")
    rules = {finding.rule for finding in check_project(folder).findings}
    assert "identifiers/blank-node" not in rules
