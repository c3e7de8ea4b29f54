# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import errors, sheet_files
from cosigraph.sheet_files import harmless, read_table, write_csv, write_workbook_table
from tests.workbooks import opened

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_whatever_parts_its_cells(tmp_path: Path, separator: str) -> None:
    text = f'\ufeffname{separator}n\r\n"a{separator}b"{separator}1\r\nc\r\n'
    table = read_table(written(tmp_path / "a.csv", text.encode()))
    assert table.columns == ("name", "n")
    assert table.rows == [[f"a{separator}b", "1"], ["c", ""]]


def test_the_first_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    content = write_workbook_table(["name", "n"], [["=1+1", "2"], ["", "x"]])
    table = read_table(written(tmp_path / "a.XLSX", content))
    assert table.columns == ("name", "n")
    assert table.rows == [["=1+1", "2"], ["", "x"]]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_would_take_for_a_formula_is_quoted(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(write_csv([cell], [[cell]]).decode(), newline="")))
    assert rows == [[f"'{cell}"], [f"'{cell}"]]


@pytest.mark.parametrize("cell", ["-1", "+1.5", "-2,50", "Europol", "a=b", "a-b", ""])
def test_numbers_and_other_texts_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_workbook_holds_texts_and_no_formula() -> None:
    sheet = opened(write_workbook_table(["a"], [["=1+1"], ["\ud800"], ["\x01"]])).worksheets[0]
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 4
    assert sheet["A2"].value == "=1+1"


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_csv_comes_back_but_for_the_quote(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(write_csv(["a", "b"], rows).decode(), newline="")))
    assert found == [["a", "b"], *([harmless(cell) for cell in row] for row in rows)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "has no first row"),
        ("a.csv", b",,\n", "has no first row"),
        ("a.csv", b"a,b\n1,2,3\n", "Row 2"),
        ("a.csv", b"name\n\xff\n", "not UTF-8"),
        ("a.csv", b'name\n"' + b"x" * 200_000 + b'"\n', "is no CSV"),
        ("a.csv", b'name\n"x"y\n', "is no CSV"),
        ("a.xlsx", b"name\n", "no workbook"),
        ("a.xlsx", b"PK\x05\x06" + b"\0" * 18, "no workbook"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(errors.CosigraphError, match=told):
        read_table(written(tmp_path / name, content))


def test_a_workbook_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    monkeypatch.setenv("COSIGRAPH_LARGEST_FILE", "1")
    with pytest.raises(errors.FileTooLargeError, match="5,000,000"):
        read_table(written(tmp_path / "a.xlsx", packed.getvalue()))


def test_without_what_reads_workbooks_it_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(errors.UsageError, match="spreadsheets"):
        read_table(written(tmp_path / "a.xlsx", b""))


def test_a_workbook_is_known_by_its_name() -> None:
    assert sheet_files.is_workbook(Path("a.XLSX"))
    assert not sheet_files.is_workbook(Path("a.csv"))
