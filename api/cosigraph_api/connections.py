# SPDX-License-Identifier: Apache-2.0
"""Connections that come to nothing: heads of requests that never end, readers that stand still.

uvicorn ends a connection that is idle between two requests; this ends one whose request does not
come, or whose head is larger than any that is answered.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .problems import MEDIA_TYPE, Problem, request_timeout

LARGEST_HEAD = 128 * 1024


AtOnce = Callable[[Scope], bytes | None]


class Connection(HttpToolsProtocol):
    """A connection with a timer that runs while the head of a request is awaited.

    Attributes:
        patience: for how many seconds
        at_once: gives the fields and the content of responses that are ready
    """

    patience = 20.0
    at_once: AtOnce = staticmethod(lambda _scope: None)
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
        if self._head and self._timer is None:  # a request has begun whose head is not complete
            self._await_head()
        elif self._head > LARGEST_HEAD:
            self._refuse(_head_too_large())

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        super().on_message_begin()
        self._head = max(self._head, 1)

    def on_headers_complete(self) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Answer at once what is ready, for the price of reading the request.

        uvicorn's way to a response has its price: a task, and a look at each field of its head.
        """
        is_ordinary = app is self.app and cycle.keep_alive and not cycle.waiting_for_100_continue
        # One that others wait behind goes the other way, as this one would nest.
        if is_ordinary and not self.pipeline and not self.flow.write_paused:
            response = self.at_once(cast(Scope, cycle.scope))
            if response is not None:
                given = [b"%b: %b\r\n" % each for each in self.server_state.default_headers]
                self.transport.write(b"".join((b"HTTP/1.1 200 OK\r\n", *given, response)))
                cycle.response_started = cycle.response_complete = True
                self.on_response_complete()
                return
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self.patience, self._time_out)

    def _time_out(self) -> None:
        self._refuse(request_timeout(self.patience))

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


def protocol(patience: float, at_once: AtOnce) -> type[asyncio.Protocol]:
    """The protocol for a server that waits so many seconds for the head of a request."""
    members = {"patience": patience, "at_once": staticmethod(at_once)}
    return type("Protocol", (Connection,), members)


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
