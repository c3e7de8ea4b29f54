# SPDX-License-Identifier: Apache-2.0
"""Labels of blank nodes follow from their content, whatever they were called, and soon."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cosigraph import blank_nodes
from cosigraph.blank_nodes import labelled
from tests.cosigraph.difference.making import BLANK, DATASETS, NAMED, canonical, read, renamed

P = NamedNode("https://example.org/p")
ORDERS = st.permutations(range(4))
TANGLES = st.lists(st.builds(Quad, BLANK, NAMED, BLANK), max_size=10)


@given(quads=DATASETS | TANGLES, order=ORDERS)
def test_the_same_data_get_the_same_labels(quads: list[Quad], order: list[int]) -> None:
    assert labelled(renamed(quads, order)).quads == labelled(quads).quads


@given(one=DATASETS | TANGLES, other=DATASETS | TANGLES)
def test_other_data_get_other_labels(one: list[Quad], other: list[Quad]) -> None:
    same = canonical(one) == canonical(other)
    assert (labelled(one).quads == labelled(other).quads) == same


@given(quads=DATASETS | TANGLES)
def test_labelling_changes_nothing_but_labels_and_is_done_once(quads: list[Quad]) -> None:
    once = labelled(quads)
    assert canonical(once.quads) == canonical(quads)
    assert labelled(once.quads).quads == once.quads


def test_nodes_that_nothing_tells_apart_are_kept_apart() -> None:
    assert len(labelled(read(":a :b [], [ :c 1 ], [ :c 1 ] .")).quads) == 5


def test_a_group_keeps_its_labels_whatever_changes_beside_it() -> None:
    group = read(":a :b [ :c [ :d 1 ] ] .")
    with_others = labelled([*read(":x :b [ :c 2 ], [] ."), *group]).quads
    assert labelled(group).quads < with_others


def clique(size: int, name: str = "b") -> list[Quad]:
    pairs = itertools.permutations(range(size), 2)
    return [Quad(BlankNode(f"{name}{i}"), P, BlankNode(f"{name}{j}")) for i, j in pairs]


def ring(size: int, names: list[int]) -> list[Quad]:
    numbers = range(size)
    return [Quad(BlankNode(f"b{names[i]}"), P, BlankNode(f"b{names[i - 1]}")) for i in numbers]


@pytest.mark.parametrize("size", [5, 30])
def test_nodes_that_all_know_each_other_are_labelled_within_bounds(size: int) -> None:
    found = labelled(clique(size))
    assert labelled(clique(size, "other")).quads == found.quads
    assert found.undecided == size


def test_long_rings_are_labelled_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blank_nodes, "MOST_STEPS", 1000)
    size = 300
    found = labelled(ring(size, list(range(size))))
    assert found.undecided == size
    assert len(found.quads) == size


def test_what_is_decided_is_not_counted_as_undecided() -> None:
    numbers = [Quad(BlankNode(f"b{i}"), P, Literal(i)) for i in range(20)]
    assert labelled([*numbers, *ring(20, list(range(20)))]).undecided == 0
    assert labelled(ring(4, [2, 0, 3, 1])).undecided == 0


def test_no_order_is_tried_where_neighbours_tell_nodes_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blank_nodes, "MOST_ORDERS", 0)
    chain = ring(9, list(range(9)))[1:]
    assert labelled(chain).undecided == 0
    assert labelled(read("_:a :p _:b .")).undecided == 0
    assert labelled(ring(9, list(range(9)))).undecided == 9
