# SPDX-License-Identifier: Apache-2.0
"""A report for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.report import shown_position, summary, to_json, to_text
from cosigraph.errors import Position

FINDING = Finding(
    rule="shacl/min-count",
    severity=Severity.VIOLATION,
    message="A tree has a code.",
    position=Position("/elsewhere/trees.ttl", 3, 1),
    advice="Give it one.",
    focus_node="tree:1",
    path="skos:notation",
    reading="second",
    detail="one\ntwo",
)
CHECKED = {"file": 1, "query": 2}


def test_the_text_has_place_severity_message_and_rule_in_one_line() -> None:
    assert to_text(Report.of([FINDING], CHECKED, ["answers."])) == (
        "/elsewhere/trees.ttl:3:1: violation: A tree has a code. [shacl/min-count]\n"
        "    focus node tree:1, path skos:notation, only in reading second\n"
        "    Give it one.\n"
        "    one\n"
        "    two\n"
        "Not checked: answers.\n"
        "1 finding: 1 violation; 1 file, 2 queries checked.\n"
    )


def test_a_clean_report_says_what_was_checked() -> None:
    assert summary(Report.of([], CHECKED)) == "No findings: 1 file, 2 queries checked."


def test_json_holds_all_of_a_finding() -> None:
    content = json.loads(to_json(Report.of([FINDING], CHECKED)))
    (finding,) = content["findings"]
    assert finding["rule"] == "shacl/min-count"
    assert (finding["file"], finding["line"], finding["column"]) == ("/elsewhere/trees.ttl", 3, 1)
    assert finding["focusNode"] == "tree:1"
    assert content["counts"] == {"violation": 1, "warning": 0, "info": 0}
    assert content["checked"] == CHECKED


def test_paths_below_where_the_user_is_are_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_position(Position(str(tmp_path / "data" / "a.ttl"), 2)) == "data/a.ttl:2"
    assert shown_position(Position("data/a.ttl", 2, 3)) == "data/a.ttl:2:3"
    assert shown_position(Position(str(tmp_path.parent / "a.ttl"))) == str(
        tmp_path.parent / "a.ttl"
    )
    assert shown_position(Position()) == "?"
