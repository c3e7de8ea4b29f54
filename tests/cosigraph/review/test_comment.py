# SPDX-License-Identifier: Apache-2.0
"""The comment on a change."""

from __future__ import annotations

import shutil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.errors import Position
from cosigraph.project import open_project
from cosigraph.review.answers import ChangedAnswer, changed_answers
from cosigraph.review.comment import LONGEST, comment_of, is_worth_telling, marker_of
from tests.repositories import ORCHARD

NOTHING = Report(())


def findings(number: int) -> Report:
    return Report(
        tuple(
            Finding("a/b", Severity.VIOLATION, f"m{n}", Position("x.ttl", n))
            for n in range(1, number + 1)
        )
    )


def test_it_has_findings_answers_and_the_difference() -> None:
    answer = ChangedAnswer("trees", "pears", ("1,<b>",), ("2,x", "3,y"))
    text = comment_of("orchard", findings(1), [answer], "- a tree more\n", Setting())
    assert text.startswith("<!-- cosigraph review: orchard -->\n")
    assert "| 1 | violation | m1 |" in text
    assert "<code>trees, pears</code>: 1 row less, 2 rows more" in text
    assert "<code>- 1,&lt;b&gt;</code><br><code>+ 2,x</code>" in text
    assert text.endswith("#### Difference\n\n- a tree more\n")


def test_it_says_how_many_findings_have_no_annotation() -> None:
    assert "without an annotation" not in comment_of("x", findings(10), [], "", Setting())
    assert "3 findings without an annotation" in comment_of("x", findings(13), [], "", Setting())


def test_an_answer_that_cannot_be_given_any_more_is_told() -> None:
    answer = ChangedAnswer("trees", "", failure="It is too *large*.")
    text = comment_of("x", NOTHING, [answer], "", Setting())
    assert r"<code>trees</code> cannot be answered any more: It is too \*large\*." in text


@given(st.sampled_from(["word ", "```\n", "<details>\n", "\n", "x" * 400]), st.integers(0, 3000))
def test_it_is_never_too_long_and_closes_what_it_opens(piece: str, number: int) -> None:
    difference = f"```\n{piece * number}\n```\n" if "`" not in piece else piece * (number * 2)
    text = comment_of("x", findings(3), [], difference, Setting())
    assert len(text) <= LONGEST
    if len(difference) > LONGEST:
        assert "left out here" in text
    assert text.count("```") % 2 == 0


def test_no_name_ends_the_marker() -> None:
    assert marker_of("a --> <b>").count("-->") == 1


def test_a_change_that_does_nothing_is_not_worth_telling() -> None:
    assert not is_worth_telling(NOTHING, [], " \n")
    assert is_worth_telling(findings(1), [], "")
    assert is_worth_telling(NOTHING, [ChangedAnswer("x", "")], "")
    assert is_worth_telling(NOTHING, [], "x")


def test_answers_that_change_are_found_case_by_case(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "after"))
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("7.25", "7.75"), encoding="utf-8")
    changed = changed_answers(open_project(ORCHARD), open_project(folder))
    assert [(one.query, one.case) for one in changed] == [("trees", ""), ("trees", "old-apples")]
    assert len(changed[0].removed) == len(changed[0].added) == 1
    assert "7.75" in changed[0].added[0]
    assert changed_answers(open_project(ORCHARD), open_project(ORCHARD)) == []


def test_of_a_project_that_cannot_be_read_no_answers_are_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "after"))
    (folder / "data" / "trees.ttl").write_text("tree:1", encoding="utf-8")
    broken = open_project(folder)
    assert changed_answers(broken, open_project(ORCHARD)) == []
    told = changed_answers(open_project(ORCHARD), broken)
    assert all(one.failure for one in told)
