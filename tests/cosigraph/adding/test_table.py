# SPDX-License-Identifier: Apache-2.0
"""Tables are read cell by cell as they are, Eurostat's bulk layout as one row for each figure."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.adding.table import Table
from cosigraph.errors import DatasetError

WIDE = (
    "freq,iccs,unit,geo\\TIME_PERIOD\t2008 \t2009 \t2010 \n"
    "A,ICCS0501,NR,AT\t12345 \t: \t6.5 bd\n"
    "A,ICCS0501,P_HTHAB,EU27_2020\t: c\t0 e\t1.5e3\n"
)


def table(folder: Path, name: str, content: str | bytes) -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Table(path, name)


def cells(read: Table) -> list[tuple[str | None, ...]]:
    return [row.cells for row in read.rows()]


def test_eurostats_bulk_layout_is_one_row_for_each_figure(tmp_path: Path) -> None:
    read = table(tmp_path, "crim_off_cat.tsv", WIDE)
    names = ("freq", "iccs", "unit", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG")
    assert read.columns == names
    assert cells(read) == [
        ("A", "ICCS0501", "NR", "AT", "2008", "12345", None),
        ("A", "ICCS0501", "NR", "AT", "2009", None, None),
        ("A", "ICCS0501", "NR", "AT", "2010", "6.5", "bd"),
        ("A", "ICCS0501", "P_HTHAB", "EU27_2020", "2008", None, "c"),
        ("A", "ICCS0501", "P_HTHAB", "EU27_2020", "2009", "0", "e"),
        ("A", "ICCS0501", "P_HTHAB", "EU27_2020", "2010", "1.5e3", None),
    ]
    assert [row.line for row in read.rows()] == [2, 2, 2, 3, 3, 3]


FIGURES = st.tuples(
    st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str)),
    st.text("bcdefnpruz", max_size=3),
)


@given(st.lists(FIGURES, min_size=1, max_size=8))
def test_any_figures_and_flags_are_read_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, figures: list[tuple[str | None, str]]
) -> None:
    years = [str(1990 + number) for number in range(len(figures))]
    header = "\t".join(["freq,geo\\TIME_PERIOD", *(f"{year} " for year in years)])
    row = "\t".join(["A,AT", *(f"{value or ':'} {flag}" for value, flag in figures)])
    read = table(tmp_path_factory.mktemp("wide"), "a.tsv", f"{header}\n{row}\n")
    expected = [
        ("A", "AT", year, value, flag or None)
        for year, (value, flag) in zip(years, figures, strict=True)
    ]
    assert cells(read) == expected


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_cells_of_a_csv_are_read_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    read = table(tmp_path_factory.mktemp("any"), "a.csv", written.getvalue())
    assert cells(read) == [tuple(cell or None for cell in row) for row in rows]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "", "1: The table has no header"),
        ("a.csv", "a,a\n", "1: Column 2 has no name, or that of another: 'a'"),
        ("a.csv", "a,\n", "1: Column 2 has no name"),
        ("a.csv", "a,b\n1,2\n1\n", "3: The row has 1 cells, but the header 2"),
        ("a.csv", 'a,b\n1,"2"x\n', "2: The table is not well-formed"),
        ("a.csv", b"a,b\n1,\xff\n", "The table is not UTF-8"),
        ("a.tsv", WIDE.replace(": c", "n/a"), "3: 'n/a' of 2008 is no figure with flags"),
        ("a.tsv", WIDE.replace("NR,AT", "AT"), "2: The row begins with 3 codes"),
        ("a.tsv", WIDE.replace("\t: \t", "\t"), "2: The row has 3 cells, but the header 4"),
    ],
)
def test_a_table_that_is_not_well_formed_is_refused_with_its_line(
    name: str, content: str | bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError) as caught:
        list(table(tmp_path, name, content).rows())
    assert told in str(caught.value)


def test_names_that_no_variable_can_have_are_written_with_underscores(tmp_path: Path) -> None:
    assert table(tmp_path, "a.csv", "Year (of birth),größe\n").columns == (
        "Year__of_birth_",
        "größe",
    )
