# SPDX-License-Identifier: Apache-2.0
"""Tables: gathered rows, typed cells, and texts that a standard reader reads back."""

from __future__ import annotations

import csv
import datetime
import io
import json
import pickle
import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, Triple

from cosigraph.errors import UnknownFormatError
from cosigraph.formats import ResultFormat
from cosigraph.table import Column, Table
from cosigraph.terms import IRI, XSD, LanguageString, Term


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


SRX = "{http://www.w3.org/2005/sparql-results#}"
TREE = NamedNode("https://example.org/tree/1")
OTHER = NamedNode("https://example.org/tree/2")
COLUMNS = (
    Column("tree", datatype="iri"),
    Column("flavours", datatype="string", many=True),
    Column("height", datatype="decimal"),
    Column("letters", datatype="string", many=True, separator=" "),
)
ROWS: list[tuple[Term | None, ...]] = [
    (TREE, Literal("sweet"), typed("7.50", "decimal"), Literal("B")),
    (OTHER, None, typed("007", "integer"), None),
    (TREE, Literal("sharp"), typed("7.50", "decimal"), Literal("A")),
    (TREE, Literal("sharp"), typed("7.50", "decimal"), Literal("B")),
]


@pytest.fixture
def table() -> Table:
    return Table(COLUMNS, ROWS, version="1.0+sha256.0")


def test_rows_that_agree_are_gathered_in_the_order_of_their_first(table: Table) -> None:
    assert len(table) == 2
    assert [row.tree for row in table] == [IRI(TREE.value), IRI(OTHER.value)]
    assert table[0].flavours == ("sharp", "sweet")
    assert table[0].letters == ("A", "B")
    assert table[1].flavours == ()


def test_cells_are_reached_by_position_name_and_attribute(table: Table) -> None:
    row = table.rows[0]
    assert row[2] == row["height"] == row.height == Decimal("7.50")
    tree, _flavours, height, _letters = row
    assert (tree, height) == (TREE.value, Decimal("7.50"))
    assert len(row) == 4
    assert repr(table.rows[1]).startswith("Row(tree=IRI('https://example.org/tree/2'), flavours=()")


def test_a_column_that_is_not_there_is_told_with_the_near_one(table: Table) -> None:
    with pytest.raises(KeyError, match="Did you mean 'height'"):
        _ = table.rows[0]["hight"]
    with pytest.raises(AttributeError, match="Did you mean 'height'"):
        _ = table.rows[0].hight
    assert not hasattr(table.rows[0], "_repr_html_")


def test_rows_compare_hash_and_pickle_like_tuples(table: Table) -> None:
    row = table.rows[1]
    assert row == (OTHER.value, (), 7, ())
    assert row != table.rows[0]
    assert {row: 1}[row] == 1
    assert pickle.loads(pickle.dumps(row)) == row


def test_dictionaries_and_texts_hold_what_the_rows_hold(table: Table) -> None:
    assert table.to_dicts()[1] == {"tree": OTHER.value, "flavours": (), "height": 7, "letters": ()}
    assert table.texts()[0] == (TREE.value, "sharp; sweet", "7.50", "A B")
    assert table.texts()[1] == (OTHER.value, "", "007", "")


def test_ungrouped_is_the_answer_as_the_query_gave_it(table: Table) -> None:
    long = table.ungrouped()
    assert len(long) == 4
    assert [row.flavours for row in long] == ["sweet", None, "sharp", "sharp"]
    assert long.version == table.version


def test_without_columns_of_many_values_equal_rows_stay_apart() -> None:
    assert len(Table([Column("a")], [(TREE,), (TREE,)])) == 2


def test_the_short_form_tells_size_and_columns(table: Table) -> None:
    assert repr(table) == "<Table 2 rows: tree, flavours, height, letters>"
    assert repr(Table([Column("a")], [(TREE,)])) == "<Table 1 row: a>"


def test_values_have_the_types_of_python() -> None:
    terms = [
        Literal("x", language="en"),
        typed("3", "integer"),
        typed("true", "boolean"),
        typed("2011-10-21", "date"),
        typed("2011", "gYear"),
        typed("nonsense", "integer"),
    ]
    row = Table([Column(f"c{i}") for i in range(6)], [terms]).rows[0]
    assert tuple(row) == ("x", 3, True, datetime.date(2011, 10, 21), 2011, "nonsense")
    assert isinstance(row.c0, LanguageString)


def test_csv_has_plain_values_and_the_line_ends_of_the_standard(table: Table) -> None:
    assert table.to_csv() == (
        "tree,flavours,height,letters\r\n"
        "https://example.org/tree/1,sharp; sweet,7.50,A B\r\n"
        "https://example.org/tree/2,,007,\r\n"
    )


