# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from cosigraph import Project
from cosigraph.changes import Change
from cosigraph.errors import QueryTimeout
from cosigraph.store import Query, Snapshot
from cosigraph.workers import Account, WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import BROWSER, Asker, http_scope, lasting

SELECT = "SELECT ?code WHERE { ?tree a orch:Tree ; skos:notation ?code } ORDER BY ?code LIMIT 2"
ASK = "ASK { ?tree a orch:Tree }"
CONSTRUCT = "CONSTRUCT { ?tree a orch:Tree } WHERE { ?tree a orch:Tree }"
DESCRIBE = "DESCRIBE tree:1"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
FORM = "application/x-www-form-urlencoded"


def codes(content: bytes) -> list[str]:
    return [row["code"]["value"] for row in json.loads(content)["results"]["bindings"]]


# How a query comes


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


# In which format the answer goes


@pytest.mark.parametrize("query", [SELECT, ASK])
@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_bindings_and_booleans_go_in_every_format(
    asker: Asker, query: str, name: str, media_type: str
) -> None:
    accepted = asker.sparql(query, accept=media_type)
    named = asker.sparql(query, format=name)
    assert accepted.headers["content-type"] == named.headers["content-type"] == media_type
    assert accepted.content == named.content


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize(
    ("name", "media_type", "parsed_as"),
    [
        ("turtle", "text/turtle; charset=utf-8", pyoxigraph.RdfFormat.TURTLE),
        ("ntriples", "application/n-triples", pyoxigraph.RdfFormat.N_TRIPLES),
        ("rdfxml", "application/rdf+xml", pyoxigraph.RdfFormat.RDF_XML),
        ("jsonld", "application/ld+json", pyoxigraph.RdfFormat.JSON_LD),
        ("trig", "application/trig", pyoxigraph.RdfFormat.TRIG),
        ("nquads", "application/n-quads", pyoxigraph.RdfFormat.N_QUADS),
    ],
)
def test_graphs_go_in_every_format(
    asker: Asker, query: str, name: str, media_type: str, parsed_as: pyoxigraph.RdfFormat
) -> None:
    accepted = asker.sparql(query, accept=media_type)
    named = asker.sparql(query, format=name)
    assert accepted.headers["content-type"] == named.headers["content-type"] == media_type
    assert accepted.content == named.content
    assert len(list(pyoxigraph.parse(accepted.content, parsed_as))) in {7, 8}


def test_the_default_is_json_for_tables_and_turtle_for_graphs(asker: Asker) -> None:
    for accept in (None, "*/*"):
        answer = asker.sparql(SELECT, accept=accept)
        assert answer.headers["content-type"] == "application/sparql-results+json"
        answer = asker.sparql(CONSTRUCT, accept=accept)
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_the_quality_of_a_format_decides(asker: Asker) -> None:
    answer = asker.sparql(SELECT, accept="application/json;q=0.2, text/csv;q=0.9")
    assert answer.text == "code\r\nT-1\r\nT-2\r\n"


def test_a_client_that_asks_for_plain_xml_or_json_gets_that(asker: Asker) -> None:
    answer = asker.sparql(SELECT, accept="application/xml")
    assert answer.headers["content-type"] == "application/xml"
    assert ET.fromstring(answer.text).tag.endswith("sparql")
    assert asker.sparql(SELECT, accept="application/json").headers["content-type"] == (
        "application/json"
    )


def test_columns_stand_in_the_order_of_the_query(asker: Asker) -> None:
    answer = asker.sparql("SELECT * { ?z a orch:Tree ; skos:notation ?a } LIMIT 1", format="csv")
    assert answer.text.startswith("z,a\r\n")


# What is not answered


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


def test_a_long_query_is_answered(asker: Asker) -> None:
    values = " ".join(str(number) for number in range(60_000))
    query = f"SELECT (COUNT(?x) AS ?code) {{ VALUES ?x {{ {values} }} }}"
    headers = {"Content-Type": "application/sparql-query"}
    answer = asker.request("POST", "/sparql", content=query.encode(), headers=headers)
    assert codes(answer.content) == ["60000"]


# HEAD, OPTIONS, caching, and the fields of every answer


def test_head_has_the_fields_of_get_and_no_content(asker: Asker) -> None:
    answer = asker.request("HEAD", "/sparql", params={"query": SELECT})
    assert answer.status_code == 200
    assert lasting(answer) == lasting(asker.sparql(SELECT))
    assert answer.content == b""


