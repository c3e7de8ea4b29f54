# SPDX-License-Identifier: Apache-2.0
"""Responses that are ready before anything of their request is read, known by its bytes.

As in :mod:`cosigraph_api.cache`, nothing is kept of another version of the data, and no answer that
may differ from one time to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cosigraph.store import PIECE

from .cache import Cache
from .headers import is_current
from .record import ATTEMPT, CURRENT

# What a 304 repeats (RFC 9110, section 15.4.5).
_CONFIRMED = {b"etag", b"cache-control", b"vary", b"content-location"}

RequestKey = tuple[str | bytes, ...]
"""The version, and all of a request that its response depends on."""


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
