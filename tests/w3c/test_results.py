# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import BNode, Graph, URIRef
from rdflib.compare import isomorphic

from cosigraph.terms import XSD
from tests.w3c.results import Row, Statements, Table, difference, expected_result, read_result

A, B = NamedNode("https://example.org/a"), NamedNode("https://example.org/b")
_BLANKS = st.sampled_from([BlankNode(name) for name in "uvwx"])
_GRAPHS = st.frozensets(st.builds(Triple, _BLANKS, st.sampled_from([A, B]), _BLANKS), max_size=6)


def table(*rows: Row) -> Table:
    return Table(tuple(f"v{place}" for place in range(len(rows[0]))), rows)


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def test_rows_are_a_bag() -> None:
    assert difference(table((A,), (B,)), table((B,), (A,))) is None
    assert difference(table((A,), (A,)), table((A,))) is not None
    assert difference(table((A,), (A,), (B,)), table((A,), (B,), (B,))) is not None


def test_rows_are_a_list_where_they_are_ordered() -> None:
    assert difference(table((A,), (B,)), table((B,), (A,)), is_ordered=True) is not None
    assert difference(table((A,), (B,)), table((A,), (B,)), is_ordered=True) is None


def test_blank_nodes_may_have_other_names_one_to_one() -> None:
    u, v, w = map(BlankNode, "uvw")
    assert difference(table((u, u), (v, u)), table((w, w), (u, w))) is None
    assert difference(table((u, v)), table((w, w))) is not None
    assert difference(table((u, u)), table((v, w))) is not None
    assert difference(table((u,), (v,)), table((w,), (w,)), is_ordered=True) is not None
    inner = Triple(A, A, u)
    assert difference(table((u, inner)), table((w, Triple(A, A, w)))) is None
    assert difference(table((u, inner)), table((w, Triple(A, A, v)))) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("01", "integer"), typed("1", "integer")),
        (typed("1.50", "decimal"), typed("1.5", "decimal")),
        (typed("1.0e6", "double"), typed("1000000", "double")),
        (typed("1", "boolean"), typed("true", "boolean")),
        (typed("x", "integer"), typed("x", "integer")),
    ],
)
def test_numbers_are_the_same_by_datatype_and_value(one: Literal, other: Literal) -> None:
    assert difference(table((one,)), table((other,))) is None


def test_numbers_of_two_datatypes_are_not_the_same() -> None:
    assert difference(table((typed("1", "integer"),)), table((typed("1", "decimal"),))) is not None
    assert difference(table((typed("1", "integer"),)), table((Literal("1"),))) is not None


def test_unbound_is_not_empty() -> None:
    assert difference(table((None,)), table((Literal(""),))) is not None


def test_columns_may_stand_in_another_order() -> None:
    assert difference(Table(("x", "y"), ((A, B),)), Table(("y", "x"), ((B, A),))) is None
    assert difference(Table(("x",), ((A,),)), Table(("y",), ((A,),))) is not None


def test_results_of_two_kinds_are_never_the_same() -> None:
    assert difference(True, table((A,))) is not None
    assert difference(True, False) is not None
    assert difference(Statements(frozenset()), True) is not None


@given(_GRAPHS, _GRAPHS)
def test_graphs_are_the_same_when_rdflib_finds_them_isomorphic(
    one: frozenset[Triple], other: frozenset[Triple]
) -> None:
    same = difference(Statements(one), Statements(other)) is None
    assert same == isomorphic(_of_rdflib(one), _of_rdflib(other))


@given(_GRAPHS, st.permutations("uvwx"))
def test_a_graph_is_the_same_with_other_names(graph: frozenset[Triple], names: list[str]) -> None:
    renamed = dict(zip(map(BlankNode, "uvwx"), map(BlankNode, names), strict=True))
    other = frozenset(Triple(renamed[s], p, renamed[o]) for s, p, o in graph)
    assert difference(Statements(graph), Statements(other)) is None


def _of_rdflib(triples: frozenset[Triple]) -> Graph:
    graph = Graph()
    for subject, predicate, object_ in triples:
        assert isinstance(subject, BlankNode)
        assert isinstance(object_, BlankNode)
        graph.add((BNode(subject.value), URIRef(predicate.value), BNode(object_.value)))
    return graph


def test_a_result_kept_as_a_graph_of_results_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "result.ttl"
    path.write_text("""
        @prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
        [] a rs:ResultSet ; rs:resultVariable "x", "y" ;
           rs:solution [ rs:binding [ rs:variable "y" ; rs:value <a> ] ] .
    """)
    expected = Table(("x", "y"), ((None, A),))
    assert expected_result(path, "https://example.org/") == expected


def test_csv_tells_blank_nodes_and_values() -> None:
    found = read_result(b"x,y\r\n_:b0,1.0E6\r\n", ".csv")
    assert difference(found, read_result(b"x,y\r\n_:q,1000000\r\n", ".csv")) is None
    assert difference(found, read_result(b"x,y\r\nq,1000000\r\n", ".csv")) is not None
