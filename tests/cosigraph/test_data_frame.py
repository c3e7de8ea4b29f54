# SPDX-License-Identifier: Apache-2.0
"""Tables as data frames."""

from __future__ import annotations

import sys

import pytest
from pyoxigraph import Literal, NamedNode

from cosigraph.errors import UsageError
from cosigraph.table import Column, Table
from cosigraph.terms import XSD, Term


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


COLUMNS = [
    Column("tree", datatype="iri"),
    Column("label", datatype="language-string"),
    Column("number", datatype="integer"),
    Column("height", datatype="decimal"),
    Column("planted", datatype="date"),
    Column("year", datatype="year"),
    Column("alive", datatype="boolean"),
    Column("flavours", datatype="string", many=True),
    Column("other"),
]
FULL: list[Term | None] = [
    NamedNode("https://example.org/tree/1"),
    Literal("tree", language="en"),
    typed("3", "integer"),
    typed("7.25", "decimal"),
    typed("1968-11-02", "date"),
    typed("1968", "gYear"),
    typed("true", "boolean"),
    Literal("sweet"),
    Literal("x"),
]
TYPES = {
    "tree": "string",
    "label": "string",
    "number": "Int64",
    "height": "Float64",
    "planted": "datetime64[s]",
    "year": "Int64",
    "alive": "boolean",
    "flavours": "object",
    "other": "object",
}


@pytest.mark.parametrize("rows", [[], [FULL], [FULL, [None] * 9]])
def test_columns_have_the_types_that_the_front_matter_says(rows: list[list[Term | None]]) -> None:
    frame = Table(COLUMNS, rows).to_pandas()
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == TYPES
    assert len(frame) == len(rows)


def test_values_are_numbers_days_and_tuples() -> None:
    frame = Table(COLUMNS, [FULL, [*FULL[:7], Literal("sharp"), Literal("x")]]).to_pandas()
    assert frame["height"].sum() == 7.25
    assert frame["planted"].dt.year.tolist() == [1968]
    assert frame["flavours"].tolist() == [("sharp", "sweet")]
    assert frame["tree"].str.endswith("1").all()


def test_what_is_unbound_is_missing() -> None:
    frame = Table(COLUMNS, [FULL, [None] * 9]).to_pandas()
    assert frame.drop(columns="flavours").isna().iloc[1].all()
    assert frame["number"].tolist()[0] == 3


def test_long_has_one_value_per_row() -> None:
    rows = [FULL, [*FULL[:7], Literal("sharp"), Literal("x")]]
    frame = Table(COLUMNS, rows).to_pandas(long=True)
    assert frame["flavours"].tolist() == ["sweet", "sharp"]
    assert str(frame["flavours"].dtype) == "string"


@pytest.mark.parametrize("datatype", ["integer", "decimal", "date", "year", "boolean"])
def test_values_that_are_not_of_the_type_stay_as_they_are(datatype: str) -> None:
    frame = Table([Column("a", datatype=datatype)], [[Literal("many")], [None]]).to_pandas()
    assert frame["a"].tolist()[0] == "many"


def test_without_pandas_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cosigraph.data_frame", raising=False)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"pandas is not installed\. Install it: pip install"):
        Table(COLUMNS, []).to_pandas()
