# SPDX-License-Identifier: Apache-2.0
"""Workbooks from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.command_line import workbooks
from cosigraph.errors import UsageError
from cosigraph.table import Column
from cosigraph.workbook import Sheet
from tests.cosigraph.command_line.conftest import Call
from tests.workbooks import about, rows

PLANTED = ("--planted-before", "1990-01-01")


def test_a_canned_query_goes_into_a_workbook(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "trees.xlsx"
    outcome = call("run", "trees", *PLANTED, "--format", "xlsx", "--output", str(path))
    assert (outcome.code, outcome.output) == (0, "")
    header, *found = rows(path.read_bytes())
    listed = call("run", "trees", *PLANTED, "--format", "csv").output.splitlines()
    assert header[0] == "tree"
    assert len(found) == len(listed) - 1 > 0
    told = about(path.read_bytes())
    assert told["Parameter planted-before"] == "1990-01-01"
    assert told["Parameter variety"] == "all (not given)"


def test_long_gives_one_value_in_each_cell(call: Call, tmp_path: Path) -> None:
    short, long = tmp_path / "short.xlsx", tmp_path / "long.xlsx"
    call("run", "trees", "--format", "xlsx", "--output", str(short))
    call("run", "trees", "--format", "xlsx", "--long", "--output", str(long))
    assert len(rows(long.read_bytes())) > len(rows(short.read_bytes()))


def test_a_query_goes_into_a_workbook(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "answer.xlsx"
    query = "SELECT ?height { ?tree orch:height ?height } ORDER BY ?height"
    assert call("query", query, "--format", "xlsx", "--output", str(path)).code == 0
    header, first, *_ = rows(path.read_bytes())
    assert header == ("height",)
    assert isinstance(first[0], float)
    assert about(path.read_bytes())["Query"] == query
    call("query", "ASK {}", "--format", "xlsx", "--output", str(path))
    assert rows(path.read_bytes()) == [("answer",), (True,)]


def test_a_graph_is_no_workbook(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "answer.xlsx"
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    outcome = call("query", query, "--format", "xlsx", "--output", str(path))
    assert outcome.code == 2
    assert "graph" in outcome.errors
    assert not path.exists()


def test_a_terminal_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(UsageError, match="--output"):
        workbooks.write_sheet(Sheet([Column("a")], list), [], None)
