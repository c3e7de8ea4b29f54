# SPDX-License-Identifier: Apache-2.0
"""The house's Turtle: nothing lost, nothing moved, pleasant to read."""

from __future__ import annotations

import random

import pyoxigraph
import pytest
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
    Triple,
    parse,
)

from cosigraph.turtle import natural_key, write_trig, write_turtle

EX = "http://example.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"ex": EX, "exa": EX + "a/", "rdf": RDF, "xsd": XSD, "unused": "http://example.com/"}

names = st.sampled_from(["a", "b10", "b2", "a/x", "a/.", "-", "é", "", "x.y", "%20"])
iris = names.map(lambda name: NamedNode(EX + name))
blank_nodes = st.sampled_from([BlankNode(f"n{number}") for number in range(6)])
datatypes = st.sampled_from([XSD + n for n in ("integer", "decimal", "boolean", "date")])
texts = st.one_of(
    st.text(max_size=6), st.text(alphabet='"\\\n\r\t1.-é', max_size=8), st.sampled_from(["1", "-0"])
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "fr"])),
    st.builds(lambda t, d: Literal(t, datatype=NamedNode(d)), texts, datatypes),
    st.sampled_from(
        [Literal(1), Literal(True), Literal("0.5", datatype=NamedNode(XSD + "decimal"))]
    ),
)
predicates = st.one_of(
    iris, st.sampled_from([NamedNode(RDF + name) for name in ("type", "first", "rest")])
)
nil = st.just(NamedNode(RDF + "nil"))
triples = st.builds(
    Triple, st.one_of(iris, blank_nodes), predicates, st.one_of(iris, blank_nodes, literals, nil)
)
graphs = st.lists(triples, max_size=12)


def read(text: str) -> Dataset:
    return Dataset(parse(text, format=RdfFormat.TRIG))


def canonical(dataset: Dataset) -> Dataset:
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def dataset_of(graph: list[Triple]) -> Dataset:
    return Dataset(Quad(t.subject, t.predicate, t.object) for t in graph)


def turtle(source: str) -> str:
    """Write what a source in Turtle says, without the lines of prefixes."""
    graph = [quad.triple for quad in parse(_DECLARED + source, format=RdfFormat.TURTLE)]
    return write_turtle(graph, PREFIXES).split("\n\n", maxsplit=1)[1]


_DECLARED = f"@prefix ex: <{EX}> . @prefix rdf: <{RDF}> .\n"


@given(graphs)
def test_what_is_written_reads_back_as_the_same_graph(graph: list[Triple]) -> None:
    assert canonical(read(write_turtle(graph, PREFIXES))) == canonical(dataset_of(graph))


@given(graphs, st.randoms(), st.permutations(range(6)))
def test_neither_order_nor_labels_change_the_text(
    graph: list[Triple], order: random.Random, labels: list[int]
) -> None:
    renamed = {f"n{old}": BlankNode(f"m{new}") for old, new in enumerate(labels)}

    def rename(triple: Triple) -> Triple:
        subject, predicate, value = triple
        return Triple(
            renamed[subject.value] if isinstance(subject, BlankNode) else subject,
            predicate,
            renamed[value.value] if isinstance(value, BlankNode) else value,
        )

    shuffled = [rename(triple) for triple in graph]
    order.shuffle(shuffled)
    assert write_turtle(shuffled, PREFIXES) == write_turtle(graph, PREFIXES)


@given(graphs)
def test_writing_again_what_was_read_changes_nothing(graph: list[Triple]) -> None:
    once = write_turtle(graph, PREFIXES)
    assert write_turtle([quad.triple for quad in read(once)], PREFIXES) == once


@given(st.dictionaries(names.map(lambda name: EX + name), graphs, max_size=3))
def test_trig_reads_back_as_the_same_dataset(contents: dict[str, list[Triple]]) -> None:
    quads = Dataset(
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(name))
        for name, graph in contents.items()
        for triple in graph
    )
    assert canonical(read(write_trig(contents, PREFIXES))) == canonical(quads)


@given(st.text(alphabet="a019", max_size=5), st.text(alphabet="a019", max_size=5))
def test_the_natural_order_is_total(first: str, second: str) -> None:
    assert (natural_key(first) == natural_key(second)) == (first == second)


def test_numbers_in_names_count_as_numbers() -> None:
    assert sorted(["A-10", "A-2", "A-1"], key=natural_key) == ["A-1", "A-2", "A-10"]


