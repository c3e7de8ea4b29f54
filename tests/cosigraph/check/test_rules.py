# SPDX-License-Identifier: Apache-2.0
"""Each rule has a page, a project in which it finds nothing, and one in which it does.

``rules/FAMILY/NAME/`` holds folders ``valid…`` and ``invalid…``, each a project of its own. Beside
the files of an invalid one stands ``expected.txt``: a line ``FILE:LINE:COLUMN RULE`` for every
finding of the whole check, in the order of the report.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check import Finding, check_project, rules
from cosigraph.check.rule import SECTIONS, Rule, rule
from cosigraph.errors import UnknownRuleError

CASES = Path(__file__).parent / "rules"
VALID = sorted(CASES.glob("*/*/valid*"))
INVALID = sorted(CASES.glob("*/*/invalid*"))


def name_of(case: Path) -> str:
    return str(case.relative_to(CASES))


def line_of(finding: Finding, folder: Path) -> str:
    position = finding.position
    assert position.source is not None
    source = Path(position.source).relative_to(folder)
    return f"{source}:{position.line}:{position.column} {finding.rule}"


@pytest.mark.parametrize("case", VALID, ids=name_of)
def test_a_valid_project_has_no_finding(case: Path) -> None:
    assert [line_of(finding, case) for finding in check_project(case).findings] == []


@pytest.mark.parametrize("case", INVALID, ids=name_of)
def test_an_invalid_project_has_the_expected_findings(case: Path) -> None:
    found = [line_of(finding, case) for finding in check_project(case).findings]
    assert found == (case / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("each", rules().values(), ids=lambda each: each.identifier)
def test_each_rule_has_a_whole_page(each: Rule) -> None:
    assert tuple(each.sections) == SECTIONS
    assert all(each.sections.values())
    assert "```" in each.sections["Example"]
    assert not each.title.endswith(".")


@pytest.mark.parametrize("identifier", rules())
def test_each_rule_has_a_valid_and_an_invalid_project(identifier: str) -> None:
    assert [case for case in VALID if case.is_relative_to(CASES / identifier)]
    expected = [
        (case / "expected.txt").read_text(encoding="utf-8")
        for case in INVALID
        if case.is_relative_to(CASES / identifier)
    ]
    assert any(f" {identifier}\n" in text for text in expected)


def test_a_rule_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownRuleError, match="Did you mean 'syntax/literal'"):
        rule("syntax/litteral")
