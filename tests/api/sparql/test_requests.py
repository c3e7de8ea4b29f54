# SPDX-License-Identifier: Apache-2.0
"""How a query comes."""

from __future__ import annotations

from starlette.types import Message

from cosigraph import Project
from tests.api.asking import Asker, http_scope
from tests.api.sparql.queries import ASK, FORM, SELECT, codes


def test_a_query_comes_by_get(asker: Asker) -> None:
    answer = asker.sparql(SELECT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert codes(answer.content) == ["T-1", "T-2"]


def test_a_query_comes_as_a_form(asker: Asker) -> None:
    assert codes(asker.request("POST", "/sparql", data={"query": SELECT}).content) == ["T-1", "T-2"]


def test_a_query_comes_as_the_body(asker: Asker) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    answer = asker.request("POST", "/sparql", content=SELECT.encode(), headers=headers)
    assert codes(answer.content) == ["T-1", "T-2"]


def test_the_address_may_end_in_a_slash(asker: Asker) -> None:
    assert asker.get("/sparql/", params={"query": ASK}).json() == {"head": {}, "boolean": True}


def test_a_body_in_pieces_is_put_together(asker: Asker) -> None:
    body = f"query={SELECT}".replace(" ", "+").encode()
    pieces: list[Message] = [
        {"type": "http.request", "body": body[:20], "more_body": True},
        {"type": "http.request", "body": body[20:], "more_body": False},
    ]
    sent = asker.exchange(http_scope("POST", "/sparql", content_type=FORM), pieces)
    assert sent[0]["status"] == 200
    assert codes(sent[1]["body"]) == ["T-1", "T-2"]


def test_text_that_is_not_ascii_comes_through_encoded_or_not(asker: Asker) -> None:
    query = 'SELECT ("Schöner \N{PEAR}" AS ?code) {}'
    assert codes(asker.sparql(query).content) == ["Schöner \N{PEAR}"]
    headers = {"Content-Type": FORM}
    answer = asker.request("POST", "/sparql", content=f"query={query}".encode(), headers=headers)
    assert codes(answer.content) == ["Schöner \N{PEAR}"]


def test_the_protocol_names_the_dataset(asker: Asker, orchard: Project) -> None:
    trees, tasting = (orchard.configuration.base + f"graph/{name}" for name in ("trees", "tasting"))
    query = "SELECT (COUNT(*) AS ?code) { ?tree orch:flavour ?flavour }"
    assert codes(asker.sparql(query).content) == ["11"]
    assert codes(asker.sparql(query, **{"default-graph-uri": trees}).content) == ["0"]
    named = "SELECT DISTINCT ?code { GRAPH ?code { ?tree orch:flavour ?flavour } }"
    assert codes(asker.sparql(named, **{"named-graph-uri": tasting}).content) == [tasting]


def test_a_reading_stands_in_the_default_graph(asker: Asker) -> None:
    query = 'ASK { tree:2 orch:flavour "sour" }'
    assert asker.sparql(query).json()["boolean"] is False
    assert asker.sparql(query, reading="second").json()["boolean"] is True


def test_parameters_of_other_services_do_no_harm(asker: Asker) -> None:
    answer = asker.sparql(SELECT, output="xml", results="xml", debug="on")
    assert codes(answer.content) == ["T-1", "T-2"]


def test_a_long_query_is_answered(asker: Asker) -> None:
    values = " ".join(str(number) for number in range(60_000))
    query = f"SELECT (COUNT(?x) AS ?code) {{ VALUES ?x {{ {values} }} }}"
    headers = {"Content-Type": "application/sparql-query"}
    answer = asker.request("POST", "/sparql", content=query.encode(), headers=headers)
    assert codes(answer.content) == ["60000"]
