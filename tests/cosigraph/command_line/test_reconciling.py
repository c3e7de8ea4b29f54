# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest

from cosigraph.command_line.reconciling import ADDED, REVIEWED
from cosigraph.reconciliation.matching import LONGEST_NAME
from tests.cosigraph.command_line.conftest import Call
from tests.workbooks import opened

VARIETY = "https://orchard.example/id/variety/"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "fruit.csv"
    names = [
        "Reine Claude",
        "Confrence",
        "Granny Smith",
        "",
        "=HYPERLINK(0)",
        "Boskop",
        "x" * 10_240,
    ]
    rows = [[name, "n"] for name in names]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["fruit", "note"], *rows])
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_identifiers_are_added_where_it_is_decided(call: Call, sheet: Path) -> None:
    outcome = call("reconcile", str(sheet), "--column", "fruit")
    assert outcome.code == 0
    rows = rows_of(outcome.output)
    assert list(rows[0]) == ["fruit", "note", *ADDED]
    assert [row["decision"] for row in rows] == [
        "match",
        "match",
        "none",
        "empty",
        "none",
        "review",
        "too-long",
    ]
    assert rows[0]["identifier"] == f"{VARIETY}reine-claude"
    assert rows[0]["label"] == "Greengage"
    assert float(rows[1]["score"]) < float(rows[0]["score"]) <= 100
    assert rows[5]["identifier"] == ""
    assert rows[5]["label"] == "Belle de Boskoop"
    assert outcome.errors.startswith("7 names: ")


def test_a_cell_that_is_a_formula_is_written_back_harmless(call: Call, sheet: Path) -> None:
    rows = rows_of(call("reconcile", str(sheet), "--column", "fruit").output)
    assert rows[4]["fruit"] == "'=HYPERLINK(0)"


def test_the_doubtful_are_written_with_their_candidates(call: Call, sheet: Path) -> None:
    doubtful, output = sheet.with_name("doubtful.csv"), sheet.with_name("out.csv")
    outcome = call(
        *("reconcile", str(sheet), "--column", "fruit"),
        *("--review", str(doubtful), "--output", str(output)),
    )
    assert (outcome.code, outcome.output) == (0, "")
    rows = rows_of(doubtful.read_text(encoding="utf-8"))
    assert list(rows[0]) == list(REVIEWED)
    assert {(row["row"], row["name"]) for row in rows} == {("7", "Boskop")}
    assert rows[0]["identifier"].startswith(VARIETY)
    assert rows[0]["found"] == "Boskoop"
    assert len(rows_of(output.read_text(encoding="utf-8"))) == 7


def test_workbooks_are_read_and_written(call: Call, sheet: Path) -> None:
    first, second = sheet.with_name("a.xlsx"), sheet.with_name("b.xlsx")
    assert call("reconcile", str(sheet), "--column", "fruit", "--output", str(first)).code == 0
    cells = opened(first.read_bytes()).worksheets[0]
    assert [cell.value for cell in cells[1]] == ["fruit", "note", *ADDED]
    again = call("reconcile", str(first), "--column", "fruit", "--output", str(second))
    assert again.code == 2
    assert "already has a column 'identifier'" in again.errors
    assert not second.exists()


@pytest.mark.parametrize("type_", ["orch:Variety", "https://orchard.example/ontology#Variety"])
def test_only_things_of_a_class_are_looked_for(call: Call, sheet: Path, type_: str) -> None:
    outcome = call("reconcile", str(sheet), "--column", "fruit", "--type", type_)
    assert rows_of(outcome.output)[0]["decision"] == "match"
    other = call("reconcile", str(sheet), "--column", "fruit", "--type", "orch:Tree")
    assert all(row["identifier"] == "" for row in rows_of(other.output))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--column", "fruits"), "Did you mean 'fruit'?"),
        (("--column", "fruit", "--type", "orch:Varieti"), "Did you mean 'orch:Variety'?"),
        (("--column", "fruit", "--review", "x.csv", "--output", "x.csv"), "the same file"),
    ],
)
def test_a_wrong_call_writes_nothing(
    call: Call,
    sheet: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = call("reconcile", str(sheet), *arguments)
    assert outcome.code == 2
    assert told in outcome.errors
    assert outcome.output == ""
    assert [path.name for path in tmp_path.iterdir()] == [sheet.name]


def test_a_file_that_cannot_be_written_is_left_as_it_is(call: Call, sheet: Path) -> None:
    output = sheet.with_name("out.csv")
    output.write_text("before", encoding="utf-8")
    outcome = call(
        *("reconcile", str(sheet), "--column", "fruit"), "--output", str(sheet / "no" / "out.csv")
    )
    assert outcome.code == 6
    assert output.read_text(encoding="utf-8") == "before"
    assert stat.S_ISREG(output.stat().st_mode)


@pytest.mark.parametrize(
    "name",
    ["\x00\x01", "\u202eloporuE", "\u0627\u0644", "a\ud800".encode("utf-8", "replace").decode()],
)
def test_odd_names_are_names_of_nothing(call: Call, tmp_path: Path, name: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f'fruit\n"{name}"\n', encoding="utf-8")
    outcome = call("reconcile", str(path), "--column", "fruit")
    assert outcome.code == 0
    assert rows_of(outcome.output)[0]["decision"] in {"none", "empty"}


def test_the_longest_name_is_looked_for(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"fruit\n{'x' * LONGEST_NAME}\n", encoding="utf-8")
    outcome = call("reconcile", str(path), "--column", "fruit")
    assert rows_of(outcome.output)[0]["decision"] == "none"
