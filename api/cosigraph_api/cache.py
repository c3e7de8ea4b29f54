# SPDX-License-Identifier: Apache-2.0
"""What has been answered once is not worked out again: two caches, each bounded in bytes.

``CachedResponses`` knows a request by its bytes and has its response ready before anything of it
is read. ``CachedAnswers`` knows a query however it is spelt, and has the content of its answer.
Both hold nothing of another version of the data, and no answer that may differ from one time to
the next. What was used longest ago goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cosigraph.query_identity import is_volatile, normal_form
from cosigraph.store import PIECE, Query
from cosigraph.workers import Account

from .headers import is_current
from .record import ATTEMPT, CURRENT
from .streaming import closing

DEFAULT_BYTES = 64 * 1024 * 1024
"""How much the server keeps unless it is told otherwise, in bytes."""

_OVERHEAD = 1024  # bytes that an entry takes beside key and content, generously
# What a 304 repeats (RFC 9110, section 15.4.5).
_CONFIRMED = {b"etag", b"cache-control", b"vary", b"content-location"}
_LARGEST_SHARE = 8  # no entry takes more than this part of a cache

_Entry = TypeVar("_Entry")
RequestKey = tuple[str | bytes, ...]
"""The version, and all of a request that its response depends on."""
AnswerKey = tuple[Any, ...]
"""The version, the normal form of the query's text, and whatever else decides its answer."""


class Cache(Generic[_Entry]):
    """Entries by their keys, as many as find room in a number of bytes."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._entries: OrderedDict[Hashable, tuple[_Entry, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    @property
    def largest(self) -> int:
        """The size in bytes of the largest entry that is taken."""
        return self.capacity // _LARGEST_SHARE

    def get(self, key: Hashable) -> _Entry | None:
        """What is kept under ``key``, or None."""
        found = self._entries.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return found[0]

    def missed(self) -> None:
        """Count a look-up whose entry is known not to be here."""
        self.misses += 1

    def put(self, key: Hashable, entry: _Entry, size: int) -> None:
        """Keep an entry of ``size`` bytes, its key included, unless it is too large."""
        size += _OVERHEAD
        if size > self.largest:
            return
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self.size -= replaced[1]
        self._entries[key] = (entry, size)
        self.size += size
        while self.size > self.capacity:
            _, (_, freed) = self._entries.popitem(last=False)
            self.size -= freed


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The content of an answer, and whether it ends at its limit of rows."""

    content: bytes
    is_cut: bool

    async def pieces(self) -> AsyncIterator[bytes]:
        """The content, in pieces."""
        for start in range(0, len(self.content), PIECE):
            yield self.content[start : start + PIECE]


class CachedAnswers:
    """Remembers the answers of queries, however these are spelt.

    Args:
        version: tells that of the data that is asked
        capacity: bytes to keep
    """

    def __init__(self, version: Callable[[], str], capacity: int) -> None:
        self._version = version
        self.cache: Cache[KeptAnswer] = Cache(capacity)

    def key(self, query: Query) -> AnswerKey | None:
        """What the answer is kept under, or None if it is not kept."""
        if not self.cache.capacity or is_volatile(query.text):
            return None
        return (self._version(), normal_form(query.text), *_WHAT_ELSE(query))

    def get(self, key: AnswerKey | None) -> KeptAnswer | None:
        """What is kept under ``key``."""
        return None if key is None else self.cache.get(key)

    def missed(self, key: AnswerKey | None) -> None:
        """Count that nothing was kept under ``key`` when its query began."""
        if key is not None:
            self.cache.missed()

    async def keeping(
        self, key: AnswerKey, pieces: AsyncIterator[bytes], account: Account
    ) -> AsyncIterator[bytes]:
        """Give ``pieces``, and keep them once they are complete."""
        gathered: bytearray | None = bytearray()
        async with closing(pieces):
            async for piece in pieces:
                if gathered is not None:
                    gathered += piece
                    if len(gathered) > self.cache.largest:
                        gathered = None
                yield piece
        if gathered is not None:
            self.keep(key, KeptAnswer(bytes(gathered), account.is_cut))

    def keep(self, key: AnswerKey, answer: KeptAnswer) -> None:
        """Keep a whole answer."""
        self.cache.put(key, answer, len(answer.content) + len(key[1]))


# All of a query that decides its answer beside the text; the prefixes are the project's.
_WHAT_ELSE = attrgetter(
    *(field.name for field in fields(Query) if field.name not in {"text", "prefixes"})
)


@dataclass(eq=False)
class KeptResponse:
    """A response that is ready: to be sent, or to be confirmed by its entity tag.

    Attributes:
        route: which kind of address it answers
        headers: its fields
        content: its content, as it is sent
    """

    route: str
    headers: list[tuple[bytes, bytes]]
    content: bytes

    @property
    def tag(self) -> str:
        """Its entity tag."""
        return dict(self.headers)[b"etag"].decode("latin-1")

    @cached_property
    def lines(self) -> bytes:
        """Its fields as they are sent."""
        return b"".join([b"%b: %b\r\n" % field for field in self.headers])

    @property
    def headers_if_current(self) -> list[tuple[bytes, bytes]]:
        """Its fields when it is confirmed."""
        return [pair for pair in self.headers if pair[0] in _CONFIRMED]


