# SPDX-License-Identifier: Apache-2.0
"""Whatever checking can be told, and tells, is documented."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from cosigraph.check.engines import EngineChoice
from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.check.reports.turtle import to_turtle
from cosigraph.check.rule import rules
from cosigraph.errors import Position
from cosigraph.report_formats import MEDIA_TYPES


def test_every_engine_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    for choice in EngineChoice:
        assert f"| `{choice}` |" in text, choice


def test_each_rule_of_the_check_is_in_the_table_with_its_page(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [`")]
    expected = [
        f"| [`{each.identifier}`](../cosigraph/check/rules/{each.identifier}.md) | "
        f"{each.severity} | {each.title} |"
        for each in rules().values()
    ]
    assert len(expected) >= 9
    assert rows == expected, "\n".join(expected)


def test_every_format_of_a_report_is_documented(root: Path) -> None:
    checking = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    endpoint = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for name, media_type in MEDIA_TYPES.items():
        assert f"| `{name}` |" in checking
        assert f"| `{name}` | `{media_type}`" in endpoint


def test_every_term_of_a_report_in_turtle_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    finding = Finding(
        "a/b",
        Severity.INFO,
        "m",
        Position("x", 1, 1, 1, 2),
        advice="a",
        detail="d",
        reading="r",
    )
    terms = set(re.findall(r"(?:check|ptr):\w+", to_turtle(Report((finding,)), Setting())))
    assert len(terms) >= 9
    for term in terms:
        assert f"`{term}`" in text, term


def test_what_the_action_and_the_template_take_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    template = (root / "ci-templates" / "gitlab.yml").read_text(encoding="utf-8")
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    variables = set(re.findall(r"\bCOSIGRAPH_[A-Z_]+", template))
    for name in (*action["inputs"], *variables, *(hook["id"] for hook in hooks)):
        assert f"`{name}`" in text, name
