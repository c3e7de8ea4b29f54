# SPDX-License-Identifier: Apache-2.0
"""Pictures show what the answer says, in every width, whatever the answer holds."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cosigraph import Project
from cosigraph.pictures import Matrix, has_picture, network, picture, timeline
from cosigraph.pictures.bars import MOST, Bars
from cosigraph.pictures.matrix import MOST_COLUMNS, MOST_ROWS
from cosigraph.pictures.network import Network
from cosigraph.pictures.timeline import Timeline
from cosigraph.table import Column, Table
from tests.cosigraph.pictures.making import answer, asking, elements, texts

WIDTHS = (300, 720)
MATRIX = {"type": "matrix", "x": "x", "y": "y", "value": "value", "mark": "mark"}


def matrix() -> Matrix:
    table = answer(
        ("x", "y", "value", "mark"),
        ("B", "2", "strong", True),
        ("A", "2", "weak", False),
        ("A", "1", None, True),
        ("A", "3", "faint", False),
    )
    return Matrix.of(MATRIX, table, "Trees")


def test_a_matrix_has_its_columns_in_order_and_its_rows_as_the_answer_has_them() -> None:
    made = matrix()
    assert [column.name for column in made.columns] == ["A", "B"]
    assert [row.head.name for row in made.rows] == ["2", "1", "3"]
    assert [[cell.level for cell in row.cells] for row in made.rows] == [[2, 1], [0, 0], [3, 0]]
    assert [[cell.is_marked for cell in row.cells] for row in made.rows] == [
        [False, True],
        [True, False],
        [False, False],
    ]
    assert made.values == ("strong", "weak", "faint")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_matrix_tells_strengths_apart_by_their_shapes(width: int) -> None:
    svg = matrix().svg(width)
    full = [each for each in elements(svg, "circle") if each.get("class") == "bar"]
    parts = [each for each in elements(svg, "path") if each.get("class") == "bar"]
    marks = [each for each in elements(svg, "rect") if each.get("class") == "claim"]
    # One more of each in the legend.
    assert (len(full), len(parts), len(marks)) == (2, 4, 3)
    assert {"A", "B", "strong", "weak", "faint"} <= set(texts(svg))


def test_a_matrix_of_many_values_has_a_field_for_each() -> None:
    table = Table(
        [Column("x", many=True, separator=" "), Column("y")],
        [[Literal("A"), Literal("one")], [Literal("C"), Literal("one")]],
    )
    made = Matrix.of({"type": "matrix", "x": "x", "y": "y"}, table, "Trees")
    assert [column.name for column in made.columns] == ["A", "C"]
    assert [cell.level for cell in made.rows[0].cells] == [1, 1]


def test_a_matrix_of_numbers_shows_them() -> None:
    chart = {"type": "matrix", "x": "x", "y": "y", "value": "value"}
    table = answer(("x", "y", "value"), ("A", "C", 0.444), ("A", "B", 1.0))
    made = Matrix.of(chart, table, "Trees")
    assert made.values == ()
    assert [row.head.name for row in made.rows] == ["C", "B"]
    assert {".44", "1.00"} <= set(texts(made.svg(720)))


def test_a_matrix_that_is_too_large_says_what_it_leaves_out() -> None:
    rows = [(f"x{number}", f"y{number}") for number in range(MOST_ROWS + 5)]
    chart = {"type": "matrix", "x": "x", "y": "y"}
    made = Matrix.of(chart, answer(("x", "y"), *rows), "Trees")
    assert (len(made.rows), len(made.columns)) == (MOST_ROWS, MOST_COLUMNS)
    told = f"and 5 more rows and {MOST_ROWS + 5 - MOST_COLUMNS} more columns"
    assert told in texts(made.svg(300))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_bar_is_as_long_as_its_number_is_large(width: int) -> None:
    table = answer(("x", "y"), ("apples", 4), ("pears", 2), ("none", 0))
    svg = Bars.of({"type": "bar", "x": "x", "y": "y"}, table, "Trees").svg(width)
    long = [float(each.get("width", 0)) for each in elements(svg, "rect")[1:]]
    assert long[0] == pytest.approx(2 * long[1])
    assert long[2] <= 1
    assert {"apples", "pears", "4", "2", "0"} <= set(texts(svg))


def test_bars_that_are_too_many_are_the_largest_and_the_rest_is_told() -> None:
    table = answer(("x", "y"), *((f"tree {number}", number) for number in range(MOST + 7)))
    bars = Bars.of({"type": "bar", "x": "x", "y": "y"}, table, "Trees")
    assert len(bars.bars) == MOST
    assert bars.bars[0][0] == f"tree {MOST + 6}"
    assert "and 7 more" in texts(bars.svg(300))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_timeline_is_in_order_and_stays_within_its_width(width: int) -> None:
    def when(text: str) -> Literal:
        return Literal(text, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))

    chart = {"type": "timeline", "start": "start", "end": "end", "label": "label"}
    table = Table(
        [Column("start"), Column("end"), Column("label")],
        [
            [when("2011-10-20"), when("2011-10-20"), Literal("harvest")],
            [when("2011-07-11"), when("2011-10-04"), Literal("ripening")],
        ],
    )
    made = Timeline.of(chart, table, "The year")
    assert [event.name for event in made.events] == ["ripening", "harvest"]
    assert made.events[1].start == date(2011, 10, 20)
    svg = made.svg(width)
    bars = [each for each in elements(svg, "rect") if each.get("class") == "bar"]
    assert all(float(b.get("x", 0)) + float(b.get("width", 0)) <= width for b in bars)
    assert {"20 October 2011", "11 July 2011 \N{EN DASH} 4 October 2011", "Aug 2011"} <= set(
        texts(svg)
    )


def test_a_network_joins_what_goes_together() -> None:
    chart = {"type": "network", "source": "a", "target": "b", "weight": "n"}
    table = answer(("a", "b", "n"), ("oak", "ash", 3), ("oak", "elm", 1))
    made = Network.of(chart, table, "Woods")
    assert made.nodes == ("ash", "elm", "oak")
    svg = made.svg(300)
    assert len(elements(svg, "circle")) == 3
    thick = [float(each.get("stroke-width", 0)) for each in elements(svg, "path")]
    assert thick[0] > thick[1]


def test_a_network_draws_those_with_most_to_do_with_others_and_counts_the_rest() -> None:
    chart = {"type": "network", "source": "a", "target": "b", "weight": "n"}
    strong = [(f"a{place:02}", f"b{place:02}", 5) for place in range(network.MOST // 2)]
    # Two rows of one pair make four, which is less than five.
    table = answer(("a", "b", "n"), ("oak", "ash", 2), ("oak", "ash", 2), *strong)
    made = Network.of(chart, table, "Woods")
    assert made.nodes == tuple(sorted(name for a, b, _ in strong for name in (a, b)))
    assert "and 2 more" in texts(made.svg(300))


def test_a_timeline_counts_the_events_that_it_has_no_room_for() -> None:
    date_type = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    table = Table(
        [Column("start"), Column("label")],
        [
            [Literal(f"{2000 + place}-01-01", datatype=date_type), Literal("harvest")]
            for place in range(timeline.MOST + 2)
        ],
    )
    chart = {"type": "timeline", "start": "start", "label": "label"}
    assert "and 2 more" in texts(Timeline.of(chart, table, "The years").svg(300))


TEXT = st.text(max_size=30)
NUMBERS = st.one_of(st.none(), st.integers(-5, 10**9), st.floats(), TEXT)


@given(
    st.sampled_from(["bar", "matrix", "network", "timeline"]),
    st.lists(st.tuples(TEXT, TEXT, NUMBERS), min_size=1, max_size=12),
    st.sampled_from(WIDTHS),
)
def test_any_answer_makes_a_well_formed_picture_without_styles(
    kind: str, rows: list[tuple[str, str, object]], width: int
) -> None:
    chart = {
        "type": kind,
        "x": "a",
        "y": "c" if kind == "bar" else "b",
        "value": "c",
        "source": "a",
        "target": "b",
        "weight": "c",
        "start": "a",
        "label": "b",
    }
    query = asking(chart, "a", "b", "c")
    drawn = picture(query, answer(("a", "b", "c"), *rows))
    assert drawn is not None
    svg = drawn.svg(width)
    (outer,) = elements(svg, "svg")
    assert outer.get("aria-label") == "What is drawn"
    everything = outer.iter()
    assert not any("style" in each.attrib for each in everything)
    assert not elements(svg, "script")
    assert not elements(svg, "style")


def test_there_is_no_picture_without_a_hint_its_dimensions_or_rows() -> None:
    assert not has_picture(asking(None, "x"))
    assert not has_picture(asking({"type": "bar", "x": "x"}, "x"))
    assert not has_picture(asking({"type": "line", "x": "x", "y": "y"}, "x", "y"))
    query = asking({"type": "bar", "x": "x", "y": "y"}, "x", "y")
    assert picture(query, answer(("x", "y"))) is None


def test_the_shipped_matrix_shows_each_shared_goal_against_each_priority(shipped: Project) -> None:
    query = shipped.queries["shared-goal-matrix"]
    drawn = picture(query, shipped.run(query.name))
    assert isinstance(drawn, Matrix)
    assert [column.name for column in drawn.columns] == list("ABCDEFGH")
    assert next(column.label for column in drawn.columns) == "West Africa"
    assert [row.head.name for row in drawn.rows] == ["1", "2", "3", "4", "5", "6"]
    stated = sum(cell.is_marked for row in drawn.rows for cell in row.cells)
    shown = sum(cell.level > 0 for row in drawn.rows for cell in row.cells)
    assert (stated, shown) == (39, 38)
    assert drawn.values == ("explicit", "similar")


def test_letters_keep_their_size_in_every_width() -> None:
    for narrow, wide in pairwise(matrix().svg(width) for width in WIDTHS):
        sizes = {elements(svg, "svg")[0].get("font-size") for svg in (narrow, wide)}
        assert sizes == {"14"}