def test_tsv_has_terms_and_a_joined_cell_is_a_plain_literal(table: Table) -> None:
    assert table.to_tsv() == (
        "?tree\t?flavours\t?height\t?letters\n"
        '<https://example.org/tree/1>\t"sharp; sweet"\t7.50\t"A B"\n'
        "<https://example.org/tree/2>\t\t007\t\n"
    )


def test_json_and_xml_have_terms_with_their_types(table: Table) -> None:
    answer = json.loads(table.to_json())
    assert answer["head"]["vars"] == ["tree", "flavours", "height", "letters"]
    assert answer["results"]["bindings"][0]["flavours"] == {
        "type": "literal",
        "value": "sharp; sweet",
    }
    assert answer["results"]["bindings"][1] == {
        "tree": {"type": "uri", "value": OTHER.value},
        "height": {"type": "literal", "value": "007", "datatype": XSD + "integer"},
    }
    root = ElementTree.fromstring(table.to_xml())
    assert [element.text for element in root.iter(SRX + "literal")] == [
        "sharp; sweet", "7.50", "A B", "007",
    ]  # fmt: skip


def test_a_table_cannot_be_written_as_a_graph(table: Table) -> None:
    with pytest.raises(UnknownFormatError):
        table.serialise(ResultFormat.TURTLE)


def test_an_answer_without_rows_keeps_its_columns() -> None:
    table = Table(COLUMNS, [])
    assert len(table) == 0
    assert table.to_csv() == "tree,flavours,height,letters\r\n"
    assert json.loads(table.to_json())["results"]["bindings"] == []


def test_blank_nodes_and_triples_are_written_too() -> None:
    triple = Triple(TREE, TREE, Literal("x"))
    table = Table([Column("a"), Column("b")], [(BlankNode("x"), triple)])
    assert json.loads(table.to_json())["results"]["bindings"][0]["b"]["type"] == "triple"
    assert table.rows[0].a == "_:x"
    assert table.to_csv().startswith("a,b\r\n_:x,")


@given(st.randoms())
def test_the_order_of_the_store_changes_no_joined_cell(random_: random.Random) -> None:
    rows = [row for row in ROWS if row[0] == TREE]
    random_.shuffle(rows)
    assert Table(COLUMNS, rows).to_csv() == Table(COLUMNS, ROWS[:1] + ROWS[2:]).to_csv()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
# XML 1.0 has no place for control characters and for U+FFFE and U+FFFF.
XML_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\r\n")
)


def terms(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Term | None]:
    return st.one_of(
        st.none(),
        texts.map(Literal),
        texts.map(lambda text: Literal(text, language="en-gb")),
        st.tuples(texts, st.sampled_from(["integer", "decimal", "date", "boolean"])).map(
            lambda pair: typed(*pair)
        ),
        st.sampled_from([TREE, NamedNode("urn:é")]),
    )


def written(rows: Sequence[Sequence[Term | None]], format_: ResultFormat) -> bytes:
    return Table([Column("a"), Column("b")], rows).serialise(format_)


@given(st.lists(st.tuples(terms(TEXTS), terms(TEXTS))))
def test_csv_is_read_back_by_any_reader(rows: list[tuple[Term | None, ...]]) -> None:
    content = written(rows, ResultFormat.CSV).decode()
    header, *read = csv.reader(io.StringIO(content, newline=""))
    assert header == ["a", "b"]
    assert read == [
        [term.value if isinstance(term, (Literal, NamedNode)) else "" for term in row]
        for row in rows
    ]


@given(
    st.lists(st.tuples(terms(TEXTS), terms(TEXTS))),
    st.sampled_from([QueryResultsFormat.TSV, QueryResultsFormat.JSON]),
)
def test_tsv_and_json_are_read_back_as_the_same_terms(
    rows: list[tuple[Term | None, ...]], format_: QueryResultsFormat
) -> None:
    ours = ResultFormat.TSV if format_ == QueryResultsFormat.TSV else ResultFormat.JSON
    read = pyoxigraph.parse_query_results(written(rows, ours), format_)
    assert isinstance(read, pyoxigraph.QuerySolutions)
    assert [tuple(solution) for solution in read] == rows


@given(st.lists(terms(XML_TEXTS), min_size=1))
def test_xml_is_read_back_by_any_reader(row: list[Term | None]) -> None:
    table = Table([Column(f"c{index}") for index in range(len(row))], [row])
    root = ElementTree.fromstring(table.serialise(ResultFormat.XML))
    values = [element[0].text or "" for element in root.iter(SRX + "binding")]
    assert values == [term.value for term in row if isinstance(term, (Literal, NamedNode))]
