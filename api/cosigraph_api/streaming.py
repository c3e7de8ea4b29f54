# SPDX-License-Identifier: Apache-2.0
"""Sending an answer while it is made, to a client that may leave at any time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

_Result = TypeVar("_Result")


class ClientGoneError(Exception):
    """The client left before its answer was complete; nobody is to be told."""


async def unless_gone(work: Coroutine[Any, Any, _Result], receive: Receive) -> _Result:
    """What ``work`` gives; it is cancelled when the client leaves first.

    The request's body must have been read: what ``receive`` still gives is the client's leaving.

    Raises:
        ClientGoneError: if the client left
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        raise ClientGoneError
    finally:
        await _cancelled(gone)
        await _cancelled(task)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


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
        raw = [(name.lower().encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        more = self._rest is not None and scope["method"] != "HEAD"
        await send({"type": "http.response.body", "body": self._beginning, "more_body": more})
        if self._rest is not None and more:
            async for piece in self._rest:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


@contextlib.asynccontextmanager
async def closing(pieces: AsyncIterator[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
    """Close ``pieces`` at the end, which stops the work behind them, however it ends."""
    try:
        yield pieces
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
