# SPDX-License-Identifier: Apache-2.0
"""Made-up query strings, fields and bodies: never a 5xx that is no limit, never a hang.

``COSIGRAPH_EXAMPLES`` says how many of each, 20 unless it does; the long tests make twenty times
as many.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cosigraph import Project
from cosigraph.chains import MOST_GROUPS, MOST_OPERATORS
from tests.cosigraph.test_chains import GROUPS, OPERATORS, chain
from tests.serving import Running, serving

EXAMPLES = int(os.environ.get("COSIGRAPH_EXAMPLES", "20"))
DEADLINE = 2.0
PATIENCE = 0.5
DECLARED = {"query-timeout", "query-memory", "answer-too-large"}  # of one that asks alone
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"

VALID = [
    "SELECT ?code (COUNT(?tree) AS ?n) { ?tree a orch:Tree ; skos:notation ?code } GROUP BY ?code",
    "ASK { GRAPH ?g { ?s ?p 'x'@en-GB, 1.5e3, true, <a:b> } FILTER(!BOUND(?x) && ?y IN (1, 2)) }",
    "CONSTRUCT { ?s ?p [ a ?o ] } WHERE { { ?s ?p ?o } UNION { ?o ^(a|!a:b)*/?q ?s } } LIMIT 5",
    "DESCRIBE tree:1 ?x { VALUES (?x ?y) { (UNDEF 1) (<a:a> -2) } MINUS { ?x a ?y } }",
    'BASE <http://a/> PREFIX p: <b> SELECT REDUCED * { BIND(REPLACE("a", "(a)", "1") AS ?x)#\n }',
    "SELECT * { OPTIONAL { { SELECT (SUM(?o) AS ?n) { ?s ?p ?o } HAVING(?n > 1) } } } ORDER BY ?n",
]
WORDS = sorted({word for query in VALID for word in re.findall(r"\w+|\s|.", query)})
ODD = ["\0", "\ud7ff", "\\u0041", "\\uD800", "\N{BOM}", "'''", '"""', "<<(", ")>>", "\r", "SERVICE"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query with pieces taken out, put in twice, or replaced."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        piece = draw(st.sampled_from(["", text[start:end] * 2, *WORDS, *ODD]))
        text = text[:start] + piece + text[end:]
    return text


