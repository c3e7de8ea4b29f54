# SPDX-License-Identifier: Apache-2.0
"""Each rule has a page, a project in which it finds nothing, and one in which it does.

``rules/FAMILY/NAME/`` holds folders ``valid…`` and ``invalid…``, each a project of its own. Beside
the files of an invalid one stands ``expected.txt``: a line ``FILE:LINE:COLUMN RULE`` for every
finding of the whole check, in the order of the report.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cosigraph.check import Finding, check_project, checking, rules
from cosigraph.check.rule import SECTIONS, Rule, rule
from cosigraph.errors import UnknownRuleError

CODE = Path(checking.__file__).parent
CASES = Path(__file__).parent / "rules"
VALID = sorted(CASES.glob("*/*/valid*"))
INVALID = sorted(CASES.glob("*/*/invalid*"))
EXACT = {".ttl", ".trig", ".nt", ".nq", ".rq"}
"""The formats in which each finding has the line and column of a token."""


def name_of(case: Path) -> str:
    return str(case.relative_to(CASES))


def line_of(finding: Finding, folder: Path) -> str:
    position = finding.position
    assert position.source is not None
    source = Path(position.source).relative_to(folder)
    return f"{source}:{position.line}:{position.column} {finding.rule}"


@cache
def found_in(case: Path) -> list[str]:
    return [line_of(finding, case) for finding in check_project(case).findings]


def expected_in(case: Path) -> list[str]:
    return (case / "expected.txt").read_text(encoding="utf-8").splitlines()


def file_of(line: str) -> str:
    return line.rpartition(" ")[0].rsplit(":", 2)[0]


@pytest.mark.parametrize("case", VALID, ids=name_of)
def test_a_valid_project_has_no_finding(case: Path) -> None:
    assert [line_of(finding, case) for finding in check_project(case).findings] == []


@pytest.mark.parametrize("case", INVALID, ids=name_of)
def test_an_invalid_project_has_the_expected_findings(case: Path) -> None:
    assert found_in(case) == expected_in(case)


def test_in_eighty_broken_files_98_of_100_findings_stand_where_they_should() -> None:
    files: set[Path] = set()
    wanted: Counter[tuple[Path, str]] = Counter()
    found: Counter[tuple[Path, str]] = Counter()
    for case in INVALID:
        wanted.update((case, line) for line in expected_in(case))
        found.update((case, line) for line in found_in(case))
        files.update(case / file_of(line) for line in expected_in(case))
    assert len({file for file in files if file.suffix in EXACT and file.is_file()}) >= 80

    def of_files(lines: Counter[tuple[Path, str]]) -> Counter[tuple[Path, str]]:
        return Counter((case, file_of(line)) for case, line in lines.elements())

    assert of_files(found) == of_files(wanted)
    exact = [one for one in found.elements() if Path(file_of(one[1])).suffix in EXACT]
    assert len(exact) >= 80
    right = sum((found & wanted)[one] > 0 for one in exact)
    assert right >= 0.98 * len(exact)


@pytest.mark.parametrize(
    ("what", "files"),
    [
        (r"\r\n", 10),
        (r"\t", 10),
        ("[\U00010000-\U0010ffff]", 10),
        (r"\"{3}[^\"]*\n", 3),  # a long literal
        (r"\[ *[a-z]", 10),
        (r"\( *[\"\[0-9a-z]", 5),
        (r"@prefix[^\r\n]+[\r\n]+@prefix", 50),
    ],
    ids=["CRLF", "tabs", "beyond the BMP", "long", "blank nodes", "lists", "several prefixes"],
)
def test_the_broken_projects_have_what_leads_positions_astray(what: str, files: int) -> None:
    texts = [
        path.read_bytes().decode("utf-8", "replace")
        for case in INVALID
        for path in case.rglob("*")
        if path.suffix in EXACT and path.is_file()
    ]
    assert sum(re.search(what, text) is not None for text in texts) >= files


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


def named_in_code() -> tuple[set[str], set[str]]:
    """Return the strings ``FAMILY/NAME`` of the check's code, and families it makes names in."""
    nodes = [
        node
        for path in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    strings = {
        node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str
    }
    families = {identifier.partition("/")[0] for identifier in rules()}
    named = {text for text in strings if text.partition("/")[0] in families and text[-1] != "/"}
    starts = {
        str(getattr(node.values[0], "value", ""))
        for node in nodes
        if isinstance(node, ast.JoinedStr) and node.values
    }
    made = {start.removesuffix("/") for start in starts if start.endswith("/")}
    return {text for text in named if text.count("/") == 1 and " " not in text}, made


def test_each_rule_that_the_code_names_has_a_page_and_each_page_is_named() -> None:
    named, families_with_made_names = named_in_code()
    assert "syntax/rdf" in named
    assert named <= set(rules())
    unused = set(rules()) - named
    assert {each.partition("/")[0] for each in unused} <= families_with_made_names
