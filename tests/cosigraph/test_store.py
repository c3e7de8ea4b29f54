# SPDX-License-Identifier: Apache-2.0
"""The embedded store: what its answers look like, and what it says when it cannot answer."""

from __future__ import annotations

import gc
import io
import json
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple

from cosigraph.dataset import Dataset
from cosigraph.errors import QueryError, QuerySyntaxError, UnknownReadingError
from cosigraph.formats import ResultFormat
from cosigraph.store import PIECE, EmbeddedStore, Query
from cosigraph.workers import WorkerPool

X = "https://x.example/"
S, P = NamedNode(X + "s"), NamedNode(X + "p")
A, B, READING = X + "graph/a", X + "graph/b", X + "graph/reading/b/second"


def triple(value: str) -> Triple:
    return Triple(S, P, Literal(value))


@pytest.fixture
def store() -> EmbeddedStore:
    graphs = {
        A: (triple("1"), triple("2")),
        B: (triple("2"), triple("3")),
        READING: (triple("9"),),
    }
    return EmbeddedStore(Dataset(graphs, {READING: B}).snapshot())


def ask(
    store: EmbeddedStore,
    text: str,
    format: ResultFormat = ResultFormat.CSV,  # noqa: A002
    reading: str | None = None,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
) -> str:
    query = Query(text, format, reading, default_graphs, named_graphs, {"x": X, "unused": "u:"}, X)
    return b"".join(store.execute(query)).decode()


VALUES = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def lines(answer: str) -> list[str]:
    return answer.splitlines()[1:]


def test_a_triple_in_two_graphs_is_answered_once(store: EmbeddedStore) -> None:
    assert lines(ask(store, VALUES)) == ["1", "2", "3"]


def test_a_reading_replaces_its_graph(store: EmbeddedStore) -> None:
    assert lines(ask(store, VALUES, reading="second")) == ["1", "2", "9"]
    assert lines(ask(store, VALUES)) == ["1", "2", "3"]


def test_every_named_graph_can_be_asked(store: EmbeddedStore) -> None:
    assert lines(ask(store, GRAPHS)) == [A, B, READING]


def test_named_default_graphs_are_merged_without_repeating_a_triple(store: EmbeddedStore) -> None:
    assert lines(ask(store, VALUES, default_graphs=(A, B))) == ["1", "2", "3"]
    assert lines(ask(store, VALUES, default_graphs=(B, READING))) == ["2", "3", "9"]


def test_naming_graphs_leaves_out_all_others(store: EmbeddedStore) -> None:
    assert lines(ask(store, GRAPHS, default_graphs=(A,))) == []
    assert lines(ask(store, VALUES, named_graphs=(A,))) == []
    assert lines(ask(store, GRAPHS, named_graphs=(A,))) == [A]


def test_graphs_in_the_text_and_in_the_query_are_the_same(store: EmbeddedStore) -> None:
    text = (
        f"SELECT ?o FROM <{A}> FROM <{B}> FROM NAMED <{B}> {{ ?s ?p ?o GRAPH ?g {{ ?s ?p ?o }} }}"
    )
    answer = ask(store, text + " ORDER BY ?o", default_graphs=(A, B), named_graphs=(B,))
    assert lines(answer) == ["2", "3"]


def test_an_unknown_reading_is_one_clear_line(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownReadingError, match="There is no reading 'third'"):
        ask(store, VALUES, reading="third")


def test_columns_of_a_star_come_in_the_order_of_their_appearance(store: EmbeddedStore) -> None:
    assert ask(store, "SELECT * { ?zebra ?p ?antelope }").startswith("zebra,p,antelope")
    assert ask(store, "SELECT ?b ?a { ?b ?p ?a }").startswith("b,a")


def test_no_column_of_a_star_is_lost_where_a_comparison_looks_like_an_iri(
    store: EmbeddedStore,
) -> None:
    text = "SELECT * { ?s ?p ?o BIND((1<?m&&2>1) AS ?k) OPTIONAL { ?m ?m ?m } }"
    assert ask(store, text).startswith("s,p,o,k,m")


def test_known_prefixes_need_no_declaration_and_yield_to_one(store: EmbeddedStore) -> None:
    assert lines(ask(store, "SELECT ?o { x:s x:p ?o }")) != []
    assert lines(ask(store, "PREFIX x: <o:> SELECT ?o { x:s x:p ?o }")) == []


def test_a_boolean_is_answered_in_every_format_of_bindings(store: EmbeddedStore) -> None:
    answers = [ask(store, "ASK { ?s ?p ?o }", each) for each in ResultFormat.of_kind("bindings")]
    assert all("true" in answer for answer in answers)


def test_a_graph_in_turtle_is_sorted_with_the_prefixes_that_it_uses(store: EmbeddedStore) -> None:
    answer = ask(store, "DESCRIBE x:s", ResultFormat.TURTLE)
    assert answer == f'@prefix x: <{X}> .\nx:s x:p "1" , "2" , "3" .\n'


def test_a_graph_is_written_alike_each_time_even_with_new_blank_nodes(
    store: EmbeddedStore,
) -> None:
    text = "CONSTRUCT { ?s ?p [ x:value ?o ] } { ?s ?p ?o }"
    for each in ResultFormat.of_kind("graph"):
        assert ask(store, text, each) == ask(store, text, each)