QUERIES = st.one_of(
    mutated(),
    st.lists(st.sampled_from(WORDS + ODD), max_size=30).map(" ".join),
    st.text(max_size=50),
)
OF_QUERIES = ["query", "format", "reading", "default-graph-uri", "named-graph-uri", "update"]
OF_NAMES = ["queries", "extend", "prefix", "cursor", "id", "type", "limit"]
NAMES = st.sampled_from([*OF_QUERIES, *OF_NAMES, "variety", ""])
VALUES = st.one_of(
    QUERIES, st.sampled_from(["json", "xml", "turtle", "html", "second", "a:b", "C", "1990-01-01"])
)
RAW = st.one_of(
    st.lists(st.tuples(NAMES, VALUES), max_size=5).map(lambda fields: urlencode(fields).encode()),
    st.binary(max_size=60),
    st.from_regex(rb"(query|format|%[0-9A-Fa-f]{0,2}|[=&;+])*", fullmatch=True),
)
FIELD_NAMES = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Access-Control-Request-Method",
    "Authorization",
    "Content-Encoding",
    "Content-Type",
    "Cookie",
    "Forwarded",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Range",
    "Request-Id",
    "X-Forwarded-For",
    "X-Forwarded-Prefix",
    "X-HTTP-Method-Override",
]
FIELD_VALUES = st.one_of(
    st.sampled_from(
        [
            "*",
            "*/*;q=0",
            "text/html",
            "application/json;q=1.001",
            'text/csv;a="\\"',
            "gzip;q=x, zstd",
            f"{FORM}; charset=utf-16",
            f"{QUERY};charset=nonsense",
            "multipart/form-data; boundary=x",
            "bytes=0-1",
            "identity;q=0, *;q=0",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")),
    st.text(st.sampled_from(',;/*="\\ q01.'), max_size=40),
)
FIELDS = st.lists(st.tuples(st.sampled_from(FIELD_NAMES), FIELD_VALUES), max_size=5)
PATHS = st.one_of(
    st.sampled_from(
        [
            "/sparql",
            "/sparql/",
            "/",
            "/queries",
            "/queries/trees",
            "/queries/trees.csv",
            "/queries/varieties.json",
            "/openapi.json",
            "/problems",
            "/healthz",
            "/readyz",
            "/metrics",
            "/static/style.css",
            "/reconcile",
            "/reconcile/suggest/entity",
            "/reconcile/preview",
            "/reconcile/properties",
        ]
    ),
    st.text(max_size=20).map(lambda text: "/" + text),
    st.sampled_from(["/static/../", "/static/%2e%2e/x", "//", "/queries/..", "/queries/%00.csv"]),
)
METHODS = st.sampled_from(
    ["GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]
)


@dataclass(frozen=True)
class Request:
    """One request, each part of which may be nonsense."""

    method: str
    path: str
    query_string: bytes
    fields: list[tuple[str, str]]
    body: bytes

    def head(self) -> bytes:
        target = quote_from_bytes(self.path.encode("utf-8", "replace"), safe="/%.")
        asked = quote_from_bytes(self.query_string, safe="=&;+%").encode()
        lines = [
            b"%s %s?%s HTTP/1.1" % (self.method.encode(), target.encode(), asked),
            b"Host: a",
            b"Connection: close",
            b"Content-Length: %d" % len(self.body),
            *(f"{name}: {value}".encode("latin-1") for name, value in self.fields),
        ]
        return b"\r\n".join([*lines, b"", b""])


REQUESTS = st.builds(Request, METHODS, PATHS, RAW, FIELDS, st.one_of(RAW, st.binary(max_size=99)))


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    memory = 200 * 1024 * 1024
    with serving(orchard.folder, DEADLINE, patience=PATIENCE, memory=memory) as server:
        yield server


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.address, timeout=DEADLINE + 5) as made:
        yield made
        # Only what was stopped at a limit has cost a process.
        assert made.get("healthz").status_code == 200


def check(answer: httpx.Response) -> None:
    """Fail for an answer that no client should get."""
    assert answer.elapsed.total_seconds() < DEADLINE + 1
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/problem+json":
        problem = answer.json()
        assert problem["status"] == answer.status_code
        if answer.status_code >= 500:
            assert problem["type"].rpartition("/")[2] in DECLARED, problem
    else:
        assert answer.status_code < 500


def whole_answer(running: Running, sent: bytes) -> bytes:
    """All that comes back for these bytes, until the connection ends."""
    url = httpx.URL(running.address)
    content = b""
    with closing(socket.create_connection((url.host, url.port or 80), DEADLINE + 5)) as connection:
        connection.sendall(sent)
        while received := connection.recv(65536):
            content += received
    return content


def repeated(examples: int) -> settings:
    unhealthy = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=examples, suppress_health_check=unhealthy, deadline=None)


in_length = pytest.mark.parametrize(
    "examples", [EXAMPLES, pytest.param(EXAMPLES * 20, marks=pytest.mark.long)]
)


@in_length
def test_whatever_the_query_it_is_answered_or_refused(client: httpx.Client, examples: int) -> None:
    @repeated(examples)
    @given(QUERIES, st.sampled_from(["json", "csv", "turtle", "html", None]), st.booleans())
    def ask(query: str, form: str | None, is_posted: bool) -> None:
        given_ = {"query": query, **({"format": form} if form else {})}
        if is_posted:
            check(client.post("sparql", data=given_))
        else:
            check(client.get("sparql", params=given_))

    ask()


@in_length
def test_whatever_the_request_it_is_answered_or_refused(
    running: Running, client: httpx.Client, examples: int
) -> None:
    @repeated(examples)
    @given(REQUESTS)
    def ask(request: Request) -> None:
        answer = whole_answer(running, request.head() + request.body)
        status = re.match(rb"HTTP/1\.1 ([1-5][0-9]{2}) ", answer)
        assert status is not None, answer[:100]
        if status[1].startswith(b"5"):
            assert any(slug.encode() in answer for slug in DECLARED), answer

    ask()


@in_length
def test_whatever_the_bytes_the_connection_ends(
    running: Running, client: httpx.Client, examples: int
) -> None:
    @repeated(examples)
    @given(REQUESTS, st.data())
    @example(Request("GET", "/", b"", [], b""), None)
    def send(request: Request, data: st.DataObject | None) -> None:
        sent = bytearray(request.head() + request.body)
        if data is not None:
            for _ in range(data.draw(st.integers(1, 4))):
                place = data.draw(st.integers(0, len(sent) - 1))
                sent[place : place + data.draw(st.integers(0, 3))] = data.draw(
                    st.binary(max_size=3)
                )
        answer = whole_answer(running, bytes(sent))
        assert not answer or answer.startswith(b"HTTP/1.1 ")
        assert not answer.startswith(b"HTTP/1.1 500")

    send()


@pytest.mark.parametrize("name", [*OPERATORS, *GROUPS])
def test_no_chain_that_is_let_through_ends_a_process(client: httpx.Client, name: str) -> None:
    is_operator = name in OPERATORS
    parts, most = (OPERATORS, MOST_OPERATORS) if is_operator else (GROUPS, MOST_GROUPS)
    check(client.post("sparql", data={"query": chain(parts[name], most)}))
    refused = client.post("sparql", data={"query": chain(parts[name], most + 1)})
    assert refused.status_code == 400
