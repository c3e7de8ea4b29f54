# SPDX-License-Identifier: Apache-2.0
"""What is not answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.asking import Asker, http_scope
from tests.api.sparql.queries import ASK, FORM, SELECT


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_a_format_that_cannot_be_given_is_406_with_those_that_can(
    asker: Asker, accept: str
) -> None:
    answer = asker.sparql(SELECT, accept=accept)
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.json()["advice"]


@pytest.mark.parametrize("name", ["turtle", "png", "jso"])
def test_a_format_by_a_wrong_name_is_400(asker: Asker, name: str) -> None:
    answer = asker.sparql(SELECT, format=name)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/unknown-format")


def test_a_malformed_query_is_400_with_its_position(asker: Asker) -> None:
    answer = asker.sparql("SELECT *\nWHERE { ?s ?p }")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith("/query-syntax")
    assert problem["status"] == 400
    assert problem["position"] == {"line": 2, "column": 15}
    assert "expected" in problem["detail"]


@pytest.mark.parametrize("parameters", ["query=", "query=%20", "default-graph-uri=urn:g"])
def test_no_query_is_400(asker: Asker, parameters: str) -> None:
    assert asker.get(f"/sparql?{parameters}").status_code == 400
    headers = {"Content-Type": FORM}
    assert asker.request("POST", "/sparql", content=b"", headers=headers).status_code == 400


def test_two_queries_are_400(asker: Asker) -> None:
    assert asker.get("/sparql?query=ASK+{}&query=ASK+{}").status_code == 400
    headers = {"Content-Type": "application/sparql-query"}
    answer = asker.request("POST", "/sparql?query=ASK+{}", content=b"ASK {}", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["%FF", "ASK+{}%C3"])
def test_a_query_that_is_no_utf8_is_400(asker: Asker, query: str) -> None:
    assert asker.get(f"/sparql?query={query}").status_code == 400
    headers = {"Content-Type": "application/sparql-query"}
    answer = asker.request("POST", "/sparql", content=b"ASK {} #\xff", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE ?where { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:9/> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
    ],
)
def test_what_reaches_beyond_the_dataset_is_403_with_its_position(asker: Asker, query: str) -> None:
    answer = asker.sparql(query)
    assert answer.status_code == 403
    assert answer.json()["position"]["line"] == 1


def test_a_graph_of_the_protocol_that_is_not_here_is_403(asker: Asker) -> None:
    answer = asker.sparql(ASK, **{"default-graph-uri": "http://127.0.0.1:9/graph"})
    assert answer.status_code == 403


def test_an_update_is_403_however_it_comes(asker: Asker) -> None:
    assert asker.get("/sparql?update=CLEAR+ALL").status_code == 403
    assert asker.request("POST", "/sparql", data={"update": "CLEAR ALL"}).status_code == 403
    headers = {"Content-Type": "application/sparql-update"}
    answer = asker.request("POST", "/sparql", content=b"CLEAR ALL", headers=headers)
    assert answer.status_code == 403


def test_an_unknown_reading_is_400(asker: Asker) -> None:
    answer = asker.sparql(ASK, reading="secnd")
    assert answer.status_code == 400
    assert "'second'" in answer.json()["advice"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_another_method_is_405_with_those_allowed(asker: Asker, method: str) -> None:
    answer = asker.request(method, "/sparql?query=ASK+{}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/sparql-query; charset=UTF-16"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_in_another_format_is_415(asker: Asker, headers: dict[str, str]) -> None:
    answer = asker.request("POST", "/sparql", content=b"ASK {}", headers=headers)
    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_413_announced_or_not(asker: Asker) -> None:
    body = b"#" * (1024 * 1024 + 1)
    headers = {"Content-Type": "application/sparql-query"}
    assert asker.request("POST", "/sparql", content=body, headers=headers).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    assert asker.request("POST", "/sparql", content=pieces(), headers=headers).status_code == 413


def test_a_query_string_that_is_too_long_is_414(asker: Asker) -> None:
    scope = http_scope("GET", "/sparql", b"query=" + b"x" * 70_000)
    assert asker.exchange(scope, [])[0]["status"] == 414
