# SPDX-License-Identifier: Apache-2.0
"""Whose answers differ, and by which rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cosigraph.difference import Report, difference, read_version
from cosigraph.project import Project, open_project
from tests.cosigraph.difference.conftest import ORCHARD, Change

TREES = "data/trees.ttl"


def compared(old: Path, new: Path, queries: Project | None = None, **options: bool) -> Report:
    with read_version(str(old), old) as before, read_version(str(new), new) as after:
        return difference(before, after, queries=queries, **options)


def test_rows_that_changed_break_and_are_told(folder: Path, change: Change) -> None:
    change(TREES, "orch:height 7.25", "orch:height 7.5")
    report = compared(ORCHARD, folder)
    everything, old_apples = report.answers
    assert (everything.query, everything.case) == ("trees", "")
    assert old_apples.title.startswith("trees --variety B --variety Egremont Russet --planted")
    ((*_, old_height, _),) = everything.missing
    ((*_, new_height, _),) = everything.added
    assert (old_height, new_height) == ("7.25", "7.5")
    assert everything.breaks
    assert report.breaking_count == 2
    assert report.answers_compared == 5


def test_rows_that_are_new_break_nothing(folder: Path, change: Change) -> None:
    tree = 'tree:9 a orch:Tree ; skos:notation "T-9" ; orch:variety variety:conference ;'
    new = f'{tree} orch:planted "2020-01-01"^^xsd:date ; orch:height 1.5 .\n\ntree:1 a'
    change(TREES, "tree:1 a", new)
    report = compared(ORCHARD, folder)
    trees, pears, varieties = report.answers
    assert (trees.missing, len(trees.added), trees.breaks) == ((), 1, False)
    assert pears.case == "pears"
    assert varieties.breaks  # it counts the trees of each variety
    assert [each.text for each in report.breaking] == ["The answer of 'varieties' has lost 1 row."]


def test_rows_in_another_order_differ_and_break_nothing(folder: Path, change: Change) -> None:
    change("queries/trees.rq", "ORDER BY ?code ?flavours", "ORDER BY DESC(?code) ?flavours")
    report = compared(ORCHARD, folder)
    assert report.quads == (0, 0)
    assert {(answer.missing, answer.added, answer.breaks) for answer in report.answers} == {
        ((), (), False)
    }
    assert report.differs
    assert not report.breaks


def test_a_case_that_cannot_be_asked_any_more_breaks(folder: Path, change: Change) -> None:
    for file in ("data/trees.ttl", "data/tasting.ttl", "data/tasting-second.ttl"):
        if "variety:conference" in (folder / file).read_text(encoding="utf-8"):
            change(file, 'skos:notation "C" ;', "")
    report = compared(ORCHARD, folder)
    (pears,) = (answer for answer in report.answers if answer.case == "pears")
    assert pears.breaks
    assert "'C' is none of the choices" in (pears.failure or "")


def test_answers_are_left_out_when_that_is_wished(folder: Path, change: Change) -> None:
    change(TREES, "orch:height 7.25", "orch:height 7.5")
    (folder / "queries" / "varieties.rq").unlink()
    report = compared(ORCHARD, folder, with_answers=False)
    assert report.answers == ()
    assert not report.breaks


def test_a_query_is_not_asked_when_neither_it_nor_the_data_differ(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Project, "run", lambda *_, **__: pytest.fail("it was asked"))
    assert not compared(ORCHARD, folder).differs


def test_other_answers_because_of_other_settings_are_found(folder: Path, change: Change) -> None:
    change("cosigraph.toml", 'replaces = "tasting"\n', "")
    report = compared(ORCHARD, folder)
    assert report.quads == (0, 0)
    assert any(answer.query == "trees" for answer in report.answers)


def test_a_query_whose_answers_are_not_kept_is_told_of(folder: Path, change: Change) -> None:
    old = shutil.copytree(folder, folder.parent / "old")
    (old / "queries" / "trees.pears.csv").unlink()
    change(TREES, "orch:height 7.25", "orch:height 7.5")
    report = compared(old, folder)
    assert report.answers == ()
    assert "trees.pears.csv is missing" in report.remarks[0]


def test_dumps_are_asked_the_queries_of_a_project(folder: Path, change: Change) -> None:
    dumps = []
    for number in range(2):
        dumps.append(folder.parent / f"{number}.nq")
        quads = open_project(folder).dataset.named_quads()
        dumps[number].write_text("".join(f"{quad} .\n" for quad in quads), encoding="utf-8")
        if number == 0:
            change(TREES, "orch:height 7.25", "orch:height 7.5")
    old, new = dumps
    assert compared(old, new).answers == ()
    assert len(compared(old, new, open_project(ORCHARD)).answers) == 2
    assert len(compared(ORCHARD, new).answers) == 2
    assert not compared(new, folder).differs


def test_a_column_that_is_gone_is_not_a_difference_of_each_row(
    folder: Path, change: Change
) -> None:
    change(
        "queries/varieties.rq",
        "#+   trees: {description: The number of its trees, datatype: integer}\n",
        "",
    )
    change("queries/varieties.rq", "?names ?trees WHERE", "?names WHERE")
    report = compared(ORCHARD, folder)
    assert report.answers == ()
    assert [each.text for each in report.breaking] == [
        "The query 'varieties' no longer has the column 'trees'."
    ]
