# SPDX-License-Identifier: Apache-2.0
"""Answers that are not the expected ones."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from cosigraph.check import Report, check_project
from cosigraph.command_line import main

Edit = Callable[..., Report]


def test_a_different_answer_is_shown_row_by_row(check_after: Edit) -> None:
    report = check_after("queries/varieties.csv", "Conference,2", "Conference,3")
    (finding,) = report.findings
    assert finding.rule == "queries/answer-differs"
    assert finding.message.endswith("1 row missing, 1 row unexpected.")
    assert str(finding.position).endswith("queries/varieties.csv:3:1")
    assert finding.detail == (
        "- https://orchard.example/id/variety/conference,C,Conference,3\n"
        "+ https://orchard.example/id/variety/conference,C,Conference,2"
    )


def test_the_command_that_it_advises_renews_the_answer(folder: Path) -> None:
    path = folder / "queries" / "varieties.plums.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    (finding,) = check_project(folder).findings
    assert finding.advice is not None
    command = finding.advice.partition("renew the file: ")[2]
    assert main(shlex.split(command)[1:]) == 0
    assert check_project(folder).findings == ()


def test_the_order_of_rows_counts(folder: Path) -> None:
    path = folder / "queries" / "varieties.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *rest, first]), encoding="utf-8")
    assert [finding.rule for finding in check_project(folder).findings] == [
        "queries/answer-differs"
    ]


def test_line_ends_and_quotes_do_not_count(folder: Path) -> None:
    path = folder / "queries" / "varieties.csv"
    text = path.read_text(encoding="utf-8").replace(",B,", ',"B",')
    path.write_bytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    assert check_project(folder).findings == ()


def test_a_long_difference_is_cut_and_says_so(check_after: Edit) -> None:
    rows = "".join(f"row,{number},,\n" for number in range(30))
    report = check_after("queries/varieties.csv", new=rows)
    (finding,) = report.findings
    assert finding.detail is not None
    assert finding.detail.endswith("- … and 20 more")


def test_a_missing_answer_is_found(folder: Path) -> None:
    (folder / "queries" / "varieties.plums.csv").unlink()
    (finding,) = check_project(folder).findings
    assert finding.rule == "queries/answer-missing"
    assert "varieties.plums.csv" in finding.message


def test_an_answer_that_is_no_text_is_found(folder: Path) -> None:
    (folder / "queries" / "varieties.csv").write_bytes(b"\xff\xfe")
    (finding,) = check_project(folder).findings
    assert finding.rule == "queries/answer-missing"


def test_an_example_that_names_nothing_is_found(check_after: Edit) -> None:
    report = check_after("queries/varieties.rq", "species: plum}", "species: plumm}")
    (finding,) = report.findings
    assert finding.rule == "queries/cannot-run"
    assert "plumm" in finding.message
