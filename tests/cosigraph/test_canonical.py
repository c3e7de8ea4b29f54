# SPDX-License-Identifier: Apache-2.0
"""Canonical labels of blank nodes: RDFC-1.0 where that takes no time, else bounded."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import CanonicalizationAlgorithm, RdfFormat

from cosigraph.canonical import canonical


def quads(text: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(f"PREFIX : <urn:> {text}", format=RdfFormat.TRIG))


def alike(number: int, label: str = "n") -> str:
    nodes = [f"_:{label}{each:02}" for each in range(number)]
    return " ".join(f"{one} :p {other} ." for one in nodes for other in nodes if one != other)


@pytest.mark.parametrize(
    "text",
    [
        ":a :p 1 .",
        "[] :p [ :q 1 ], [ :q 2 ] .",
        "[] :p " + ", ".join(["[ :q 1 ]"] * 20) + " .",
        "[] :p ( " + "[ :q 1 ] " * 50 + ") .",
        "[] :p ( " + "1 " * 100 + ") .",
        "_:a :p _:b . _:b :p _:a . :g { _:a :p <<( _:b :p _:a )>> }",
        alike(4),
    ],
    ids=range(7),
)
def test_labels_are_those_of_rdfc(text: str) -> None:
    dataset = pyoxigraph.Dataset(quads(text))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert set(canonical(quads(text))) == set(dataset)


@pytest.mark.parametrize("number", [8, 12, 20])
def test_nodes_that_are_all_alike_take_no_time(number: int) -> None:
    found = set(canonical(quads(alike(number))))
    assert len(found) == number * (number - 1)
    assert set(canonical(quads(alike(number, "other")))) == found
