# SPDX-License-Identifier: Apache-2.0
"""Workbooks, read back: what is a number, a date or a link there, and that nothing is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cosigraph import Project, workbook
from cosigraph.errors import UnknownFormatError
from cosigraph.spreadsheet_values import LONGEST_TEXT, text
from cosigraph.table import Cell, Column
from cosigraph.terms import IRI, LanguageString, Value
from cosigraph.workbook import Sheet, write_workbook
from cosigraph.workbook_about import about_canned
from tests.workbooks import about, opened, rows

X = "https://x.example/"


def written(
    *cells: Sequence[Cell], labels: dict[str, str] | None = None, many: bool = False
) -> bytes:
    output = io.BytesIO()
    columns = [Column(name, many=many) for name in "abcdefgh"[: len(cells[0])]]
    write_workbook(output, Sheet(columns, lambda: cells, labels or {}), [("Title", "Trees")])
    return output.getvalue()


def read(value: Value) -> object:
    return rows(written([value, "end"]))[1][0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        (-7, -7),
        (999_999_999_999_999, 999_999_999_999_999),
        (1_000_000_000_000_000, "1000000000000000"),
        (Decimal("7.25"), 7.25),
        (Decimal("0.1000000000000001"), "0.1000000000000001"),
        (1.5e300, 1.5e300),
        (5e-324, "5e-324"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (True, True),
        (False, False),
        ("007", "007"),
        (date(2011, 10, 21), datetime(2011, 10, 21)),
        (date(1900, 3, 1), datetime(1900, 3, 1)),
        (date(1899, 12, 31), "1899-12-31"),
        (datetime(2011, 10, 21, 9, 30), datetime(2011, 10, 21, 9, 30)),
        (datetime(2011, 10, 21, 9, 30, 0, 1), "2011-10-21T09:30:00.000001"),
        (datetime(2011, 10, 21, 9, 30, tzinfo=UTC), datetime(2011, 10, 21, 9, 30)),
    ],
)
def test_a_value_is_what_it_is_or_else_text(value: Value, expected: object) -> None:
    found = read(value)
    assert found == expected
    assert type(found) is type(expected)


def test_dates_and_times_are_shown_as_xsd_writes_them() -> None:
    zone = datetime.fromisoformat("2011-10-21T01:30:00+02:00")
    content = written([date(2011, 10, 21), datetime(2011, 10, 21, 9, 30), zone])
    row = list(opened(content)["Answer"])[1]
    assert [cell.number_format for cell in row] == [
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
        'yyyy-mm-dd hh:mm:ss"Z"',
    ]
    assert row[2].value == datetime(2011, 10, 20, 23, 30)


def test_an_iri_is_a_link_with_its_label_beside_it() -> None:
    content = written([IRI(X + "#1"), "end"], [IRI(X + "2"), ""], labels={X + "#1": "Tree"})
    assert rows(content) == [
        ("a", "a (label)", "b"),
        (X + "#1", "Tree", "end"),
        (X + "2", None, None),
    ]
    sheet = opened(content)["Answer"]
    link = sheet["A2"].hyperlink
    assert link.target + "#" + (link.location or "") in {X + "#1", X + "#1#"}


@pytest.mark.parametrize(
    "iri", ["internal:About!A1", "external:c:\\x", "file:///etc/passwd", "urn:x:1", "javascript:x"]
)
def test_only_addresses_of_the_web_are_links(iri: str) -> None:
    cell = opened(written([IRI(iri)]))["Answer"]["A2"]
    assert cell.value == iri
    assert cell.hyperlink is None


def test_beside_texts_in_a_language_stands_the_language() -> None:
    content = written([LanguageString("arbre", "fr"), "x"], ["tree", "y"])
    assert rows(content) == [
        ("a", "a (language)", "b"),
        ("arbre", "fr", "x"),
        ("tree", None, "y"),
    ]


def test_a_cell_of_many_values_is_text_and_of_one_is_typed() -> None:
    labels = {X + "1": "One"}
    content = written([(1, 2)], [(3,)], [()], [(IRI(X + "1"), IRI(X + "2"))], many=True)
    assert [row[0] for row in rows(content)] == ["a", "1; 2", 3, None, f"{X}1; {X}2"]
    content = written([(IRI(X + "1"), IRI(X + "2"))], labels=labels, many=True)
    assert rows(content)[1] == (f"{X}1; {X}2", f"One; {X}2")


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_text_is_never_a_formula(word: str) -> None:
    content = written([word])
    cell = opened(content)["Answer"]["A2"]
    assert (cell.data_type, cell.value) == ("s", word)
    assert cell.quotePrefix
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_a_text_that_is_too_long_says_so() -> None:
    content = written(["x" * LONGEST_TEXT, "\U0001f333" * 20_000])
    _, (whole, cut) = rows(content)
    assert whole == "x" * LONGEST_TEXT
    assert cut == "\U0001f333" * 16_383 + "…"
    assert about(content)["Shortened texts"].startswith("1, which end in …")


def test_the_header_stays_in_sight_and_filters() -> None:
    sheet = opened(written(["x" * 30, "y"], ["z", "y"]))["Answer"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > 29 > sheet.column_dimensions["B"].width


def test_the_same_answer_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: list[Cell] = [IRI(X), date(2011, 10, 21), "x"]
    first = written(cells)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert written(cells) == first
    assert len({entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).filelist}) == 1


def test_no_more_links_than_a_sheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_LINKS", 2)
    sheet = opened(written(*([IRI(f"{X}{number}")] for number in range(3))))["Answer"]
    assert [sheet.cell(row, 1).hyperlink is not None for row in (2, 3, 4)] == [True, True, False]
    assert sheet["A4"].value == f"{X}2"


@pytest.mark.parametrize(("room", "is_cut"), [(2, True), (3, False)])
def test_rows_beyond_a_sheet_are_cut_off_and_said(
    monkeypatch: pytest.MonkeyPatch, room: int, is_cut: bool
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", room)
    output = io.BytesIO()
    sheet = Sheet([Column("n")], lambda: ([number] for number in range(3)))
    assert write_workbook(output, sheet, []) is is_cut
    assert len(rows(output.getvalue())) == 1 + room
    told = about(output.getvalue())
    assert told["Rows"] == str(room)
    assert told["Complete"] == ("No: cut off after 2 rows; there are more" if is_cut else "Yes")


def test_columns_beyond_a_sheet_are_refused() -> None:
    columns = [Column(f"c{number}") for number in range(16_385)]
    with pytest.raises(UnknownFormatError, match="16,384 columns"):
        write_workbook(io.BytesIO(), Sheet(columns, list), [])


def test_the_second_sheet_tells_what_was_asked_of_which_data(shipped: Project) -> None:
    query = shipped.queries["goals-shared-across-priorities"]
    told = dict(about_canned(shipped, query, {"minimum": 7}, address="http://x.example/q"))
    assert told["Title"] == query.summary
    assert told["Parameter minimum"] == "7"
    assert told["Parameter strength"].endswith("strength/similar (not given)")
    assert told["Version of the data"] == shipped.version
    assert told["Address"] == "http://x.example/q"
    assert told["Licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "unofficial" in told["About the data"]
    assert "LIMITE" in told["Rights"]


def test_what_is_not_given_and_has_no_default_is_all(shipped: Project) -> None:
    told = dict(about_canned(shipped, shipped.queries["goals"], {"priority": ["A", "B"]}))
    assert told["Parameter priority"] == "A, B"
    assert dict(about_canned(shipped, shipped.queries["goals"], {}))["Parameter priority"] == (
        "all (not given)"
    )


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES: st.SearchStrategy[Value] = st.one_of(
    WORDS,
    WORDS.map(lambda word: LanguageString(word, "en")),
    st.from_regex(r"https?://[a-z]{1,9}\.example/[a-zé%#0-9]{0,9}", fullmatch=True).map(IRI),
    st.booleans(),
    st.integers(),
    st.integers(-(10**16), 10**16),
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
)


@given(VALUES)
@example("_x0041_")
@example("\r\n")
@example(IRI("http://x.example/a#b#c"))
def test_every_value_is_read_back_as_it_was(value: Value) -> None:
    found = read(value)
    if isinstance(value, datetime) and isinstance(found, datetime):
        wanted = value.replace(tzinfo=None)
        assert abs((found - wanted).total_seconds()) < 0.001
    elif isinstance(value, date) and isinstance(found, datetime):
        # openpyxl counts the first two months of 1900 as Excel does not.
        assert abs((found.date() - value).days) <= (value < date(1900, 3, 1))
    elif isinstance(value, bool):
        assert found is value
    elif found is None or isinstance(found, str):
        assert (found or "") == text(value)
    else:
        assert isinstance(value, (int, float, Decimal))
        assert found == pytest.approx(float(value), rel=1e-14, abs=0)
