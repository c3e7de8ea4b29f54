# SPDX-License-Identifier: Apache-2.0
"""What a connection answers at once is what the application would have answered."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from cosigraph import Project
from tests.serving import Running, serving

PATH = "/sparql?query=ASK+%7B%7D"
OWN = {"request-id", "server-timing", "date"}


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=10) as server:
        yield server


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.address) as client:
        yield client


def lasting(answer: httpx.Response) -> list[tuple[str, str]]:
    """The fields that are not of the request alone, in their order."""
    return [(name, value) for name, value in answer.headers.multi_items() if name not in OWN]


def hits(client: httpx.Client) -> float:
    text = client.get("/metrics").text
    found = re.search(r'cache_lookups_total\{cache="responses",result="hit"\} (\S+)', text)
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("path", [PATH, "/queries/trees.csv", "/sparql?query=SELECT+*+%7B%7D"])
def test_the_second_answer_is_as_the_first(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    before = hits(client)
    for _ in range(3):
        again = client.get(path)
        assert (again.status_code, again.content) == (200, first.content)
        assert sorted(lasting(again)) == sorted(lasting(first))
        assert set(again.headers) >= OWN
    assert hits(client) == before + 3


def test_each_answer_has_an_identifier_of_its_own_or_the_clients(client: httpx.Client) -> None:
    identifiers = {client.get(PATH).headers["request-id"] for _ in range(5)}
    assert len(identifiers) == 5
    assert client.get(PATH, headers={"Request-Id": "mine"}).headers["request-id"] == "mine"


def test_conditions_heads_and_other_formats_are_answered_as_ever(client: httpx.Client) -> None:
    tag = client.get(PATH).headers["etag"]
    client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304
    head = client.head(PATH)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert (
        client.get(PATH, headers={"Accept": "text/csv"}).headers["content-type"]
        != head.headers["content-type"]
    )


def test_requests_that_come_together_are_answered_in_their_order(running: Running) -> None:
    slow = "/sparql?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fa+%3Fb+%3Fc+.+%3Fd+%3Fe+%3Ff%7D"
    number = 2000
    address = urlsplit(running.address)
    httpx.get(f"{running.address.rstrip('/')}{PATH}")
    with closing(socket.create_connection((address.hostname, address.port), 20)) as connection:
        request = "GET {} HTTP/1.1\r\nHost: a\r\nRequest-Id: {}\r\n\r\n"
        paths = [slow, *[PATH] * number]
        sent = "".join(request.format(path, each) for each, path in enumerate(paths))
        connection.sendall(sent.encode())
        received = b""
        while received.count(b"HTTP/1.1 200 OK") <= number:
            more = connection.recv(1 << 20)
            assert more
            received += more
        answered = re.findall(rb"\r\nrequest-id: (\d+)\r\n", received)
    assert [int(each) for each in answered] == list(range(number + 1))


def test_a_client_that_wants_the_connection_closed_has_it_closed(running: Running) -> None:
    address = urlsplit(running.address)
    for version, field in (("1.1", "Connection: close\r\n"), ("1.0", "")):
        with closing(socket.create_connection((address.hostname, address.port), 20)) as connection:
            connection.sendall(f"GET {PATH} HTTP/{version}\r\nHost: a\r\n{field}\r\n".encode())
            received = b""
            while more := connection.recv(1 << 16):
                received += more
        assert received.startswith(b"HTTP/1.1 200")
