# SPDX-License-Identifier: Apache-2.0
"""A client that stops reading costs the server no memory, whatever it has asked."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import pytest

from cosigraph import Project
from tests.serving import Running, serving

ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
KEPT = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 4000"  # some megabytes
READERS = 16
MOST = 12 * 1024 * 1024


@pytest.fixture(scope="module")
def server(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=30) as running:
        httpx.get(running.address + "healthz")  # so that all is there that it has to import
        yield running


def memory(server: Running) -> int:
    """What the server itself holds, in bytes."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * 4096


def reader(server: Running, query: str, coding: str) -> socket.socket:
    """A client that has begun to read an answer and stopped."""
    address = httpx.URL(server.address)
    client = socket.create_connection((address.host, address.port or 80))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    request = f"GET /sparql?query={quote_plus(query)} HTTP/1.1\r\nHost: x\r\n"
    client.sendall(f"{request}Accept-Encoding: {coding}\r\n\r\n".encode())
    assert client.recv(512).startswith(b"HTTP/1.1 200 ")
    return client


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
def test_an_endless_answer_waits_for_its_reader(server: Running, coding: str) -> None:
    before = memory(server)
    with reader(server, ENDLESS, coding):
        time.sleep(1.5)
        assert memory(server) - before < MOST


def test_an_answer_from_the_cache_waits_for_its_reader(server: Running) -> None:
    headers = {"Accept-Encoding": "identity"}
    answer = httpx.get(server.address + "sparql", params={"query": KEPT}, headers=headers)
    assert READERS * len(answer.content) > 2 * MOST
    before = memory(server)
    clients = [reader(server, KEPT, "identity") for _ in range(READERS)]
    time.sleep(0.5)
    grown = memory(server) - before
    for client in clients:
        client.close()
    assert grown < MOST
