# SPDX-License-Identifier: Apache-2.0
"""The other endpoints that the suites' queries ask: one server, told apart by its name.

It answers as the library does, and may ask further endpoints itself. The names lead to it where
the system would look them up; all that lies above that is what ``cosigraph serve`` runs.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

from cosigraph.answers import Surroundings, prepare
from cosigraph.dataset import Dataset
from cosigraph.errors import CosigraphError
from cosigraph.federation import FederatedPool
from tests.w3c.manifests import PUBLISHED, Case, read_graphs

NAMES = ("example.org", "example1.org", "example2.org")
SERVICES = (
    *(f"http://{name}/sparql" for name in NAMES),
    "http://invalid.endpoint.org/sparql",  # nobody has that name
    f"{PUBLISHED}sparql11/syntax-fed/g",  # a syntax test, whose endpoint is not to be asked
)
_NOWHERE = ("invalid.endpoint.org", "w3c.github.io")
_PUBLIC = "93.184.215.14"  # what the names lead to, until it is dialled


@contextmanager
def leading_to(port: int) -> Iterator[None]:
    """Lead the names to ``port`` on this machine, and the others of the suites nowhere."""
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolved(host: Any, asked: Any, *arguments: Any, **options: Any) -> Any:
        if host in NAMES:
            return resolve(_PUBLIC, asked, *arguments, **options)
        if host in _NOWHERE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, asked, *arguments, **options)

    def connected(address: tuple[str, int], *arguments: Any, **options: Any) -> Any:
        place = ("127.0.0.1", port) if address[0] == _PUBLIC else address
        return connect(place, *arguments, **options)

    with (
        mock.patch.object(socket, "getaddrinfo", resolved),
        mock.patch.object(socket, "create_connection", connected),
    ):
        yield


class Endpoints:
    """The endpoints; ``stand_for`` gives them the graphs that a test wants."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data: dict[str, str] = {}
        self._pools: dict[str, FederatedPool] = {}
        endpoints = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"])).decode()
                try:
                    kind, content = endpoints.answer(self.headers["Host"], query)
                except (CosigraphError, KeyError) as error:
                    self.send_error(400, str(error).splitlines()[0])
                    return
                self.send_response_only(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stand_for(self, case: Case) -> None:
        """Take the graphs of a test."""
        self._data = dict(case.services)

    def answer(self, host: str, query: str) -> tuple[str, bytes]:
        """Answer from the graph of the endpoint that was asked; raises KeyError if it has none."""
        iri = self._data[f"http://{host}/sparql"]
        if iri not in self._pools:
            snapshot = Dataset(read_graphs(self._folder, iri)).snapshot()
            self._pools[iri] = FederatedPool(snapshot, SERVICES, size=1)
        prepared = prepare(query, Surroundings((iri,), {}), services=SERVICES)
        return prepared.format.media_type, self._pools[iri].execute_blocking(prepared)

    def close(self) -> None:
        """End the server and its processes."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for pool in self._pools.values():
            pool.close()


@contextmanager
def running_endpoints(folder: Path) -> Iterator[Endpoints]:
    """Run the endpoints, which ask each other by their names as well."""
    endpoints = Endpoints(folder)
    try:
        with leading_to(endpoints.port):
            yield endpoints
    finally:
        endpoints.close()
