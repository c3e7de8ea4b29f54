# SPDX-License-Identifier: Apache-2.0
"""The way from the engine to other endpoints: the only address that its process is told of.

The engine would dial whatever stands after SERVICE and follow redirects. So each call is written
as one to this gateway, on the loopback interface, under a name that is drawn for the one query and
forgotten with it; the gateway asks the endpoint that the number behind that name stands for.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

from cosigraph.endpoints import LARGEST_ANSWER, Endpoint, Exchange, Resolve, addresses_of
from cosigraph.errors import ServiceFailed
from cosigraph.sparql import position_at
from cosigraph.store import Query

_LONGEST_QUERY = 4 * 1024 * 1024  # the engine writes IRIs out, so more than a client may send
_MOST_CALLS = 100  # that differ, of one query
_POLL = 0.05  # seconds that it may take to end
_IDLE = 10.0  # seconds that whoever connects may take for a request


class Session:
    """What one query may ask of other endpoints, while it runs."""

    def __init__(
        self,
        query: Query,
        endpoints: Sequence[Endpoint],
        prefix: str,
        timeout: float,
        *,
        resolve: Resolve,
    ) -> None:
        self._query = query
        self._endpoints = endpoints
        self._prefix = prefix
        self._timeout = timeout
        self._resolve = resolve
        self._exchanges: set[Exchange] = set()
        self._known: dict[tuple[int, bytes], tuple[str, bytes] | ServiceFailed] = {}
        self._size = 0
        self._calls = 0
        self._lock = threading.Lock()
        self._is_closed = False
        self.failure: ServiceFailed | None = None
        """The first time that another endpoint failed."""

    def rewritten(self) -> Query:
        """Return the query with the gateway in the place of each endpoint."""
        parts: list[str] = []
        text, end = self._query.text, 0
        for number, call in enumerate(self._query.services):
            silent = " SILENT" if call.is_silent else ""
            parts += (text[end : call.start], f"SERVICE{silent} <{self._prefix}{number}>")
            end = call.end
        parts.append(text[end:])
        return replace(self._query, text="".join(parts), source=text, gateway=self._prefix)

    def answer(self, number: int, text: bytes) -> tuple[str, bytes]:
        """Ask an endpoint by its number, the same only once; raises ServiceFailed."""
        known = self._known.get((number, text))
        if known is None:
            try:
                known = self._asked(number, text)
            except ServiceFailed as error:
                known = error
            self._keep((number, text), known)
        if isinstance(known, ServiceFailed):
            raise known
        return known

    def _keep(self, key: tuple[int, bytes], known: tuple[str, bytes] | ServiceFailed) -> None:
        """Keep an answer, or a failure, for as long as the query runs and there is room."""
        size = 0 if isinstance(known, ServiceFailed) else len(known[1])
        if self._size + size <= LARGEST_ANSWER:
            self._size += size
            self._known[key] = known

    def _asked(self, number: int, text: bytes) -> tuple[str, bytes]:
        self._calls += 1
        for inner, each in enumerate(self._endpoints):  # the calls within that call
            text = text.replace(f"<{self._prefix}{inner}>".encode(), f"<{each.iri}>".encode())
        call = self._query.services[number]
        exchange = Exchange(self._endpoints[number], self._timeout, self._resolve)
        with self._lock:
            if self._is_closed or self._calls > _MOST_CALLS:
                raise ServiceFailed(f"A query asks other endpoints {_MOST_CALLS} times at most.")
            self._exchanges.add(exchange)
        try:
            return exchange.answer(text)
        except ServiceFailed as error:
            error.position = position_at(self._query.text, call.start)
            if self.failure is None and not call.is_silent:
                self.failure = error
            raise
        finally:
            with self._lock:
                self._exchanges.discard(exchange)

    def close(self) -> None:
        """End what is under way, and let nothing begin."""
        with self._lock:
            self._is_closed = True
            for exchange in self._exchanges:
                exchange.stop()


class Gateway:
    """Listens on a port of its own of the loopback interface, in a thread."""

    def __init__(self, resolve: Resolve = addresses_of) -> None:
        self._resolve = resolve
        self._sessions: dict[str, Session] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.sessions = self._sessions
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL,), daemon=True
        )
        self._thread.start()

    def open(self, query: Query, endpoints: Sequence[Endpoint], timeout: float) -> Session:
        """Begin a session for ``query``, whose calls are to ``endpoints`` in this order."""
        name = secrets.token_urlsafe(32)
        prefix = f"{self.address}{name}/"
        session = Session(query, endpoints, prefix, timeout, resolve=self._resolve)
        self._sessions[name] = session
        return session

    def end(self, session: Session) -> None:
        """End a session."""
        session.close()
        for name in [name for name, each in self._sessions.items() if each is session]:
            del self._sessions[name]

    def close(self) -> None:
        """End every session and listen no longer."""
        for session in list(self._sessions.values()):
            self.end(session)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    sessions: dict[str, Session]


class _Handler(BaseHTTPRequestHandler):
    """Answers the engine; a request that names no session is told nothing."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    server: _Server

    def do_POST(self) -> None:
        """Ask the endpoint that the path stands for."""
        self.close_connection = True
        _, _, rest = self.path.partition("/")
        name, _, number = rest.partition("/")
        session = self.server.sessions.get(name)
        length = self.headers.get("Content-Length", "")
        if session is None or not length.isdecimal() or int(length) > _LONGEST_QUERY:
            self._respond(404, "text/plain", b"")
            return
        try:
            kind, content = session.answer(int(number), self.rfile.read(int(length)))
        except ServiceFailed as error:
            self._respond(502, "text/plain; charset=utf-8", error.detail.encode())
        else:
            self._respond(200, kind, content)

    def _respond(self, status: int, kind: str, content: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:  # the query was stopped
            return

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""
