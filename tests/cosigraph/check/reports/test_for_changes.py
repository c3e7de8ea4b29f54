# SPDX-License-Identifier: Apache-2.0
"""The reports that a platform shows beside a change."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.check.reports.github import MOST_ANNOTATIONS, to_github
from cosigraph.check.reports.markdown import MOST_FINDINGS, escaped, to_markdown
from cosigraph.errors import Position


def many(severity: Severity, number: int) -> list[Finding]:
    return [
        Finding("a/b", severity, f"{severity} {n}.", Position("x.ttl", n)) for n in range(1, number)
    ]


def test_a_workflow_command_is_one_line_with_its_signs_escaped(
    violation: Finding, setting: Setting
) -> None:
    odd = replace(violation, rule="a:b,c%", detail=None)
    assert to_github(Report((odd,)), setting).splitlines()[0] == (
        "::error file=data/a b.ttl,line=2,col=19,title=a%3Ab%2Cc%25"
        "::A tree has a code, or 100%25%0Aof two.%0AGive it one."
    )


def test_the_worst_are_annotated_and_the_others_counted(setting: Setting) -> None:
    findings = [*many(Severity.INFO, 4), *many(Severity.WARNING, 14), *many(Severity.VIOLATION, 13)]
    lines = to_github(Report(tuple(findings)), setting).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    types = [line[2:].split()[0] for line in commands]
    assert types == ["error"] * MOST_ANNOTATIONS + ["warning"] * MOST_ANNOTATIONS + ["notice"] * 3
    (told,) = (line for line in lines if line.startswith("Left out"))
    assert told.endswith("2 violations, 3 warnings")
    assert sum("x.ttl:" in line for line in lines if not line.startswith("::")) == 5


@given(st.text())
def test_nothing_that_a_file_says_is_a_workflow_command(text: str) -> None:
    found = [
        Finding(
            "a/b", Severity.INFO, "m", Position("x.ttl", n), detail=f"{text}\n::set-env x\n##[x]"
        )
        for n in range(1, 13)
    ]
    lines = to_github(Report(tuple(found), notes=(text,)), Setting()).split("\n")
    for line in lines:
        assert line.startswith("::notice file=x.ttl,line=") or "::" not in line
        assert "##[" not in line or line.startswith("::notice")


def test_markdown_has_a_table_for_each_file_with_the_details_folded(
    report: Report, setting: Setting
) -> None:
    text = to_markdown(report, setting)
    assert "<summary><code>data/a b.ttl</code>: 1 violation, 1 warning, 1 info</summary>" in text
    assert "| 2:19 | violation | A tree has a code" in text
    assert "<details><summary>more</summary>focus node <code>skos:tree</code>" in text
    assert "Not checked: answers." in text
    assert "A note." in text


def test_markdown_shows_what_a_file_says_as_it_is(report: Report, setting: Setting) -> None:
    text = to_markdown(report, setting)
    assert r"&lt;b&gt;&#64;all&lt;/b&gt; \| \`x\`" in text
    assert "@" not in text.replace("&#64;", "")
    assert "\x1b" not in text


@given(st.text())
def test_no_text_breaks_out_of_a_cell(text: str) -> None:
    safe = escaped(text)
    assert "\n" not in safe
    assert "<" not in safe
    assert "|" not in safe.replace("\\|", "")


def test_a_comment_has_the_worst_and_says_how_many_it_leaves_out(setting: Setting) -> None:
    found = [*many(Severity.INFO, 3), *many(Severity.VIOLATION, MOST_FINDINGS)]
    text = to_markdown(Report(tuple(found)), setting)
    assert "Left out here, as they are too many: 1 finding more: 1 info." in text
    assert text.count("| violation |") == MOST_FINDINGS - 1
