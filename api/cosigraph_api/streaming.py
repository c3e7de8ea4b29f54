# SPDX-License-Identifier: Apache-2.0
"""Sending an answer while it is made, to a client that may leave at any time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

_PATIENCE = 0.02  # seconds

_Result = TypeVar("_Result")


class ClientGoneError(Exception):
    """The client left before its answer was complete; nobody is to be told."""


async def unless_gone(work: Coroutine[Any, Any, _Result], receive: Receive) -> _Result:
    """What ``work`` gives; it is cancelled when the client leaves first.

    The request's body must have been read: what ``receive`` still gives is the client's leaving.
    Most work is done before it would be worth the cost of watching for that, so it begins late.

    Raises:
        ClientGoneError: if the client left
    """
    watch = _Watch(receive)
    try:
        return await work
    except asyncio.CancelledError:
        if not watch.has_left:
            raise
        watch.task.uncancel()
        raise ClientGoneError from None
    finally:
        await watch.end()


class _Watch:
    """Cancels the task that makes it when its client leaves."""

    def __init__(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - there is one wherever something is awaited
        self.task = task
        self.has_left = False
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None
        self._timer = loop.call_later(_PATIENCE, self._begin)

    def _begin(self) -> None:
        self._watching = asyncio.ensure_future(self._until_left())

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        self.task.cancel()

    async def end(self) -> None:
        """Watch no longer."""
        self._timer.cancel()
        if self._watching is not None:
            await _cancelled(self._watching)


async def _cancelled(task: asyncio.Future[Any]) -> None:
    """Cancel ``task`` if it still runs, and wait until it has cleared up."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # taken, so that nobody is told of it


async def held_back(pieces: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes] | None]:
    """The answer's beginning, and the rest if there is one.

    Two pieces are awaited before the first is given: an early failure is raised here, where it
    can still have a status of its own, and a short answer is known to be complete.
    """
    first = await anext(pieces, b"")
    second = await anext(pieces, None)
    if second is None:
        return first, None
    return first + second, pieces


def raw(fields: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The fields as ASGI has them."""
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]


class PiecesResponse:
    """An ASGI application that answers with pieces as they come.

    If they fail midway, the connection is left without an end, which a client must take for a
    failure: an answer that was cut off never looks complete.
    """

    def __init__(
        self, beginning: bytes, rest: AsyncIterator[bytes] | None, headers: Mapping[str, str]
    ) -> None:
        self._beginning = beginning
        self._rest = rest
        self._headers = dict(headers)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the response."""
        if self._rest is None:
            self._headers["Content-Length"] = str(len(self._beginning))
        await send({"type": "http.response.start", "status": 200, "headers": raw(self._headers)})
        more = self._rest is not None and scope["method"] != "HEAD"
        await send({"type": "http.response.body", "body": self._beginning, "more_body": more})
        if self._rest is not None and more:
            async for piece in self._rest:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class closing:  # noqa: N801 - as contextlib's
    """Closes ``pieces`` at the end, which stops the work behind them, however it ends."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    async def __aenter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def __aexit__(self, *_error: object) -> None:
        close = getattr(self._pieces, "aclose", None)
        if close is not None:
            await close()
