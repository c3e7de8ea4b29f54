# SPDX-License-Identifier: Apache-2.0
"""Tables that are sorted and filtered by their address."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.table import Cell
from cosigraph.terms import IRI
from cosigraph_api.arranging import Arrangement
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page

NAMES = ("code", "count")
ROWS: list[tuple[Cell, ...]] = [("A-10", 2), ("A-2", 10), (None, 1), ("b", None), ("A-2", 3)]


def places(asked: Arrangement) -> list[int]:
    return list(asked.places(NAMES, ROWS, str))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("code", [1, 4, 0, 3, 2]),
        ("-code", [3, 0, 1, 4, 2]),
        ("count", [2, 0, 4, 1, 3]),
        ("-count", [1, 4, 0, 2, 3]),
        ("", [0, 1, 2, 3, 4]),
        ("renamed-since", [0, 1, 2, 3, 4]),
    ],
)
def test_rows_are_sorted_as_people_do_and_those_without_a_value_are_last(
    sort: str, expected: list[int]
) -> None:
    assert places(Arrangement.of([("sort", sort)], "trees")) == expected


def test_a_filter_leaves_the_rows_with_all_its_words_in_values_or_names() -> None:
    assert places(Arrangement.of([("filter", " a-2  10 ")], "trees")) == [1]
    named = Arrangement(words="PEAR")
    row: tuple[Cell, ...] = (IRI("https://ex.example/1"),)
    assert list(named.places(["tree"], [row], lambda _: "Pear tree")) == [0]
    assert list(Arrangement(words="ex.example").places(["tree"], [row], str)) == [0]
    assert not list(Arrangement(words="plum").places(["tree"], [row], str))


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()))),
    st.booleans(),
)
def test_sorting_loses_no_row_whatever_is_in_it(rows: list[tuple[Cell, ...]], down: bool) -> None:
    asked = Arrangement(sort="code", is_descending=down)
    assert sorted(asked.places(["code"], rows, str)) == list(range(len(rows)))


def test_a_parameter_of_the_query_is_not_taken_for_an_arrangement() -> None:
    asked = Arrangement.of([("sort", "of tree"), ("filter", "a")], "trees", ["sort"])
    assert (asked.sort, asked.words, asked.others) == ("", "a", (("sort", "of tree"),))


def heads(page: Page) -> dict[str, tuple[str | None, str]]:
    links = {each.text.rstrip(" ↑↓"): str(each.attributes["href"]) for each in page.all("a")}
    found = page.all("th", scope="col")
    return {
        name: (each.attributes.get("aria-sort"), links[name])
        for each in found
        if (name := each.text.strip().rstrip(" ↑↓")) in links
    }


def column(page: Page, name: str) -> list[str]:
    return [each.text.strip() for each in page.all("td") if each.attributes["data-column"] == name]


def test_a_link_sorts_and_sorts_the_other_way_round(asker: Asker) -> None:
    path = "/queries/varieties"
    page = read_page(asker.page(path).text)
    name, (state, link) = next(iter(heads(page).items()))
    assert state == "none"
    up = read_page(asker.page(urljoin(path, link)).text)
    state, link = heads(up)[name]
    assert state == "ascending"
    down = read_page(asker.page(urljoin(path, link)).text)
    state, link = heads(down)[name]
    assert state == "descending"
    assert heads(read_page(asker.page(urljoin(path, link)).text))[name][0] == "ascending"
    values = column(up, name)
    assert len(values) > 2
    assert column(down, name) == values[::-1]
    assert sorted(column(page, name)) == sorted(values)


def test_the_filter_keeps_what_was_chosen_and_says_how_much_is_left(asker: Asker) -> None:
    path = "/queries/trees?variety=B&variety=C&sort=-planted&filter=1"
    page = read_page(asker.page(path).text)
    assert page.all("form", **{"class": "filter"})
    kept = [
        (each.attributes["name"], each.attributes["value"])
        for each in page.all("input", type="hidden")
    ]
    assert kept == [("variety", "B"), ("variety", "C"), ("sort", "-planted")]
    assert " of " in page.texts("h2")[0]
    none = read_page(asker.page("/queries/trees?filter=unheard-of").text)
    assert none.texts("h2")[0].startswith("0 of ")
    assert "trees#result" in none.links()
    assert "Why is this empty?" not in none.texts("a")


def test_things_are_called_by_their_names_with_their_identifiers_beside(asker: Asker) -> None:
    page = read_page(asker.page("/sparql?query=SELECT+*+{?v+a+orch:Variety}&sort=-v").text)
    codes = [each.text for each in page.all("code", **{"class": "curie"})]
    assert codes
    assert all(code.startswith("variety:") for code in codes)
    cells = zip(column(page, "v"), codes, strict=True)
    names = [cell.removesuffix(code).strip() for cell, code in cells]
    assert names == sorted(names, reverse=True)
    assert "Greengage" in names
    assert heads(page)["v"][0] == "descending"


def test_another_arrangement_is_another_entity(asker: Asker) -> None:
    path = "/sparql?query=SELECT+*+{?tree+a+orch:Tree}"
    assert asker.page(path).headers["etag"] != asker.page(path + "&sort=-tree").headers["etag"]
