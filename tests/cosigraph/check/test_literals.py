# SPDX-License-Identifier: Apache-2.0
"""Literals whose words are none of their datatype."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from cosigraph.check import check_project
from cosigraph.check.literals import _SURELY_RIGHT, _is_ill_typed

ASCII = strategies.characters(min_codepoint=1, max_codepoint=126)


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


@pytest.mark.parametrize("datatype", _SURELY_RIGHT)
@settings(max_examples=30)
@given(data=strategies.data())
def test_words_that_are_surely_right_are_so_to_rdflib(
    datatype: str, data: strategies.DataObject
) -> None:
    pattern = _SURELY_RIGHT[datatype].pattern
    words = data.draw(strategies.from_regex(pattern, fullmatch=True, alphabet=ASCII))
    assert not _is_ill_typed(words, datatype)