def test_only_prefixes_that_are_used_are_declared_in_order() -> None:
    graph = [Triple(NamedNode(EX + "a/x"), NamedNode(RDF + "value"), NamedNode(EX + "b"))]
    assert write_turtle(graph, PREFIXES) == (
        f"@prefix ex: <{EX}> .\n@prefix exa: <{EX}a/> .\n@prefix rdf: <{RDF}> .\n\n"
        "exa:x rdf:value ex:b .\n"
    )


def test_the_type_stands_first_then_the_names_then_the_rest_by_name() -> None:
    source = """
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ex:b ex:z 1 ; ex:c 2 ; rdfs:label "b"@en ; a ex:T . ex:a ex:p ex:b10, ex:b9 .
    """
    graph = [quad.triple for quad in parse(_DECLARED + source, format=RdfFormat.TURTLE)]
    prefixes = {"ex": EX, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
    assert write_turtle(graph, prefixes).endswith(
        "\n\nex:a ex:p ex:b9, ex:b10 .\n\n"
        'ex:b a ex:T ;\n    rdfs:label "b"@en ;\n    ex:c 2 ;\n    ex:z 1 .\n'
    )


@pytest.mark.parametrize(
    "written",
    [
        'ex:a ex:p 0.5, 1, "01"^^<http://www.w3.org/2001/XMLSchema#integer>, -2, true .\n',
        'ex:a ex:p """two\nlines, "quoted\\"""" .\n',
        "ex:a ex:p ( 1 [ ex:q 2 ] ( ) ) .\n",
        "ex:a ex:p [ ex:q ex:b ; ex:r ex:c ] .\n",
        "[] ex:p ex:a .\n",
        "ex:a ex:p [] .\n",
    ],
)
def test_short_forms(written: str) -> None:
    expected = written.replace("<http://www.w3.org/2001/XMLSchema#integer>", "xsd:integer")
    assert turtle(written) == expected.replace("( )", "()")


def test_a_long_node_has_one_property_in_a_line() -> None:
    value = "x" * 70
    assert turtle(f'ex:a ex:p [ ex:q "{value}" ; ex:r 1, 2 ], 5 .') == (
        "ex:a ex:p\n"
        "        5,\n"
        "        [\n"
        f'            ex:q "{value}" ;\n'
        "            ex:r 1, 2\n"
        "        ] .\n"
    )


def test_a_node_that_is_used_twice_has_a_label() -> None:
    assert turtle("ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .") == (
        "ex:a ex:p _:c14n0 .\n\nex:b ex:p _:c14n0 .\n\n_:c14n0 ex:q 1 .\n"
    )


def test_very_deep_and_very_long_structures_are_written() -> None:
    predicate, rest, first = (NamedNode(iri) for iri in (EX + "p", RDF + "rest", RDF + "first"))
    chain = [Triple(BlankNode(f"n{n}"), predicate, BlankNode(f"n{n + 1}")) for n in range(200)]
    cells = [Triple(BlankNode(f"c{n}"), rest, BlankNode(f"c{n + 1}")) for n in range(200)]
    members = [Triple(BlankNode(f"c{n}"), first, Literal(n)) for n in range(200)]
    end = Triple(BlankNode("c200"), rest, NamedNode(RDF + "nil"))
    last = Triple(BlankNode("c200"), first, Literal(200))
    head = Triple(NamedNode(EX + "a"), predicate, BlankNode("c0"))
    for graph in (chain, cells + members, [head, *cells, *members, last, end]):
        text = write_turtle(graph, PREFIXES)
        assert len(list(parse(text, format=RdfFormat.TURTLE))) == len(graph)


def test_triple_terms_are_written() -> None:
    term = Triple(NamedNode(EX + "a"), NamedNode(EX + "p"), Literal("x"))
    graph = [Triple(NamedNode(EX + "r"), NamedNode(RDF + "reifies"), term)]
    text = write_turtle(graph, PREFIXES)
    assert text.endswith('ex:r rdf:reifies <<( ex:a ex:p "x" )>> .\n')
    assert [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)] == graph


def test_a_triple_term_has_neither_lists_nor_long_strings() -> None:
    nil = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
    node = NamedNode("urn:a")
    triples = [
        Triple(node, node, Triple(node, node, nil)),
        Triple(node, node, Triple(node, node, Literal('two\n"lines"'))),
    ]
    text = write_turtle(triples, {})
    assert r'"two\n\"lines\""' in text
    read = [quad.triple for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE)]
    assert set(read) == set(triples)
