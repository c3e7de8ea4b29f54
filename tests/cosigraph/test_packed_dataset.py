# SPDX-License-Identifier: Apache-2.0
"""A dataset without its triples answers as the one that it was made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.changes import Content
from cosigraph.dataset import Dataset
from cosigraph.packed_dataset import Outline, PackedDataset, PackedTriples, graph_sizes
from cosigraph.stored_dataset import DefaultGraphKind, StoredDataset

X = "https://x.example/"
GRAPHS = [f"{X}graph/{name}" for name in "abc"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SUBJECTS = st.sampled_from([NamedNode(X + "s"), NamedNode(X + "t"), BlankNode("x")])
OBJECTS = st.one_of(
    st.builds(Literal, TEXTS),
    st.sampled_from([NamedNode(GRAPHS[0]), BlankNode("y"), Literal("_:a <b> .", language="en")]),
)
TRIPLES = st.builds(Triple, SUBJECTS, st.just(NamedNode(X + "p")), OBJECTS)
CONTENTS = st.dictionaries(st.sampled_from(GRAPHS), st.lists(TRIPLES, max_size=6, unique=True))


def made(contents: dict[str, list[Triple]]) -> Dataset:
    replaces = {GRAPHS[2]: GRAPHS[0]} if {GRAPHS[2], GRAPHS[0]} <= set(contents) else {}
    return Dataset({iri: tuple(triples) for iri, triples in contents.items()}, replaces)


@given(CONTENTS)
def test_graphs_sizes_and_snapshot_are_those_of_the_dataset(
    contents: dict[str, list[Triple]],
) -> None:
    whole = made(contents)
    sizes = {iri: len(triples) for iri, triples in whole.graphs.items()}
    outline = Outline(sizes, whole.replaces, whole.default_size(), whole.digest, ())
    packed = PackedDataset.of(whole.snapshot().nquads, outline)
    assert {iri: set(triples) for iri, triples in packed.graphs.items()} == {
        iri: set(triples) for iri, triples in whole.graphs.items()
    }
    assert {iri: len(triples) for iri, triples in packed.graphs.items()} == sizes
    assert packed.snapshot() == whole.snapshot()
    assert packed.default_size() == len(set(packed.default_triples())) == whole.default_size()
    assert (packed.digest, packed.readings) == (whole.digest, whole.readings)


@given(CONTENTS, st.lists(TRIPLES, max_size=6, unique=True), st.sampled_from(DefaultGraphKind))
def test_a_stored_dataset_has_the_graphs_that_were_stored(
    contents: dict[str, list[Triple]], unnamed: list[Triple], kind: DefaultGraphKind
) -> None:
    lines = made(contents).snapshot().nquads + b"".join(f"{each} .\n".encode() for each in unnamed)
    stored = StoredDataset.of(Content(lines, tuple(contents)), {}, kind)
    assert {iri: set(triples) for iri, triples in stored.graphs.items()} == {
        iri: set(triples) for iri, triples in contents.items()
    }
    assert set(stored.unnamed) == set(unnamed)
    assert len(stored.unnamed) == len(unnamed)
    default = set(unnamed)
    if kind is DefaultGraphKind.UNION:
        default = default.union(*contents.values())
    assert set(stored.default_triples()) == default
    assert stored.default_size() == len(default)
    assert {(quad.graph_name, quad.triple) for quad in stored.named_quads()} == {
        (NamedNode(iri), triple) for iri, triples in contents.items() for triple in triples
    }
    empty = {iri for iri, triples in contents.items() if not triples}
    assert set(stored.snapshot().empty_graphs) == empty


def test_triples_are_a_sequence() -> None:
    lines = b'<a:s> <a:p> "1" <a:g> .\n<a:s> <a:p> "2" .\n<a:s> <a:p> "3" <a:g> .\n'
    assert graph_sizes(lines) == {"a:g": 2, None: 1}
    triples = PackedTriples(lines, "a:g", 2)
    first, second = (Triple(NamedNode("a:s"), NamedNode("a:p"), Literal(n)) for n in "13")
    assert (triples[0], triples[1], triples[:1]) == (first, second, (first,))
    assert list(reversed(triples)) == [second, first]
    assert second in triples
