# SPDX-License-Identifier: Apache-2.0
"""Connections that come to nothing: heads of requests that never end, readers that stand still.

uvicorn ends a connection that is idle between two requests; this ends one whose request does not
come, or whose head is larger than any that is answered.
"""

from __future__ import annotations

import asyncio
import json
import socket
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .problems import MEDIA_TYPE, Problem, request_timeout

LARGEST_HEAD = 128 * 1024


class PatientProtocol(HttpToolsProtocol):
    """A connection with a timer that runs while the head of a request is awaited.

    Attributes:
        patience: for how many seconds
    """

    patience = 20.0
    _timer: asyncio.TimerHandle | None = None
    _head = 0  # bytes of a head that is not complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head is too large."""
        if self._timer is not None:
            self._head += len(data)
        super().data_received(data)
        if self._timer is not None and self._head > LARGEST_HEAD:
            self._refuse(_head_too_large())

    def on_message_begin(self) -> None:
        """Wait for the head of this request."""
        super().on_message_begin()
        if self._timer is None:
            self._await_head()
        self._head = max(self._head, 1)

    def on_headers_complete(self) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        refusal = request_timeout(self.patience)
        self._timer = self.loop.call_later(self.patience, self._refuse, refusal)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._head = None, 0

    def _refuse(self, problem: Problem) -> None:
        """End the connection; who has begun a request is told why."""
        is_begun = self._head > 0
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if is_begun and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(_response(problem))
        self.transport.close()


def protocol(patience: float) -> type[asyncio.Protocol]:
    """The protocol for a server that waits so many seconds for the head of a request."""
    return type("Protocol", (PatientProtocol,), {"patience": patience})


def end_stalled_readers(listener: socket.socket, patience: float) -> None:
    """Let the system end connections whose reader takes nothing for ``patience`` seconds."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None:
        listener.setsockopt(socket.IPPROTO_TCP, option, int(patience * 1000))


def _head_too_large() -> Problem:
    return Problem(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "too-large",
        "The request is too large",
        f"The request's head is longer than {LARGEST_HEAD:,} bytes.",
        advice="Send the query by POST, and fewer header fields.",
    )


def _response(problem: Problem) -> bytes:
    body = json.dumps(problem.members()).encode()
    head = [
        f"HTTP/1.1 {int(problem.status)} {problem.status.phrase}",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
