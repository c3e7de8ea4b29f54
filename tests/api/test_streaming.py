# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from cosigraph_api.streaming import ClientGoneError, PiecesResponse, closing, held_back, unless_gone
from tests.api.asking import http_scope


class Pieces:
    """Pieces that remember whether they were closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.left = list(pieces)
        self.is_closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)

    async def aclose(self) -> None:
        self.is_closed = True


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def leave() -> Message:
    return {"type": "http.disconnect"}


def sent_for(*pieces: bytes) -> list[Message]:
    async def run() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        beginning, rest = await held_back(Pieces(*pieces))
        response = PiecesResponse(beginning, rest, {"Content-Type": "text/csv"})
        await response(http_scope("GET", "/"), never, send)
        return sent

    return asyncio.run(run())


@pytest.mark.parametrize("pieces", [(), (b"a",)])
def test_a_short_answer_has_its_length(pieces: tuple[bytes, ...]) -> None:
    start, body = sent_for(*pieces)
    content = b"".join(pieces)
    assert (b"content-length", str(len(content)).encode()) in start["headers"]
    assert body == {"type": "http.response.body", "body": content, "more_body": False}


def test_a_long_answer_goes_in_pieces() -> None:
    start, *bodies = sent_for(b"a", b"b", b"c", b"d")
    assert start["headers"] == [(b"content-type", b"text/csv")]
    assert [body["body"] for body in bodies] == [b"ab", b"c", b"d", b""]
    assert [body["more_body"] for body in bodies] == [True, True, True, False]


def test_work_is_cancelled_when_the_client_leaves() -> None:
    ends: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ends.append("cleared up")

    with pytest.raises(ClientGoneError):
        asyncio.run(unless_gone(work(), leave))
    assert ends == ["cleared up"]


def test_work_that_is_done_gives_its_result_or_its_error() -> None:
    async def work(error: Exception | None) -> str:
        await asyncio.sleep(0)
        if error is not None:
            raise error
        return "done"

    assert asyncio.run(unless_gone(work(None), never)) == "done"
    with pytest.raises(LookupError):
        asyncio.run(unless_gone(work(LookupError()), never))


def test_pieces_are_closed_however_it_ends() -> None:
    async def use(pieces: Pieces, error: Exception | None) -> None:
        async with closing(pieces):
            if error is not None:
                raise error

    for error in (None, LookupError()):
        pieces = Pieces(b"a")
        if error is None:
            asyncio.run(use(pieces, None))
        else:
            with pytest.raises(LookupError):
                asyncio.run(use(pieces, error))
        assert pieces.is_closed
