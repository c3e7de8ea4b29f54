# SPDX-License-Identifier: Apache-2.0
"""Load on a server: as much as it takes (by ``wrk`` if it is there), or so much each second."""

from __future__ import annotations

import asyncio
import itertools
import math
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httptools
import uvloop

from .servers import JSON, Server

MARK = "{number}"
"""Stands in a query where each request has a number of its own, so that no cache knows it."""

_serial = itertools.count(1)


@dataclass(frozen=True)
class Load:
    """What a server made of it: requests each second, and the latency (seconds) of 99 in 100."""

    rate: float
    p99: float


def as_much_as_it_takes(server: Server, query: str, connections: int, seconds: int) -> Load:
    """Ask ``query`` over so many connections, each as soon as it has its answer."""
    if shutil.which("wrk"):
        return _by_wrk(server, query, connections, seconds)
    return uvloop.run(_closed(server, query, connections, seconds))


def at_a_rate(server: Server, query: str, rate: float, seconds: float) -> Load:
    """Ask ``query`` so many times a second, whether or not answers have come."""
    return uvloop.run(_open(server, query, rate, seconds))


def requests(server: Server, query: str) -> Iterator[bytes]:
    """The requests as they go over the wire."""
    parts = urlsplit(server.address(query.replace(MARK, "123456789")))
    request = (
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {JSON}\r\n\r\n"
    ).encode()
    if MARK not in query:
        return itertools.repeat(request)
    return (request.replace(b"123456789", b"%d" % next(_serial)) for _ in itertools.count())


def _by_wrk(server: Server, query: str, connections: int, seconds: int) -> Load:
    address = server.address(query.replace(MARK, "123456789"))
    parts = urlsplit(address)
    before, _, after = f"{parts.path}?{parts.query}".partition("123456789")
    serial = next(_serial) * 10_000_000
    script = (
        f'wrk.headers["Accept"] = "{JSON}"\nlocal n = {serial}\n'
        f'request = function() n = n + 1; return wrk.format("GET", "{before}" .. n .. "{after}")'
        " end\n"
        if MARK in query
        else f'wrk.headers["Accept"] = "{JSON}"\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        printed = subprocess.run(
            [*command, "-s", file.name, address], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(f"{server.name} did not answer everything:\n{printed}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", printed)
    if rate is None or p99 is None:
        raise RuntimeError(f"wrk printed what is not understood:\n{printed}")
    return Load(float(rate[1]), float(p99[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[p99[2]])


class _Client(asyncio.Protocol):
    """One connection that asks, and tells when it has the whole answer."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(ConnectionError(f"The server has closed the connection: {error}."))

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._end(None if status == 200 else RuntimeError(f"The server answered {status}."))

    def _end(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            if error is None:
                self._answered.set_result(None)
            else:
                self._answered.set_exception(error)

    async def ask(self, request: bytes) -> None:
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)  # type: ignore[attr-defined]
        await self._answered

    def close(self) -> None:
        self._transport.close()


async def _clients(server: Server, number: int) -> list[_Client]:
    host, _, port = urlsplit(server.endpoint).netloc.partition(":")
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(_Client, host, int(port)))[1] for _ in range(number)]


async def _closed(server: Server, query: str, connections: int, seconds: float) -> Load:
    clients = await _clients(server, connections)
    source = requests(server, query)
    latencies: list[float] = []
    begun = time.perf_counter()

    async def work(client: _Client) -> None:
        while (asked := time.perf_counter()) - begun < seconds:
            await client.ask(next(source))
            latencies.append(time.perf_counter() - asked)

    await asyncio.gather(*map(work, clients))
    taken = time.perf_counter() - begun
    for client in clients:
        client.close()
    return Load(len(latencies) / taken, _p99(latencies))


async def _open(server: Server, query: str, rate: float, seconds: float) -> Load:
    idle = await _clients(server, 64)
    source = requests(server, query)
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    begun = time.perf_counter() + 0.1
    running: set[asyncio.Task[None]] = set()

    async def work() -> None:
        # Requests come when they are due: a server that is late does not keep them from coming.
        asked = time.perf_counter()
        client = idle.pop() if idle else (await _clients(server, 1))[0]
        try:
            await client.ask(next(source))
            latencies.append(time.perf_counter() - asked)
        except RuntimeError:  # refused, as too many wait: as bad as an answer that never comes
            latencies.append(math.inf)
        idle.append(client)

    for number in range(int(rate * seconds)):
        due = begun + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = loop.create_task(work())
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    taken = time.perf_counter() - begun
    for client in idle:
        client.close()
    return Load(len(latencies) / taken, _p99(latencies))


def _p99(latencies: list[float]) -> float:
    return sorted(latencies)[int(len(latencies) * 0.99)]


def ask_many(server: Server, query: str, number: int) -> None:
    """Ask ``query`` so many times over eight connections."""

    async def ask() -> None:
        clients = await _clients(server, 8)
        source = itertools.islice(requests(server, query), number)

        async def work(client: _Client) -> None:
            for request in source:
                await client.ask(request)

        await asyncio.gather(*map(work, clients))
        for client in clients:
            client.close()

    uvloop.run(ask())


@dataclass(frozen=True)
class Download:
    """One large answer: seconds to its first byte and to its end, and its length in bytes."""

    first_byte: float
    total: float
    length: int


def download(server: Server, query: str, media_type: str) -> Download:
    """Get one large answer, as curl does, which reads faster than Python."""
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [
                *("curl", "-sSf", "-o", str(Path(folder, "answer")), "-H", f"Accept: {media_type}"),
                *("-w", "%{time_starttransfer} %{time_total} %{size_download}"),
                server.address(query),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    return Download(float(told[0]), float(told[1]), int(told[2]))