def test_options_says_what_a_page_from_elsewhere_may_do(asker: Asker) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = asker.request("OPTIONS", "/sparql", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_an_answer_can_be_kept_and_asked_for_again(asker: Asker) -> None:
    answer = asker.sparql(SELECT)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    for condition in (tag, f'"other", W/{tag}'):
        headers = {"If-None-Match": condition}
        again = asker.request("GET", "/sparql", params={"query": SELECT}, headers=headers)
        assert again.status_code == 304
        assert again.headers["etag"] == tag
        assert again.content == b""


def test_only_a_get_or_head_is_answered_by_not_modified(asker: Asker) -> None:
    headers = {"If-None-Match": asker.sparql(SELECT).headers["etag"]}
    posted = asker.request("POST", "/sparql", data={"query": SELECT}, headers=headers)
    assert posted.status_code == 200
    broken = {"query": "SELECT * {"}
    answer = asker.request("GET", "/sparql", params=broken, headers={"If-None-Match": "*"})
    assert answer.status_code == 400


def test_every_difference_in_the_answer_is_one_in_its_tag(asker: Asker, orchard: Project) -> None:
    graph = {"default-graph-uri": orchard.configuration.base + "graph/trees"}
    variants: list[dict[str, str]] = [
        {},
        {"accept": "text/csv"},
        {"accept": "application/json"},
        {"accept": BROWSER},
        {"reading": "second"},
        graph,
    ]
    tags = {asker.sparql(SELECT, **variant).headers["etag"] for variant in variants}
    tags.add(asker.sparql(SELECT + " ").headers["etag"])
    assert len(tags) == len(variants) + 1


@pytest.mark.parametrize(
    "expression", ["NOW()", "RAND()", "uuid()", "STRUUID()", "BNODE()", r'"\u004e"']
)
def test_an_answer_that_is_never_the_same_is_not_kept(asker: Asker, expression: str) -> None:
    answer = asker.sparql(f"SELECT ({expression} AS ?x) {{}}")
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_word_in_a_string_is_no_function(asker: Asker) -> None:
    assert "etag" in asker.sparql('SELECT ("NOW and RAND" AS ?x) {}').headers


def test_every_answer_names_the_version_of_the_data(asker: Asker, orchard: Project) -> None:
    for answer in (asker.sparql(SELECT), asker.sparql("nonsense"), asker.get("/nowhere")):
        assert answer.headers["cosigraph-version"] == orchard.version


# Limits


@pytest.fixture(scope="module")
def hasty(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=3)
    with Asker(Application(Service(orchard, pool)), pool) as asker:
        yield asker


def test_a_query_that_takes_too_long_is_504_and_its_process_is_gone(hasty: Asker) -> None:
    before = hasty.pool.process_ids
    start = time.monotonic()
    answer = hasty.sparql(ENDLESS)
    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/query-timeout")
    assert time.monotonic() - start < 5
    assert codes(hasty.sparql(SELECT).content) == ["T-1", "T-2"]
    assert not set(before) & set(hasty.pool.process_ids)


def test_a_client_that_leaves_takes_its_query_with_it(asker: Asker) -> None:
    before = set(asker.pool.process_ids)
    query = b"query=" + ENDLESS.replace(" ", "+").replace("+AS", "%20AS").encode()
    start = time.monotonic()
    sent = asker.exchange(
        http_scope("GET", "/sparql", query),
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}],
    )
    assert sent == []
    assert time.monotonic() - start < 5
    deadline = time.monotonic() + 10
    while len(before & set(asker.pool.process_ids)) == 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(before & set(asker.pool.process_ids)) == 1
    assert codes(asker.sparql(SELECT).content) == ["T-1", "T-2"]


class BrokenWorkers(WorkerPool):
    """Workers whose answer breaks off after as many pieces as it is told."""

    pieces = 0
    error: Exception = QueryTimeout("The query was stopped.")

    async def execute(
        self,
        query: Query | Change,
        timeout: float | None = None,
        account: Account | None = None,
        setup: Snapshot | None = None,
    ) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            yield b"piece"
        raise self.error


@pytest.fixture
def broken(orchard: Project) -> Iterator[tuple[Asker, BrokenWorkers]]:
    pool = BrokenWorkers(orchard.dataset.snapshot(), size=1)
    with Asker(Application(Service(orchard, pool)), pool) as asker:
        yield asker, pool


@pytest.mark.parametrize("pieces", [0, 1])
def test_an_early_failure_has_its_own_status(
    broken: tuple[Asker, BrokenWorkers], pieces: int
) -> None:
    asker, pool = broken
    pool.pieces = pieces
    assert asker.sparql(SELECT).status_code == 504


def test_an_answer_that_breaks_off_never_looks_complete(
    broken: tuple[Asker, BrokenWorkers], caplog: pytest.LogCaptureFixture
) -> None:
    asker, pool = broken
    pool.pieces = 4
    sent = asker.exchange(
        http_scope("GET", "/sparql", b"query=ASK+{}"),
        [{"type": "http.request", "body": b"", "more_body": False}],
    )
    assert sent[0]["status"] == 200
    assert all(name != b"content-length" for name, _ in sent[0]["headers"])
    assert sent[-1]["more_body"] is True
    assert "cut off" in caplog.text


def test_what_was_not_foreseen_is_500_with_an_identifier_and_no_trace(
    broken: tuple[Asker, BrokenWorkers], caplog: pytest.LogCaptureFixture
) -> None:
    asker, pool = broken
    pool.error = RuntimeError("secret")
    answer = asker.sparql(SELECT)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["request-id"] in answer.json()["detail"]
    assert answer.headers["request-id"] in caplog.text


# Whatever comes


TEXT = st.text(max_size=60)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    method=st.sampled_from(["GET", "POST", "HEAD"]),
    query_string=st.one_of(st.binary(max_size=60), TEXT.map(lambda text: text.encode())),
    headers=st.dictionaries(
        st.sampled_from(["accept", "content-type", "content-length", "if-none-match"]),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40),
    ),
    body=st.binary(max_size=60),
)
def test_no_request_is_the_servers_fault(
    asker: Asker, method: str, query_string: bytes, headers: dict[str, str], body: bytes
) -> None:
    scope = http_scope(method, "/sparql", query_string)
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent = asker.exchange(scope, [{"type": "http.request", "body": body, "more_body": False}])
    assert 200 <= sent[0]["status"] < 500
    assert not sent[-1].get("more_body")


@settings(max_examples=60, deadline=None)
@given(query=st.text(alphabet=st.sampled_from('SELECTAKWHR*?{}()<>"\\:.;# \nu'), max_size=40))
def test_no_query_is_the_servers_fault(asker: Asker, query: str) -> None:
    answer: Any = asker.sparql(query)
    assert answer.status_code in {200, 400, 403}
