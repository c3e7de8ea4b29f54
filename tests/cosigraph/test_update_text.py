# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from cosigraph.errors import QueryError
from cosigraph.update_text import end_of_prologue, hoisted, with_dataset


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CLEAR ALL ; PREFIX x: <a:> INSERT DATA { x:s x:p 1 }", {"<a:s>"}),
        (
            "PREFIX x: <a:> INSERT DATA { x:s x:p 1 } ; PREFIX x: <b:> INSERT DATA { x:s x:p 1 }",
            {"<a:s>", "<b:s>"},
        ),
        (
            "INSERT DATA { ex:s ex:p 1 } ;\nprefix ex: <b:> # ex:\nPREFIX : <c:>\n"
            "INSERT DATA { ex:s :p 'ex:s' } ; INSERT DATA { :s :p 1 } ; "
            "PREFIX ex: <https://x.example/> INSERT DATA { ex:t :p 2 }",
            {"<https://x.example/s>", "<b:s>", "<c:s>", "<https://x.example/t>"},
        ),
        ("PREFIX x: <a:> INSERT DATA { x:s x:p 1 } ; PREFIX x: <a:> CLEAR GRAPH x:g", None),
    ],
)
def test_a_prologue_may_stand_before_each_operation(text: str, found: set[str] | None) -> None:
    store = pyoxigraph.Store()
    rewritten, prefixes = hoisted(text, {"ex": "https://x.example/"})
    if found is None:
        with pytest.raises(RuntimeError, match="does not exist"):
            store.update(rewritten, prefixes=prefixes)
        return
    store.update(rewritten, prefixes=prefixes)
    assert {str(quad.subject) for quad in store} == found


def test_what_does_not_move_stays_where_it_is() -> None:
    text = "CLEAR ALL ;\nPREFIX x: # comment\n <a:>\n INSERT DATA { x:s x:p }"
    rewritten, prefixes = hoisted(text, {})
    assert len(rewritten) == len(text)
    assert rewritten.index("INSERT") == text.index("INSERT")
    assert prefixes == {"x": "a:"}
    alone = "PREFIX x: <a:> INSERT DATA { x:s x:p 1 }"
    assert hoisted(alone, {"y": "b:"}) == (alone, {"y": "b:"})


@given(st.text(alphabet="xX:<>a;{}#'\"\n PREFIXprefix", max_size=60))
def test_hoisting_never_fails(text: str) -> None:
    hoisted(text, {"x": "a:"})
