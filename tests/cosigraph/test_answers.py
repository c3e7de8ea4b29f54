# SPDX-License-Identifier: Apache-2.0
"""One way to answer: check, refuse, choose the format, run, read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.answers import Answer, Surroundings, answer, prepare
from cosigraph.dataset import Dataset
from cosigraph.errors import QueryRefused, QuerySyntaxError, UnknownFormatError
from cosigraph.formats import ResultFormat
from cosigraph.sparql import Form
from cosigraph.store import EmbeddedStore, Query

X = "https://x.example/"
A = X + "graph/a"
S, P, ONE = NamedNode(X + "s"), NamedNode(X + "p"), Literal("1")
SURROUNDINGS = Surroundings((A,), {"x": X}, X, "1+sha256.abc")


class CountingStore:
    """A store that counts how often it is asked."""

    def __init__(self) -> None:
        self.inner = EmbeddedStore(Dataset({A: (Triple(S, P, ONE),)}).snapshot())
        self.asked: list[ResultFormat] = []

    def execute(self, query: Query) -> Iterator[bytes]:
        self.asked.append(query.format)
        return self.inner.execute(query)

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


def ask(store: CountingStore, text: str, format: str | None = None) -> Answer:  # noqa: A002
    return answer(store, text, SURROUNDINGS, format=format)


def test_a_table_is_json_and_a_graph_is_turtle_unless_asked_otherwise() -> None:
    formats = [
        prepare(text, SURROUNDINGS).format
        for text in ("SELECT * {}", "ASK {}", "CONSTRUCT WHERE {}", "DESCRIBE x:s")
    ]
    assert formats == [ResultFormat.JSON] * 2 + [ResultFormat.TURTLE] * 2


def test_rows_have_terms_in_the_order_of_the_columns(store: CountingStore) -> None:
    given = ask(store, "SELECT ?o ?s ?none { ?s ?p ?o OPTIONAL { ?s x:no ?none } }")
    assert given.columns == ("o", "s", "none")
    assert given.rows() == [(ONE, S, None)]
    assert given.boolean is None
    assert given.version == "1+sha256.abc"


def test_rows_can_be_read_whatever_the_format(store: CountingStore) -> None:
    given = ask(store, "SELECT ?o { ?s ?p ?o }", "csv")
    assert given.content() == b"o\r\n1\r\n"
    assert given.rows() == [(ONE,)]


def test_the_query_is_run_once(store: CountingStore) -> None:
    given = ask(store, "SELECT ?o { ?s ?p ?o }")
    assert store.asked == []
    assert (given.rows(), given.columns, given.content()) == (
        given.rows(),
        given.columns,
        given.content(),
    )
    assert store.asked == [ResultFormat.JSON]


def test_a_boolean_is_read(store: CountingStore) -> None:
    given = ask(store, "ASK { ?s ?p 2 }", "tsv")
    assert given.form is Form.ASK
    assert given.boolean is False
    assert (given.columns, given.rows()) == ((), [])


def test_a_graph_has_triples_and_no_rows(store: CountingStore) -> None:
    given = ask(store, "CONSTRUCT WHERE { ?s ?p ?o }")
    assert given.triples() == [Triple(S, P, ONE)]
    assert given.boolean is None
    with pytest.raises(UnknownFormatError, match="no rows"):
        given.rows()


def test_a_table_has_no_triples(store: CountingStore) -> None:
    assert ask(store, "SELECT * {}").triples() == []


def test_a_graph_as_csv_is_refused_with_the_formats_that_fit() -> None:
    with pytest.raises(UnknownFormatError, match="Formats that fit: turtle, ntriples, rdfxml"):
        prepare("DESCRIBE x:s", SURROUNDINGS, format="csv")


def test_xml_of_a_graph_is_rdf_xml() -> None:
    assert prepare("DESCRIBE x:s", SURROUNDINGS, format="xml").format is ResultFormat.RDFXML


def test_the_dataset_of_the_text_reaches_the_store() -> None:
    assert prepare(f"ASK FROM <{A}> {{}}", SURROUNDINGS).default_graphs == (A,)


def test_the_protocols_dataset_comes_before_that_of_the_text() -> None:
    query = prepare(f"ASK FROM <{A}> {{}}", SURROUNDINGS, named_graphs=(A,))
    assert (query.default_graphs, query.named_graphs) == ((), (A,))


def test_a_protocol_graph_beyond_the_dataset_is_refused() -> None:
    with pytest.raises(QueryRefused, match="There is no graph <file:///etc/passwd>"):
        prepare("ASK {}", SURROUNDINGS, default_graphs=("file:///etc/passwd",))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { SERVICE <a:b> {} }", QueryRefused),
        ("CLEAR ALL", QueryRefused),
        ("hello", QuerySyntaxError),
    ],
)
def test_what_is_not_allowed_never_reaches_the_store(
    store: CountingStore, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(store, text)
    assert store.asked == []
