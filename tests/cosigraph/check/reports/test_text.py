# SPDX-License-Identifier: Apache-2.0
"""The report for people."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.check.reports.excerpt import excerpt
from cosigraph.check.reports.text import summary, to_text
from cosigraph.errors import Position
from tests.cosigraph.check.reports.conftest import CHECKED, WIDE


def test_a_finding_has_its_place_its_line_and_a_caret_under_it(
    violation: Finding, setting: Setting
) -> None:
    assert to_text(Report((violation,), CHECKED, ("answers.",)), setting) == (
        "data/a b.ttl:2:19: violation: A tree has a code, or 100% of two. "
        "[shacl/min-count]\n"
        f'    2 | orch:name "{WIDE}", 7.25 .\n'
        "      |                   ^^^^\n"
        '    focus node skos:tree, path skos:notation, value "x"^^xsd:integer, '
        "shape https://example.org/shape, only in reading second\n"
        "    Give it one.\n"
        "    one\n"
        "    two\n"
        "Not checked: answers.\n"
        "1 finding: 1 violation; 1 file, 2 queries checked.\n"
    )


def test_the_caret_ends_where_the_place_does(violation: Finding, setting: Setting) -> None:
    whole = replace(violation.position, column=13, end_line=2, end_column=17)
    text = to_text(Report((replace(violation, position=whole),)), setting)
    assert re.search(r"^ +\|           \^{6}$", text, re.MULTILINE)  # two signs of two cells


def test_nothing_that_a_file_says_acts_on_the_terminal(report: Report, setting: Setting) -> None:
    assert "\x1b" not in to_text(report, setting)


def test_colours_are_for_terminals(report: Report, setting: Setting) -> None:
    coloured = to_text(report, replace(setting, is_coloured=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == to_text(report, setting)


def test_a_clean_report_says_what_was_checked(violation: Finding) -> None:
    assert summary(Report((), CHECKED)) == "No findings: 1 file, 2 queries checked."
    known = Report((), CHECKED, known=(violation,))
    assert summary(known) == "No findings, 1 known: 1 file, 2 queries checked."


def test_a_place_that_is_no_longer_there_has_no_line(folder: Path, setting: Setting) -> None:
    gone = Position(str(folder / "gone.ttl"), 3, 4)
    behind = Position(str(folder / "data" / "a b.ttl"), 99, 1)
    for position in (gone, behind):
        finding = Finding("a/b", Severity.INFO, "Message.", position)
        assert len(to_text(Report((finding,)), setting).splitlines()) == 2


def test_a_long_line_is_shortened_around_the_place() -> None:
    part = excerpt("a" * 500 + "HERE" + "b" * 500, 501, 4, 60)
    assert cell_len(part.text) <= 60
    assert part.text[part.start : part.start + part.width] == "HERE"
    assert part.text.startswith("…")
    assert part.text.endswith("…")


TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\t \x1b\u0301\N{DECIDUOUS TREE}\N{CJK UNIFIED IDEOGRAPH-6728}"),
    ),
    max_size=150,
)


@given(TEXT, st.integers(1, 160), st.integers(1, 160))
def test_whatever_the_line_its_excerpt_fits_and_has_the_place(
    line: str, column: int, length: int
) -> None:
    part = excerpt(line, column, length, 60)
    assert part.text.isprintable()
    assert cell_len(part.text) <= 60
    assert 0 <= part.start <= 60
    assert part.width >= 1
