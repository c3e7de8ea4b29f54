# SPDX-License-Identifier: Apache-2.0
"""A head whose fields are known is read as the parser reads it, and what is unknown is parsed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from cosigraph_api.connections import Connection, protocol
from cosigraph_api.heads import KnownHeads

HOST = "Host: server.test\r\n"


class Transport(asyncio.Transport):
    """Remembers what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = b""
        self.is_closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Conversation:
    """A connection whose requests are answered at once, and noted."""

    def __init__(self, limit: int = 10) -> None:
        self.scopes: list[Scope] = []
        self.parsed: list[bytes] = []

        async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
            raise AssertionError(scope)

        def at_once(scope: Scope, _done: Callable[[bytes | None], None]) -> bytes:
            self.scopes.append(dict(scope))
            return b"content-length: 0\r\n\r\n"

        config = uvicorn.Config(nothing, lifespan="off", limit_concurrency=limit)
        config.load()
        made: Callable[..., Connection] = protocol(20, at_once, lambda _record: None)  # type: ignore[assignment]
        self.connection = made(config, ServerState(), {}, asyncio.get_running_loop())
        parser = self.connection.parser
        self.connection.parser = Parser(parser, self.parsed)  # type: ignore[assignment]
        self.transport = Transport()
        self.connection.connection_made(self.transport)

    def ask(self, request: str) -> Scope:
        self.connection.data_received(request.encode())
        return self.scopes[-1]

    def end(self) -> None:
        self.connection._unset_keepalive_if_required()
        self.connection._stop_waiting()


class Parser:
    """A parser that notes what it is fed with."""

    def __init__(self, parser: Any, fed: list[bytes]) -> None:
        self._parser = parser
        self._fed = fed

    def feed_data(self, data: bytes) -> None:
        self._fed.append(data)
        self._parser.feed_data(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


def request(target: str, fields: str = HOST) -> str:
    return f"GET {target} HTTP/1.1\r\n{fields}\r\n"


async def conversed(*requests: str) -> tuple[list[Scope], list[bytes]]:
    conversation = Conversation()
    for each in requests:
        conversation.ask(each)
    conversation.end()
    return conversation.scopes, conversation.parsed


NAME = st.text(alphabet="abcXYZ-1", min_size=1, max_size=6)
VALUE = st.text(alphabet="abc ,;=*/q.0\té", max_size=12)


@given(
    query=st.text(alphabet="abcXYZ019-._~%!$&'()*+,;=:@/?", max_size=30),
    path=st.sampled_from(["/sparql", "/", "/queries", "/no/where"]),
    fields=st.lists(st.tuples(NAME, VALUE), max_size=4),
)
def test_a_known_head_is_read_as_the_parser_reads_it(
    query: str, path: str, fields: list[tuple[str, str]]
) -> None:
    written = HOST + "".join(f"x-{name}: {value}\r\n" for name, value in fields)
    asked = request(f"{path}?{query}", written)
    [alone], _ = asyncio.run(conversed(asked))
    (_, second), parsed = asyncio.run(conversed(request("/sparql?query=other", written), asked))
    assert second == alone
    assert len(parsed) == (2 if path == "/no/where" else 1)


PLAIN = request("/sparql?query=x")


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("GET", "HEAD"),
        PLAIN.replace("1.1", "1.0"),
        PLAIN.replace("?query=x", ""),
        PLAIN.replace("=x", "=x#y"),
        PLAIN.replace("=x", '="'),
        PLAIN.replace("sparql", "sp%61rql"),
        PLAIN.replace("HTTP/1.1\r\n", "HTTP/1.1\n"),
        PLAIN.replace("server.test", "other.test"),
        PLAIN + PLAIN,
        PLAIN + "GET /sparql?",
        "\r\n" + PLAIN,
        request("/sparql?query=x", f"{HOST}Connection: close\r\n"),
        request("/sparql?query=x", f"{HOST}Connection: keep-alive, upgrade\r\n"),
        request("/sparql?query=x", f"{HOST}Content-Length: 0\r\n"),
    ],
)
def test_what_is_not_plain_or_new_is_parsed(other: str) -> None:
    _, parsed = asyncio.run(conversed(PLAIN, PLAIN, PLAIN.replace("=x", "=y")))
    assert parsed == [PLAIN.encode()]
    if other.endswith("?"):
        _, parsed = asyncio.run(conversed(other, "query=y HTTP/1.1\r\n\r\n", PLAIN))
        assert len(parsed) == 3
        return
    _, parsed = asyncio.run(conversed(PLAIN, other, other))
    assert parsed[1:] == [other.encode()] * (1 if "other.test" in other else 2)


def test_the_rest_of_a_head_is_no_head() -> None:
    async def converse() -> None:
        conversation = Conversation()
        conversation.ask(PLAIN)
        before = len(conversation.scopes)
        conversation.connection.data_received(b"GET /sparql?query=a HTTP/1.1\r\nX: ")
        conversation.ask(PLAIN)  # its first line is the value of a field now
        assert len(conversation.scopes) == before + 1
        assert conversation.scopes[-1]["query_string"] == b"query=a"
        assert dict(conversation.scopes[-1]["headers"])[b"x"].startswith(b"GET ")
        conversation.end()

    asyncio.run(converse())


def test_a_crowded_server_parses_and_refuses() -> None:
    async def converse() -> None:
        conversation = Conversation(limit=2)
        conversation.ask(PLAIN)
        conversation.connection.connections.add(Conversation().connection)
        conversation.connection.data_received(PLAIN.encode())
        await asyncio.sleep(0)
        assert len(conversation.scopes) == 1
        assert len(conversation.parsed) == 2
        async with asyncio.timeout(5):
            while b"HTTP/1.1 503" not in conversation.transport.written:
                await asyncio.sleep(0)
        conversation.end()

    asyncio.run(converse())


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    heads = KnownHeads()
    scope = {"method": "GET", "headers": []}
    for number in range(1000):
        heads.learn(request("/?a", f"x: {number}\r\n").encode(), scope)
    heads.learn(request("/?a", f"x: {'x' * 5000}\r\n").encode(), scope)
    assert len(heads._fields) == 256
    assert heads.members(request("/?b", "x: 999\r\n").encode()) is not None
    assert heads.members(request("/?b", "x: 1\r\n").encode()) is None


def test_a_client_that_asks_for_what_is_so_anyway_is_known() -> None:
    asked = request("/sparql?query=x", f"{HOST}Connection: Keep-Alive\r\n")
    _, parsed = asyncio.run(conversed(asked, asked))
    assert len(parsed) == 1
