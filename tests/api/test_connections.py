# SPDX-License-Identifier: Apache-2.0
"""Clients that send half a request, or read nothing, are left after a while."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from cosigraph import Project
from cosigraph_api.connections import LARGEST_HEAD
from tests.serving import Running, serving

PATIENCE = 1.0
STREAM = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=3, patience=PATIENCE, body=1000) as server:
        yield server


@pytest.fixture
def connection(running: Running) -> Iterator[socket.socket]:
    address = urlsplit(running.address)
    with closing(socket.create_connection((address.hostname, address.port), 10)) as made:
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
