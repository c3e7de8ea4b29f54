# SPDX-License-Identifier: Apache-2.0
"""Literals whose words are none of their datatype."""

from __future__ import annotations

from pathlib import Path

from cosigraph.check import check_project


def test_an_ill_typed_literal_is_found_where_it_stands_and_the_shapes_still_run(
    folder: Path,
) -> None:
    path = folder / "data" / "trees.ttl"
    text = path.read_text(encoding="utf-8")
    line = len(text.splitlines()) + 2
    statement = 'tree:new a orch:Tree ; orch:height "tall"^^xsd:decimal .'
    path.write_text(f"{text}\n{statement}\n", encoding="utf-8")
    findings = check_project(folder).findings
    (found,) = [finding for finding in findings if finding.rule == "syntax/literal"]
    assert found.message == '"tall" is no xsd:decimal.'
    assert str(found.position).endswith(f"trees.ttl:{line}:36")
    assert any(finding.rule.startswith("shacl/") for finding in findings)