class CachedResponses:
    """Answers what its application has answered to the same request before.

    A response is kept if it has an entity tag and its application allows to keep it. It answers
    GET and HEAD, also conditional ones, and POST with a body that arrives in one piece.

    Args:
        application: what answers otherwise
        version: tells that of the data that ``application`` answers from
        capacity: bytes to keep
        prefixes: how the paths begin whose responses are worth keeping
    """

    def __init__(
        self,
        application: ASGIApp,
        version: Callable[[], str],
        capacity: int,
        prefixes: tuple[str, ...],
    ) -> None:
        self._application = application
        self._version = version
        self._prefixes = prefixes
        self.cache: Cache[KeptResponse] = Cache(capacity)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        method: str = scope["method"]
        is_kept = method in {"GET", "HEAD", "POST"} and scope["path"].startswith(self._prefixes)
        if not is_kept or not self.cache.capacity:
            await self._application(scope, receive, send)
            return
        body = b""
        if method == "POST":
            if _may_come_in_pieces(scope):
                await self._application(scope, receive, send)
                return
            message = await receive()
            receive = _after(message, receive)
            if message["type"] != "http.request" or message.get("more_body", False):
                await self._application(scope, receive, send)
                return
            body = message.get("body", b"")
        key, if_none_match = self.key(scope, body)
        if ATTEMPT in scope:  # it was looked for before, and is being answered
            self.cache.missed()
            kept = None
        else:
            kept = self.cache.get(key)
        if kept is not None:
            if (record := CURRENT.get()) is not None:
                record.route = kept.route
            await _send_kept(kept, if_none_match, is_head=method == "HEAD", send=send)
        elif method == "HEAD":
            await self._application(scope, receive, send)
        else:
            await self._application(scope, receive, _Recorder(self.cache, key, send).send)

    def ready(self, key: RequestKey) -> KeptResponse | None:
        """The response to a GET without conditions, if it is kept and short; else None."""
        if key not in self.cache:
            return None
        kept = self.cache.get(key)
        return kept if kept is not None and len(kept.content) <= PIECE else None

    def answered(self, key: RequestKey, response: KeptResponse) -> None:
        """Keep a response that was made elsewhere, if it may be kept."""
        if self.cache.capacity:
            self.cache.missed()
            if may_be_kept(dict(response.headers)):
                _keep(self.cache, key, response)

    def key(self, scope: Scope, body: bytes = b"") -> tuple[RequestKey, bytes]:
        """All of a request that its response depends on, and its ``If-None-Match``."""
        host = accept = accept_encoding = content_type = content_encoding = if_none_match = b""
        is_post = scope["method"] == "POST"
        for name, value in scope["headers"]:
            if name == b"host":
                host += value + b","
            elif name == b"accept":
                accept += value + b","
            elif name == b"accept-encoding":
                accept_encoding += value + b","
            elif name == b"if-none-match" and not is_post:  # RFC 9110, section 13.1.2
                if_none_match += value + b","
            elif is_post and name == b"content-type":
                content_type += value + b","
            elif is_post and name == b"content-encoding":
                content_encoding += value + b","
        key = (
            self._version(),
            scope["scheme"],
            host,
            scope["path"],
            scope["query_string"],
            accept,
            accept_encoding,
            content_type,
            content_encoding,
            b"POST" + body if is_post else b"",
        )
        return key, if_none_match


def _may_come_in_pieces(scope: Scope) -> bool:
    """Whether the body is announced as long, or waits for a word of the server's."""
    for name, value in scope["headers"]:
        if name == b"expect":
            return True
        if name == b"content-length":
            return not value.isdigit() or int(value) > PIECE
    return False


async def _send_kept(
    kept: KeptResponse, if_none_match: bytes, *, is_head: bool, send: Send
) -> None:
    has_it = if_none_match and is_current(if_none_match.decode("latin-1"), kept.tag)
    status, headers = (304, kept.headers_if_current) if has_it else (200, kept.headers)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    content = b"" if has_it or is_head else kept.content
    start = 0
    while start + PIECE < len(content):  # no more in memory than the client takes
        piece = content[start : start + PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        start += PIECE
    await send({"type": "http.response.body", "body": content[start:], "more_body": False})


def _after(message: Message, receive: Receive) -> Receive:
    """A ``receive`` that gives ``message`` first."""
    pending = [message]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message


class _Recorder:
    """The way out of a response that may be worth keeping."""

    def __init__(self, cache: Cache[KeptResponse], key: RequestKey, send: Send) -> None:
        self._cache = cache
        self._key = key
        self._send = send
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._gathered = bytearray()
        self._route = ""

    async def send(self, message: Message) -> None:
        """Send ``message`` on, and remember it."""
        if message["type"] == "http.response.start":
            self._begin(message)
        elif message["type"] == "http.response.body" and self._headers is not None:
            self._gathered += message.get("body", b"")
            if len(self._gathered) > self._cache.largest:
                self._headers = None
                self._gathered.clear()
            elif not message.get("more_body", False):
                self._keep(self._headers)
        await self._send(message)

    def _begin(self, message: Message) -> None:
        given = dict(message["headers"])
        record = CURRENT.get()
        self._route = record.route if record is not None else ""
        if message["status"] == 200 and may_be_kept(given):
            self._headers = [*message["headers"]]

    def _keep(self, headers: list[tuple[bytes, bytes]]) -> None:
        _keep(self._cache, self._key, kept_response(headers, bytes(self._gathered), self._route))


def kept_response(headers: list[tuple[bytes, bytes]], content: bytes, route: str) -> KeptResponse:
    """A response with these fields, but for its length, and its whole content."""
    given = {**dict(headers), b"content-length": b"%d" % len(content)}
    return KeptResponse(route, list(given.items()), content)


def may_be_kept(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a response of status 200 with these fields may be kept."""
    return headers.get(b"cache-control") == b"no-cache" and b"etag" in headers


def _keep(cache: Cache[KeptResponse], key: RequestKey, response: KeptResponse) -> None:
    cache.put(key, response, len(response.content) + sum(map(len, key)))
