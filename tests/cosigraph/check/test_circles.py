# SPDX-License-Identifier: Apache-2.0
"""Circles in a relation."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.check.circles import circles

NODES = st.sampled_from("abcdefg")
EDGES = st.lists(st.tuples(NODES, NODES), max_size=20)


def reachable(edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The transitive closure, by adding what follows until nothing does."""
    closure = set(edges)
    while more := {(a, d) for a, b in closure for c, d in closure if b == c} - closure:
        closure |= more
    return closure


@given(EDGES)
def test_each_part_that_comes_back_to_itself_has_one_circle(edges: list[tuple[str, str]]) -> None:
    closure = reachable(edges)
    comes_back = {node for node in "abcdefg" if (node, node) in closure}
    parts = {
        frozenset(other for other in comes_back if {(node, other), (other, node)} <= closure)
        for node in comes_back
    }
    found = circles(edges)
    assert len(found) == len(parts)
    assert {part for part in parts for circle in found if set(circle) <= part} == parts


@given(EDGES)
def test_a_circle_goes_along_edges_and_begins_with_its_parts_first_node(
    edges: list[tuple[str, str]],
) -> None:
    closure = reachable(edges)
    for circle in circles(edges):
        steps = zip(circle, [*circle[1:], circle[0]], strict=True)
        assert set(steps) <= set(edges)
        assert len(set(circle)) == len(circle)
        assert circle[0] == min(
            node for node in "abcdefg" if {(node, circle[0]), (circle[0], node)} <= closure
        )


def test_a_hierarchy_may_be_deeper_than_python_recurses() -> None:
    chain = [(f"{n:06}", f"{n + 1:06}") for n in range(20_000)]
    assert circles(chain) == []
    (circle,) = circles([*chain, ("020000", "000000")])
    assert len(circle) == 20_001
