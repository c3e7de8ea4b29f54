# SPDX-License-Identifier: Apache-2.0
"""Clients that send half a request, or read nothing, are left after a while."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from cosigraph import Project
from cosigraph_api.connections import LARGEST_HEAD
from tests.serving import PROGRAM, Running, serving

PATIENCE = 1.0
FOUR = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
STREAM = f"SELECT * {{ {FOUR} }}"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {FOUR} }}"


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=3, patience=PATIENCE, body=1000) as server:
        yield server


def connected(running: Running) -> closing[socket.socket]:
    address = urlsplit(running.address)
    return closing(socket.create_connection((address.hostname, address.port), 10))


@pytest.fixture
def connection(running: Running) -> Iterator[socket.socket]:
    with connected(running) as made:
        yield made


def until_closed(connection: socket.socket) -> bytes:
    content = b""
    while received := connection.recv(65536):
        content += received
    return content


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /sparql?que",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow:",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 50\r\n\r\nASK {",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n5\r\nquery\r\n",
        # the second request on a connection
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTT",
    ],
)
def test_half_a_request_is_408_and_the_end(connection: socket.socket, sent: bytes) -> None:
    begun = time.monotonic()
    connection.sendall(sent)
    answer = until_closed(connection)
    assert PATIENCE * 0.9 < time.monotonic() - begun < PATIENCE + 1
    assert b"HTTP/1.1 408" in answer
    assert b"onnection: close\r\n" in answer
    assert b"/request-timeout" in answer


def test_a_request_that_drips_is_not_waited_for_either(connection: socket.socket) -> None:
    begun = time.monotonic()
    connection.settimeout(0.1)
    answer = b""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for byte in b"GET /" + b"x" * 1000:
            connection.sendall(bytes([byte]))
            with contextlib.suppress(TimeoutError):
                answer += connection.recv(1000)
    assert time.monotonic() - begun < PATIENCE + 1
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_connection_without_a_request_is_closed(connection: socket.socket) -> None:
    begun = time.monotonic()
    assert until_closed(connection) == b""
    assert time.monotonic() - begun < PATIENCE + 1


def test_a_connection_that_is_used_again_stays(running: Running) -> None:
    with httpx.Client(base_url=running.address) as client:
        for _ in range(4):
            assert client.get("healthz").status_code == 200
            time.sleep(PATIENCE / 2)
        (connection,) = client._transport._pool.connections  # type: ignore[attr-defined]
        assert connection.info().endswith("Request Count: 4")


def test_beyond_the_most_connections_one_is_told_to_come_back(orchard: Project) -> None:
    program = f"import cosigraph_api.server\ncosigraph_api.server._MOST_CONNECTIONS = 4\n{PROGRAM}"
    with serving(orchard.folder, program=program) as few:
        idle = [connected(few) for _ in range(3)]
        answer = httpx.get(f"{few.address}healthz")
        for connection in idle:
            connection.__exit__()
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "10"
        assert answer.json()["type"].endswith("/crowded")
        deadline = time.monotonic() + 5
        while httpx.get(f"{few.address}healthz").status_code == 503:
            assert time.monotonic() < deadline


def test_an_endless_head_is_read_no_further(connection: socket.socket) -> None:
    sent = 0
    connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while sent < 1_000_000:
            connection.sendall(b"X-Long: " + b"x" * 1000 + b"\r\n")
            sent += 1000
            time.sleep(0.001)
    assert LARGEST_HEAD - 1000 <= sent < LARGEST_HEAD * 2


@pytest.mark.parametrize("field", ["", "Expect: 100-continue\r\n"])
def test_a_body_that_is_too_large_ends_the_connection(
    connection: socket.socket, field: str
) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    connection.sendall(f"{head}{field}Content-Length: 100000\r\n\r\n".encode())
    if not field:
        connection.sendall(b"#" * 99_000)
    answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"longer than 1,000 bytes" in answer


def test_a_client_that_sends_too_much_sees_why(running: Running) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = httpx.post(f"{running.address}sparql", content=b"#" * 8_000_000, headers=headers)
    assert answer.status_code == 413


def test_a_reader_that_stands_still_is_left(running: Running) -> None:
    before = running.workers
    address = urlsplit(running.address)
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((address.hostname, address.port))
        query = str(httpx.QueryParams({"query": STREAM}))
        connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        deadline = time.monotonic() + 3 + PATIENCE + 2  # the query's time, and the reader's
        while before <= running.workers and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not before <= running.workers
        time.sleep(PATIENCE * 2)
        connection.settimeout(5)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            received = until_closed(connection)
    assert not received.endswith(b"0\r\n\r\n")  # it does not look complete
    metrics = httpx.get(f"{running.address}metrics").text
    assert "cosigraph_queries_running 0.0" in metrics


# What is no request, or more than one

QUICK = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(RAND() < 2) }"
POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"


def asked(query: str, *fields: str) -> bytes:
    head = f"GET /sparql?{httpx.QueryParams({'query': query})} HTTP/1.1"
    return "\r\n".join([head, "Host: a", *fields, "", ""]).encode()


def is_problem(answer: bytes, status: int) -> bool:
    """Whether it is one response, a problem of that status in its one shape."""
    head, _, content = answer.partition(b"\r\n\r\n")
    problem = json.loads(content)
    assert {"type", "title", "status", "detail", "advice"} <= problem.keys()
    fields = head.lower().split(b"\r\n")
    assert b"content-type: application/problem+json" in fields
    assert b"connection: close" in fields
    assert f"content-length: {len(content)}".encode() in fields
    return head.startswith(b"HTTP/1.1 %d " % status) and problem["status"] == status


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}",
        POST + b"Content-Length: 99999999999999999999999999\r\n\r\nASK {}",
        CHUNKED + b"\r\nnonsense\r\nASK {}\r\n0\r\n\r\n",
        CHUNKED + b"\r\n-6\r\nASK {}\r\n0\r\n\r\n",
        CHUNKED + b"\r\nffffffffffffffffffff\r\nASK {}\r\n0\r\n\r\n",
        CHUNKED + b"\r\n2\r\nASK {}\r\n0\r\n\r\n",
        CHUNKED + b"Content-Length: 6\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",  # smuggling
    ],
)
def test_what_is_no_http_is_a_problem_and_the_end(connection: socket.socket, sent: bytes) -> None:
    connection.sendall(sent)
    assert is_problem(until_closed(connection), 400)


def test_nonsense_behind_a_request_does_not_harm_its_answer(connection: socket.socket) -> None:
    connection.sendall(asked(SLOW) + b"nonsense\r\n\r\n")
    connection.sendall(QUICK)  # is not read any further
    answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(b"}")


def test_nonsense_behind_a_request_does_not_get_into_its_answer(connection: socket.socket) -> None:
    connection.sendall(asked(f"{STREAM} LIMIT 20000"))
    begun = connection.recv(1000)
    connection.sendall(b"nonsense\r\n\r\n")
    answer = begun + until_closed(connection)
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(b"0\r\n\r\n")


def test_half_a_request_behind_another_does_not_harm_its_answer(running: Running) -> None:
    with connected(running) as connection:
        connection.sendall(asked(ENDLESS) + b"GET /hea")
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 504 ")  # after its time, which is longer than the patience
    assert answer.count(b"HTTP/1.1") == 1


def test_requests_that_come_at_once_are_answered_in_turn(connection: socket.socket) -> None:
    codes = ["codes", "of", "queries"]
    connection.sendall(
        b"".join(asked(f'SELECT ("{code}" AS ?code) {{}}') for code in codes)
        + asked("nonsense", "Connection: close")
    )
    answer = until_closed(connection)
    statuses = [part[1:4] for part in answer.split(b"HTTP/1.1")[1:]]
    assert statuses == [b"200", b"200", b"200", b"400"]
    places = [answer.index(f'"value":"{code}"'.encode()) for code in codes]
    assert places == sorted(places)


def test_a_client_that_vanishes_with_requests_behind_takes_its_query_with_it(
    running: Running,
) -> None:
    before = running.workers
    with connected(running) as connection:
        connection.sendall(asked(ENDLESS) + QUICK)
        time.sleep(0.3)
    begun = time.monotonic()
    while before <= running.workers and time.monotonic() < begun + 2:  # before its time is over
        time.sleep(0.02)
    assert not before <= running.workers


def test_a_client_may_wait_to_be_told_to_go_on(connection: socket.socket) -> None:
    connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")
    assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b"ASK {}")
    assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_http_1_0_is_answered_and_the_connection_ends(connection: socket.socket) -> None:
    query = str(httpx.QueryParams({"query": "ASK {}"}))
    connection.sendall(f"GET /sparql?{query} HTTP/1.0\r\n\r\n".encode())
    answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nconnection: close\r\n" in answer
    assert b"transfer-encoding" not in answer
    assert answer.endswith(b'"boolean":true}')


def test_a_long_answer_by_http_1_0_is_not_in_chunks(connection: socket.socket) -> None:
    query = str(httpx.QueryParams({"query": f"{STREAM} LIMIT 5000"}))
    connection.sendall(f"GET /sparql?{query} HTTP/1.0\r\n\r\n".encode())
    head, _, content = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"transfer-encoding" not in head.lower()
    assert len(json.loads(content)["results"]["bindings"]) == 5000


def test_an_answer_by_http_1_0_that_was_broken_off_does_not_look_complete(
    connection: socket.socket,
) -> None:
    query = str(httpx.QueryParams({"query": STREAM}))
    connection.sendall(f"GET /sparql?{query} HTTP/1.0\r\n\r\n".encode())
    with pytest.raises(ConnectionResetError):
        until_closed(connection)


def test_an_upgrade_is_not_done_and_the_request_is_answered(connection: socket.socket) -> None:
    connection.sendall(asked("ASK {}", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"))
    assert connection.recv(4000).startswith(b"HTTP/1.1 200 ")


def test_the_end_of_a_client_in_the_midst_of_its_body_is_no_query(running: Running) -> None:
    with connected(running) as connection:
        connection.sendall(POST + b"Content-Length: 50\r\n\r\nASK {")
        connection.shutdown(socket.SHUT_WR)
        begun = time.monotonic()
        until_closed(connection)
        assert time.monotonic() - begun < PATIENCE + 1
    assert httpx.get(f"{running.address}healthz").status_code == 200
