# SPDX-License-Identifier: Apache-2.0
"""The union, the alternative readings and the digest of a dataset."""

from __future__ import annotations

import hashlib

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
)

from cosigraph.dataset import Dataset
from cosigraph.errors import UnknownReadingError

BASE = "https://x.example/graph/"
S, P = NamedNode("https://x.example/s"), NamedNode("https://x.example/p")


def triple(value: str) -> Triple:
    return Triple(S, P, Literal(value))


def dataset(**replaced: str) -> Dataset:
    graphs: dict[str, tuple[Triple, ...]] = {
        BASE + "a": (triple("1"), triple("2")),
        BASE + "b": (triple("2"), triple("3")),
    }
    readings: dict[str, tuple[Triple, ...]] = {
        BASE + iri.replace("_", "/"): (triple("9"),) for iri in replaced
    }
    replaces = {BASE + iri.replace("_", "/"): BASE + name for iri, name in replaced.items()}
    return Dataset(graphs | readings, replaces)


def values(triples: tuple[Triple, ...]) -> list[str]:
    return [item.object.value for item in triples if isinstance(item.object, Literal)]


def test_the_default_graph_has_each_triple_once() -> None:
    assert values(dataset().default_triples()) == ["1", "2", "3"]


def test_an_alternative_reading_is_not_in_the_default_graph() -> None:
    assert values(dataset(reading_b_second="b").default_triples()) == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["second", "reading/b/second", BASE + "reading/b/second"])
def test_a_reading_stands_in_the_place_of_the_graph_that_it_replaces(name: str) -> None:
    assert values(dataset(reading_b_second="b").default_triples(name)) == ["1", "2", "9"]


def test_readings_of_one_short_name_are_called_by_their_whole_name() -> None:
    names = dataset(reading_a_second="a", reading_b_second="b").readings
    assert list(names) == ["reading/a/second", "reading/b/second"]


def test_an_unknown_reading_is_one_clear_line() -> None:
    with pytest.raises(UnknownReadingError) as caught:
        dataset(reading_b_second="b").default_graphs("secnd")
    assert str(caught.value) == "There is no reading 'secnd'. Did you mean 'second'?"


def test_a_project_of_one_reading_says_so() -> None:
    with pytest.raises(UnknownReadingError, match="one reading only"):
        dataset().default_graphs("second")


def test_nquads_hold_every_graph_and_the_union_sorted() -> None:
    lines = dataset().nquads().decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 4 + 3


@given(st.permutations(["1", "2", "3", "4"]))
def test_the_digest_does_not_depend_on_the_order_of_statements(order: list[str]) -> None:
    given_order = Dataset({BASE + "a": tuple(map(triple, order))})
    assert given_order.digest == Dataset({BASE + "a": tuple(map(triple, "1234"))}).digest


def test_the_digest_does_not_depend_on_the_labels_of_blank_nodes() -> None:
    def named(label: str) -> Dataset:
        return Dataset({BASE + "a": (Triple(BlankNode(label), P, Literal("1")),)})

    assert named("x").digest == named("y").digest


NODES = [BlankNode(label) for label in "xyz"]
PARTS = st.builds(
    Triple,
    st.sampled_from([S, *NODES]),
    st.just(P),
    st.sampled_from([S, Literal("1"), Literal("_:x"), *NODES]),
)


@given(st.lists(PARTS, unique=True), st.lists(PARTS, unique=True))
def test_the_digest_is_that_of_the_canonical_quads(a: list[Triple], b: list[Triple]) -> None:
    made = Dataset({BASE + "a": tuple(a), BASE + "b": tuple(b)})
    canonical = pyoxigraph.Dataset(made.named_quads())
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = pyoxigraph.serialize(canonical, format=RdfFormat.N_QUADS)
    assert written is not None
    lines = b"".join(sorted(written.splitlines(keepends=True)))
    assert made.digest == "sha256:" + hashlib.sha256(lines).hexdigest()


def test_the_digest_changes_with_a_statement_its_graph_and_its_spelling() -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    digests = {
        Dataset({graph: (Triple(S, P, Literal(text, datatype=decimal)),)}).digest
        for graph in (BASE + "a", BASE + "b")
        for text in ("1.5", "1.50")
    }
    assert len(digests) == 4
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)
