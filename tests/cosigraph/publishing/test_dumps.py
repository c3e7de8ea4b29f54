# SPDX-License-Identifier: Apache-2.0
"""A dump has the graph as its files have it, in the same bytes on every run."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
)

from cosigraph import open_project
from cosigraph.publishing.dumps import dump_name, dumps
from tests.cosigraph.publishing.conftest import Publishing

BASE = "https://a.example/"


def canonical(content: bytes) -> set[str]:
    graph = Dataset(pyoxigraph.parse(content, format=RdfFormat.N_TRIPLES, lenient=True))
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in graph}


def test_a_dump_holds_its_graph_whole(published_note: Publishing) -> None:
    graphs = published_note.project.dataset.graphs
    for dump in published_note.dumps:
        content = gzip.decompress(dump.content)
        written = pyoxigraph.serialize(graphs[dump.graph], format=RdfFormat.N_TRIPLES) or b""
        assert canonical(content) == canonical(written)
        assert content.splitlines() == sorted(content.splitlines())
        assert dump.triples == len(graphs[dump.graph]) == len(content.splitlines())
        assert dump.sha256 == hashlib.sha256(dump.content).hexdigest()


def test_the_bytes_are_the_same_when_the_files_are_read_again(
    published_note: Publishing, root: Path
) -> None:
    again = Publishing(open_project(root)).dumps
    assert [(dump.name, dump.sha256) for dump in again] == [
        (dump.name, dump.sha256) for dump in published_note.dumps
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
OBJECTS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="en")),
    st.sampled_from([NamedNode("x:a"), NamedNode("https://a.example/graph/one")]),
    st.sampled_from([BlankNode("a"), BlankNode("b")]),
    st.sampled_from([Literal(" <https://a.example/graph/two> ."), Literal("> .\n<x:a")]),
)
GRAPHS = [NamedNode(f"{BASE}graph/one"), NamedNode(f"{BASE}graph/two")]
QUADS = st.lists(
    st.builds(
        Quad,
        st.sampled_from([NamedNode("x:s"), BlankNode("a"), BlankNode("c")]),
        st.sampled_from([NamedNode("x:p"), NamedNode("x:q")]),
        OBJECTS,
        st.sampled_from(GRAPHS),
    ),
    max_size=12,
)


@given(QUADS)
def test_whatever_literals_hold_each_statement_is_in_the_dump_of_its_graph(
    quads: list[Quad],
) -> None:
    unique = list(dict.fromkeys(quads))
    written = pyoxigraph.serialize(unique, format=RdfFormat.N_QUADS) or b""
    made = dumps(written, [graph.value for graph in GRAPHS], BASE)
    assert sum(dump.triples for dump in made) == len(unique)
    for graph, dump in zip(GRAPHS, made, strict=True):
        own = [quad.triple for quad in unique if quad.graph_name == graph]
        expected = pyoxigraph.serialize(own, format=RdfFormat.N_TRIPLES) or b""
        assert canonical(gzip.decompress(dump.content)) == canonical(expected)


def test_a_graph_with_an_iri_of_another_kind_has_a_name_too() -> None:
    assert dump_name(f"{BASE}graph/a/b", BASE) == "a/b"
    other = dump_name("https://b.example/g", BASE)
    assert len(other) == 16
    assert other.isalnum()


def test_the_bytes_do_not_depend_on_the_labels_of_blank_nodes_unless_these_are_lasting() -> None:
    def made(first: str, second: str, *, relabel: bool) -> bytes:
        graph = f"<{BASE}graph/one>"
        nquads = (
            f'_:{first} <x:p> "1" {graph} .\n_:{first} <x:q> _:{second} {graph} .\n'
            f'_:{second} <x:p> "2" {graph} .\n'
        )
        (dump,) = dumps(nquads.encode(), [f"{BASE}graph/one"], BASE, relabel=relabel)
        assert dump.triples == 3
        return gzip.decompress(dump.content)

    assert made("a", "b", relabel=True) == made("b", "a", relabel=True)
    assert b"_:lasting <x:q> _:too .\n" in made("lasting", "too", relabel=False)
