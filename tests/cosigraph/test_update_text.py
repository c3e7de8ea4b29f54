# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from cosigraph.errors import QueryError
from cosigraph.update_text import end_of_prologue, with_dataset


def updated(text: str, default: tuple[str, ...], named: tuple[str, ...] = ()) -> set[str]:
    """What is in the graph a:r after the update of a dataset of three graphs."""
    store = pyoxigraph.Store()
    graphs: tuple[DefaultGraph | NamedNode, ...] = (
        DefaultGraph(),
        NamedNode("a:g"),
        NamedNode("a:h"),
    )
    for number, graph in enumerate(graphs):
        store.add(Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(number), graph))
    store.update(with_dataset(text, default, named))
    found = store.quads_for_pattern(None, None, None, NamedNode("a:r"))
    return {str(getattr(quad.object, "value", "")) for quad in found}


INSERT = "INSERT { GRAPH <a:r> { ?s ?p ?o } } WHERE { ?s ?p ?o }"


def test_without_a_dataset_the_text_stays() -> None:
    assert with_dataset(INSERT, (), ()) == INSERT


@pytest.mark.parametrize(
    ("default", "named", "found"),
    [
        (("a:g",), (), {"1"}),
        (("a:g", "a:h"), (), {"1", "2"}),
        (("a:nothing",), (), set()),
        ((), ("a:g",), set()),
    ],
)
def test_the_default_graph_is_that_of_the_protocol(
    default: tuple[str, ...], named: tuple[str, ...], found: set[str]
) -> None:
    assert updated(INSERT, default, named) == found


def test_the_named_graphs_are_those_of_the_protocol() -> None:
    text = "INSERT { GRAPH <a:r> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert updated(text, (), ("a:h",)) == {"2"}


def test_every_operation_has_it() -> None:
    text = f"# WHERE\n{INSERT} ; DELETE {{ GRAPH <a:r> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    assert updated(text, ("a:g",)) == set()


def test_operations_without_a_where_stay() -> None:
    text = "INSERT DATA { GRAPH <a:r> { <a:WHERE> <a:p> 'WHERE' } } ; CLEAR DEFAULT"
    assert with_dataset(text, ("a:g",), ()) == text


def test_delete_where_has_a_template_then() -> None:
    text = f"{INSERT} ; DELETE WHERE {{ GRAPH <a:r> {{ ?s ?p ?o }} }}"
    assert updated(text, (), ("a:r",)) == set()
    assert updated(text, ("a:g",)) == {"1"}  # the named graph is not in the dataset


@pytest.mark.parametrize(
    "text", [f"WITH <a:g> {INSERT}", "INSERT { ?s ?p ?o }\nusing named <a:g> WHERE { ?s ?p ?o }"]
)
def test_a_text_with_a_dataset_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"^line \d, column 1: .*(WITH|USING)"):
        with_dataset(text, ("a:g",), ())


def test_the_words_within_braces_are_no_clauses() -> None:
    text = "PREFIX with: <a:> INSERT { GRAPH <a:r> { ?s ?p ?o } } WHERE { ?s ?p ?o # USING\n }"
    assert updated(text, ("a:g",)) == {"1"}


@pytest.mark.parametrize("iri", ["relative", "a:g> } ; CLEAR ALL ; #", "", "a:b c"])
def test_a_graph_that_is_no_iri_is_refused(iri: str) -> None:
    with pytest.raises(QueryError, match="no absolute IRI"):
        with_dataset(INSERT, (iri,), ())


@pytest.mark.parametrize(
    ("prologue", "rest"),
    [
        ("", "CLEAR ALL"),
        ("PREFIX a: <a:> BASE <b:> # x\n", "CLEAR ALL"),
        ("prefix : <a:> VERSION '1.2' ", "INSERT DATA {}"),
        ("PREFIX a: <a:>", ""),
        (" # nothing\n", ""),
    ],
)
def test_the_prologue_ends_where_the_first_operation_begins(prologue: str, rest: str) -> None:
    assert end_of_prologue(prologue + rest) == len(prologue)
