# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from cosigraph.table import Column, Table
from cosigraph.terms import IRI, LanguageString, Prefixes, Term, Value
from cosigraph_api.grid import (
    Cell,
    Grid,
    Item,
    grid_of_boolean,
    grid_of_table,
    grid_of_terms,
    item_of,
    rows_of_tsv,
)

PREFIXES = Prefixes({"ex": "https://ex.example/"})
TREE = NamedNode("https://ex.example/tree")


@pytest.mark.parametrize(
    ("value", "item"),
    [
        (
            IRI("https://ex.example/a"),
            Item("ex:a", "https://ex.example/a", "DESCRIBE <https://ex.example/a>"),
        ),
        (LanguageString("Birne", "de"), Item("Birne", language="de")),
        ("plain", Item("plain")),
        (True, Item("true")),
        (3, Item("3", is_number=True)),
        (Decimal("1.50"), Item("1.50", is_number=True)),
        (0.5, Item("0.5", is_number=True)),
        (date(2011, 10, 21), Item("2011-10-21")),
    ],
)
def test_a_value_is_shown_as_people_write_it(value: Value, item: Item) -> None:
    assert item_of(value, PREFIXES) == item


def kinds(*columns: list[Term | None]) -> list[str]:
    names = [str(number) for number in range(len(columns))]
    rows = list(zip(*columns, strict=True))
    return [column.kind for column in grid_of_terms(names, rows, PREFIXES, cut=False).columns]


def test_a_column_is_of_the_kind_of_all_that_is_in_it() -> None:
    numbers: list[Term | None] = [Literal(1), None, Literal(2.5)]
    terms: list[Term | None] = [TREE, TREE, None]
    mixed: list[Term | None] = [TREE, Literal("a"), BlankNode("b")]
    long: list[Term | None] = [Literal("word " * 20), None, None]
    empty: list[Term | None] = [None, None, None]
    assert kinds(numbers, terms, mixed, long, empty) == ["number", "term", "text", "long", "text"]


def test_a_table_keeps_the_values_of_a_cell_apart() -> None:
    columns = [Column("tree"), Column("letter", many=True, separator=" ")]
    table = Table(columns, [(TREE, Literal("B")), (TREE, Literal("A"))])
    grid = grid_of_table(table, caption="Trees", prefixes=PREFIXES, longest=10)
    assert grid.rows == ((((item_of(IRI(TREE.value), PREFIXES)),), (Item("A"), Item("B"))),)
    assert grid.columns[1].separator == " "
    assert not grid.cut


def test_a_table_that_is_too_long_is_cut_and_says_so() -> None:
    table = Table([Column("n")], [(Literal(number),) for number in range(5)])
    grid = grid_of_table(table, caption="Numbers", prefixes=PREFIXES, longest=3)
    assert len(grid.rows) == 3
    assert grid.cut
    assert grid.heading == "More than 3 rows"


def test_the_heading_says_how_much_there_is() -> None:
    row: tuple[tuple[Cell, ...], ...] = (((Item("a"),),),)
    assert Grid("").heading == "No rows"
    assert Grid("", rows=row).heading == "1 row"
    assert Grid("", rows=row * 1200).heading == "1,200 rows"
    assert Grid("", rows=row * 2, noun="statement").heading == "2 statements"
    assert grid_of_boolean(answer=True).heading == "Answer"


def test_rows_of_tsv_are_read_with_gaps_and_kinds() -> None:
    names, rows = rows_of_tsv(b'?a\t?b\n<https://ex.example/tree>\t\n\t"x\\ty"@en\n')
    assert names == ["a", "b"]
    assert rows == [(TREE, None), (None, Literal("x\ty", language="en"))]