def test_each_format_of_graphs_can_be_written(store: EmbeddedStore) -> None:
    text = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert ask(store, text, ResultFormat.NTRIPLES).count("\n") == 3
    assert "rdf:RDF" in ask(store, text, ResultFormat.RDFXML)
    assert json.loads(ask(store, text, ResultFormat.JSONLD))[0]["@id"] == X + "s"


@pytest.mark.parametrize(
    ("form", "read_as"),
    [(ResultFormat.TRIG, RdfFormat.TRIG), (ResultFormat.NQUADS, RdfFormat.N_QUADS)],
)
def test_a_graph_is_the_default_graph_where_a_format_has_graphs(
    store: EmbeddedStore, form: ResultFormat, read_as: RdfFormat
) -> None:
    answer = ask(store, "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", form)
    quads = list(pyoxigraph.parse(answer, read_as))
    assert len(quads) == 4
    assert {quad.graph_name for quad in quads} == {DefaultGraph()}


def test_blank_nodes_of_two_rows_stay_apart() -> None:
    graph = (Triple(BlankNode("a"), P, Literal("1")), Triple(BlankNode("b"), P, Literal("2")))
    answer = ask(EmbeddedStore(Dataset({A: graph}).snapshot()), "SELECT DISTINCT ?s { ?s ?p ?o }")
    assert len(lines(answer)) == 2


def blank_nodes() -> Dataset:
    nodes = [BlankNode(label) for label in ("f0b1", "f0b2", "zz")]
    graphs = {
        A: tuple(Triple(node, P, Literal(node.value)) for node in nodes),
        B: (Triple(nodes[0], P, nodes[1]), Triple(nodes[0], P, Literal("f0b1"))),
    }
    return Dataset(graphs)


BLANK_NODES = "SELECT ?s ?o { ?s ?p ?o } ORDER BY STR(?o)"


def test_blank_nodes_keep_their_labels_also_in_the_default_graph() -> None:
    answers = [ask(EmbeddedStore(blank_nodes().snapshot()), BLANK_NODES) for _ in range(2)]
    assert answers[0] == answers[1]
    assert sorted(lines(answers[0])) == ["_:f0b1,_:f0b2", "_:f0b1,f0b1", "_:f0b2,f0b2", "_:zz,zz"]


def test_two_processes_give_blank_nodes_the_same_labels() -> None:
    snapshot = blank_nodes().snapshot()
    query = Query("SELECT ?s ?o { ?s ?p ?o }", ResultFormat.JSON)
    answers = set()
    for _ in range(2):
        pool = WorkerPool(snapshot, size=1)
        try:
            answers.add(pool.execute_blocking(query))
        finally:
            pool.close()
    assert answers == {b"".join(EmbeddedStore(snapshot).execute(query))}


def test_a_query_that_cannot_be_run_is_one_line_on_standard_error(root: Path) -> None:
    text = "SELECT ?s ?o { ?s ?p ?o FILTER(<a:f>(?o)) }"
    command = [sys.executable, "-m", "cosigraph", "query", text]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1, done.stderr
    assert "The custom function <a:f> is not supported" in done.stderr


class Full(io.BytesIO):
    """Takes nothing in, as a full disk."""

    def write(self, content: object) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_an_error_takes_no_results_to_another_thread(capfd: pytest.CaptureFixture[str]) -> None:
    store = EmbeddedStore(blank_nodes().snapshot())
    query = Query("SELECT ?s ?o { ?s ?p ?o }", ResultFormat.JSON)
    errors: list[OSError] = []

    def run() -> None:
        try:
            store.write(query, Full())
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(errors) == 1
    errors.clear()
    gc.collect()
    assert capfd.readouterr().err == ""


def test_a_large_answer_comes_in_pieces() -> None:
    graph = tuple(triple(f"{number:0100}") for number in range(2000))
    store = EmbeddedStore(Dataset({A: graph}).snapshot())
    pieces = list(store.execute(Query("SELECT ?o { ?s ?p ?o }", ResultFormat.JSON)))
    assert [len(piece) for piece in pieces[:-1]] == [PIECE] * (len(pieces) - 1)
    assert len(json.loads(b"".join(pieces))["results"]["bindings"]) == 2000


def test_a_syntax_error_has_its_place(store: EmbeddedStore) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(store, "SELECT * {\n ?s ?p }")
    assert str(caught.value) == "line 2, column 8: '}' stands where an object was expected."


def test_an_unknown_function_is_one_clear_line(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError) as caught:
        ask(store, "SELECT * { ?s ?p ?o FILTER(<a:f>(?o)) }")
    assert str(caught.value) == (
        "The query cannot be run: The custom function <a:f> is not supported."
    )


def test_half_a_character_is_one_clear_line(store: EmbeddedStore) -> None:
    with pytest.raises(QuerySyntaxError, match=r"line 2, column 4: .* surrogate"):
        ask(store, "ASK {\n  '\ud800' ?p ?o }")


def test_a_closed_store_lets_go_of_its_data(store: EmbeddedStore) -> None:
    ask(store, VALUES)
    store.close()
    assert not store._stores
