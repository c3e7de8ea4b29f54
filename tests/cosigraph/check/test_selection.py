# SPDX-License-Identifier: Apache-2.0
"""Which rules are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check import check_project
from cosigraph.check.selection import Selection, known_rules, select
from cosigraph.errors import UnknownRuleError
from tests.cosigraph.check.test_fingerprints import with_findings


@pytest.mark.parametrize(
    ("only", "ignored", "taken"),
    [
        ([], [], {"a/b", "a/c", "d/e"}),
        (["a/*"], [], {"a/b", "a/c"}),
        (["a/b", "d/*"], [], {"a/b", "d/e"}),
        ([], ["*/b"], {"a/c", "d/e"}),
        (["a/*"], ["a/b"], {"a/c"}),
    ],
)
def test_a_rule_is_taken_if_it_is_wanted_and_not_ignored(
    only: list[str], ignored: list[str], taken: set[str]
) -> None:
    selection = Selection(tuple(only), tuple(ignored))
    assert {rule for rule in ("a/b", "a/c", "d/e") if selection.takes(rule)} == taken


@pytest.mark.parametrize(
    ("only", "ignored", "is_done"),
    [
        ([], [], True),
        (["shacl/min-count"], [], True),
        (["*/min-count"], [], True),
        (["*"], [], True),
        (["queries/*"], [], False),
        ([], ["shacl/*"], False),
        ([], ["*"], False),
        ([], ["shacl/min-count"], True),
        (["s?acl/x"], [], True),
        (["[s]hacl/x"], [], True),
    ],
)
def test_a_stage_is_done_if_something_of_it_may_be_wanted(
    only: list[str], ignored: list[str], is_done: bool
) -> None:
    assert Selection(tuple(only), tuple(ignored)).takes_any(["shacl/"]) is is_done


def test_stages_of_which_nothing_is_wanted_are_not_done(folder: Path) -> None:
    steps: list[str] = []
    report = check_project(folder, steps.append, selection=select(["syntax/literal"]))
    assert steps == ["Reading the files", "Reading the queries", "Reading the literals"]
    assert report.checked == {"file": 5, "query": 2}
    assert report.rules == ("syntax/literal",)


def test_whichever_rule_alone_is_selected_its_findings_are_the_same(folder: Path) -> None:
    with_findings(folder)
    everything = check_project(folder).findings
    rules = {finding.rule for finding in everything}
    assert len(rules) >= 6
    for rule in sorted(rules):
        found = check_project(folder, selection=select([rule])).findings
        assert found == tuple(finding for finding in everything if finding.rule == rule), rule


def test_what_cannot_be_read_is_told_whatever_is_selected(folder: Path) -> None:
    (folder / "data" / "tasting.ttl").write_text("<tree:1>", encoding="utf-8")
    report = check_project(folder, selection=select(["shacl/*"]))
    assert [finding.rule for finding in report.findings] == ["syntax/rdf"]
    assert report.skipped


def test_a_pattern_that_matches_no_rule_is_refused_with_the_near_one() -> None:
    with pytest.raises(UnknownRuleError, match="syntax/literal"):
        select(ignored=["syntax/litteral"])
    assert select(["shacl/of-our-own"]).only == ("shacl/of-our-own",)
    assert "syntax/literal" in known_rules()
