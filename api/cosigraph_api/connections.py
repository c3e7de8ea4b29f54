# SPDX-License-Identifier: Apache-2.0
"""Connections that come to nothing: heads of requests that never end, readers that stand still.

uvicorn ends a connection that is idle between two requests; this ends one whose request does not
come, whose head is larger than any that is answered, or that speaks no HTTP. What is refused here
is told as a problem too, and never in the midst of another answer.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .attempts import Attempt
from .heads import KnownHeads
from .problems import MEDIA_TYPE, Problem, bad_request, crowded, request_timeout
from .record import ATTEMPT, Record
from .unframed import unframed

LARGEST_HEAD = 128 * 1024


AtOnce = Callable[[Scope, Callable[[bytes | None], None]], bytes | Attempt | None]
"""``Application.at_once``."""


class Connection(HttpToolsProtocol):
    """A connection with a timer that runs while the head of a request is awaited.

    Attributes:
        patience: for how many seconds
        at_once: answers what needs no task
        left: notes a request whose client left before it was answered
        heads: what is known of heads that came before
    """

    patience = 20.0
    at_once: AtOnce = staticmethod(lambda _scope, _done: None)
    left: Callable[[Record], None] = staticmethod(lambda _record: None)
    heads = KnownHeads()
    _attempt: Attempt | None = None
    _timer: asyncio.TimerHandle | None = None
    _head = 0  # bytes of a head that is not complete
    _answering: RequestResponseCycle | None = None  # uvicorn's cycle is the latest that came
    _is_refused = False  # what still comes is read no further

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head is too large."""
        if self._is_refused:
            return
        before = self.cycle
        is_between = self._head == 0 and (before is None or before.response_complete)
        if is_between and self._take_known(data):
            return
        if self._timer is not None:
            self._head += len(data)
        super().data_received(data)
        if is_between and self.cycle is not before:
            self.heads.learn(data, cast(Scope, self.scope))
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
        if self._attempt is not None and self.pipeline:  # a task sees its client leave even then
            self._attempt.hand_over()

    def _take_known(self, data: bytes) -> bool:
        """Answer a request whose head need not be parsed; False if it must be."""
        members = None if self.root_path else self.heads.members(data)
        if members is None or len(self.connections) >= (self.limit_concurrency or sys.maxsize):
            return False
        self._unset_keepalive_if_required()
        self._stop_waiting()
        super().on_message_begin()
        self.scope.update(members)  # type: ignore[typeddict-item]
        self.headers = members["headers"]
        self.cycle = RequestResponseCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        self.cycle.more_body = False
        self._start_asgi_task(self.cycle, self.app)
        return True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer at once what needs no task.

        uvicorn's way to a response has its price: a task, and a look at each field of its head.
        """
        self._answering = cycle
        is_ordinary = app is self.app and cycle.keep_alive and not cycle.waiting_for_100_continue
        # One that others wait behind goes the other way, as this one would nest.
        if is_ordinary and not self.pipeline and not self.flow.write_paused:
            answer = self.at_once(cast(Scope, cycle.scope), partial(self._go_on, cycle, app))
            if isinstance(answer, bytes):
                self._respond(cycle, answer)
                return
            if answer is not None:
                self._attempt = answer
                answer.start()
                return
        self._start_task(cycle, app)

    def _go_on(self, cycle: RequestResponseCycle, app: Any, response: bytes | None) -> None:
        """Give the response, or let a task go on with what has been begun."""
        attempt, self._attempt = self._attempt, None
        if response is not None:
            self._respond(cycle, response)
        else:
            cast(Scope, cycle.scope)[ATTEMPT] = attempt
            self._start_task(cycle, app)

    def _respond(self, cycle: RequestResponseCycle, response: bytes) -> None:
        given = [b"%b: %b\r\n" % each for each in self.server_state.default_headers]
        if not cycle.keep_alive:  # it came to its end meanwhile
            given.append(b"connection: close\r\n")
        self.transport.write(b"".join((b"HTTP/1.1 200 OK\r\n", *given, response)))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _start_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        answer: Any = _crowded if app is service_unavailable else app
        if cycle.scope["http_version"] == "1.0":
            answer = unframed(answer, cycle)
        super()._start_asgi_task(cycle, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer; what is being answered is told, also if other requests came after it."""
        self._stop_waiting()
        super().connection_lost(exc)
        self._leave()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says less than ours
        """Refuse what is no HTTP."""
        detail = "The request is no HTTP/1.1 that can be read here."
        advice = "Send a request line, header fields and a body as RFC 9112 has them."
        self._refuse(bad_request(detail, advice).problem)

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self.patience, self._time_out)

    def _time_out(self) -> None:
        self._refuse(request_timeout(self.patience))

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._head = None, 0

    def _refuse(self, problem: Problem) -> None:
        """End the connection; who has begun a request is told why.

        A request that came whole before is answered first, and the connection ends with that.
        """
        is_begun = self._head > 0 or problem.status != HTTPStatus.REQUEST_TIMEOUT
        self._stop_waiting()
        if self.transport.is_closing():
            return
        answering = self._answering
        if answering is None or answering.response_complete:
            if is_begun:
                self.transport.write(_response(problem))
        elif not answering.more_body:
            answering.keep_alive, self._is_refused = False, True
            return
        elif not answering.response_started:
            self.transport.write(_response(problem))
        self.transport.close()
        self._leave()

    def _leave(self) -> None:
        """Let what is being answered know that nobody waits for it any longer."""
        if self._attempt is not None:
            self._attempt.abandon()
            self.left(self._attempt.record)
            self._attempt = None
        answering = self._answering
        if answering is not None and not answering.response_complete:
            answering.disconnected = True
            answering.message_event.set()


def protocol(
    patience: float, at_once: AtOnce, left: Callable[[Record], None]
) -> type[asyncio.Protocol]:
    """The protocol for a server that waits so many seconds for the head of a request."""
    members = {
        "patience": patience,
        "at_once": staticmethod(at_once),
        "left": staticmethod(left),
        "heads": KnownHeads(),
    }
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


async def _crowded(_scope: Scope, _receive: Receive, send: Send) -> None:
    """The ASGI application for connections beyond those that are answered."""
    problem = crowded()
    fields = [(name.lower().encode(), value.encode()) for name, value in _fields(problem).items()]
    status = int(problem.status)
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": problem.to_json(), "more_body": False})


def _fields(problem: Problem) -> dict[str, str]:
    return {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(problem.to_json())),
        **problem.headers,
        "Connection": "close",
    }


def _response(problem: Problem) -> bytes:
    head = [
        f"HTTP/1.1 {int(problem.status)} {problem.status.phrase}",
        *(f"{name}: {value}" for name, value in _fields(problem).items()),
    ]
    return "\r\n".join([*head, "", ""]).encode() + problem.to_json()
