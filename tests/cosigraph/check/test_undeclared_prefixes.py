# SPDX-License-Identifier: Apache-2.0
"""Prefixes that a file does not declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check import check_project


@pytest.mark.parametrize(
    ("text", "place", "advice"),
    [
        ("x:a skos:note 1 .", "1:1", "Declare it: @prefix x: <…> ."),
        ("<a> skos:note 1 .", "1:5", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."),
        (
            "@prefix orchard: <http://o/> .\n<a> orchad:b 1 .",
            "2:5",
            "Did you mean 'orchard:'?",
        ),
        ("PREFIX orchard: <http://o/>\n<a> orchad:b 1 .", "2:5", "Did you mean 'orchard:'?"),
        (
            "<a> dcterm:title 1 .",
            "1:5",
            "Did you mean 'dcterms:'? Declare it: @prefix dcterms: <http://purl.org/dc/terms/> .",
        ),
    ],
)
def test_the_declaration_is_told(tmp_path: Path, text: str, place: str, advice: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text(text, encoding="utf-8")
    report = check_project(tmp_path)
    (finding,) = report.findings
    assert finding.rule == "terms/undeclared-prefix"
    assert str(finding.position).endswith(f"a.ttl:{place}")
    assert finding.advice is not None
    assert finding.advice.endswith(advice)
    assert report.checked["file"] == 1
    assert report.skipped
