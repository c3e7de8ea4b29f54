# SPDX-License-Identifier: Apache-2.0
"""Content codings: answers are compressed for clients that can read them so.

zstd where it is accepted, else gzip (RFC 9110, section 8.4), both at their quickest. What is
shorter than a kilobyte goes as it is. A coding is part of the entity tag, also where the content
was too short for it: what a client may have is known before the answer is.
"""

from __future__ import annotations

import re
import sys
import zlib
from enum import StrEnum
from typing import Protocol

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SHORTEST = 1024
"""The length in bytes from which on content is compressed."""

_LEVEL = 1
_GZIP_WINDOW = 31  # zlib's way to ask for gzip's frame
_LONG = 16 * 1024  # bytes for which gzip takes so long that others would wait
_ACCEPT = b"accept-encoding"
_NEVER = {204, 206, 304}
_QUALITY = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)


class Coding(StrEnum):
    """A content coding, the preferred one first."""

    ZSTD = "zstd"
    GZIP = "gzip"


class _Encoder(Protocol):
    def compress(self, content: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def chosen(accept_encoding: str) -> Coding | None:
    """The coding for a client that sends this ``Accept-Encoding``; None for none.

    The highest quality wins, and of equals the one that is preferred here (RFC 9110, section
    12.5.3). A client that refuses uncompressed content and all that is spoken here gets it as it
    is, which the section allows.
    """
    qualities: dict[str, float] = {}
    for member in accept_encoding.lower().split(","):
        name, _, parameter = member.partition(";")
        quality = _QUALITY.fullmatch(parameter.strip())
        qualities[name.strip()] = float(quality[1]) if quality else 1.0
    anything = qualities.get("*", 0.0)
    best = max(Coding, key=lambda coding: qualities.get(coding, anything))
    quality_of_best = qualities.get(best, anything)
    is_welcome = quality_of_best > 0 and quality_of_best >= qualities.get("identity", 0.0)
    return best if is_welcome else None


def coding_of(scope: Scope) -> Coding | None:
    """The coding for whoever sends a request."""
    accepted = b",".join([value for name, value in scope["headers"] if name == _ACCEPT])
    return chosen(accepted.decode("latin-1")) if accepted else None


def encoder(coding: Coding) -> _Encoder:
    """Something that compresses one answer, piece by piece."""
    if coding is Coding.GZIP:
        return zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return zstd.ZstdCompressor(level=_LEVEL)


class CodedResponses:
    """Compresses what an application answers, and knows its entity tags again."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        coding = coding_of(scope)
        coded = _CodedSend(send, coding)
        if coding is not None and scope["method"] in {"GET", "HEAD"}:
            scope = {**scope, "headers": [*_without_coding(scope["headers"], coding)]}
        await self._application(scope, receive, coded.send)


def _without_coding(
    headers: list[tuple[bytes, bytes]], coding: Coding
) -> list[tuple[bytes, bytes]]:
    """The fields with the tags that a client has as the application made them.

    Those that stand for the answer in another coding do not count.
    """
    suffix = f'-{coding}"'.encode()
    result = []
    for name, value in headers:
        if name != b"if-none-match":
            result.append((name, value))
            continue
        tags = [tag.strip() for tag in value.split(b",")]
        kept = [tag.removesuffix(suffix) + b'"' for tag in tags if tag.endswith(suffix)]
        if kept:
            result.append((name, b", ".join(kept)))
    return result


def negotiated(
    fields: list[tuple[bytes, bytes]], coding: Coding | None, *, is_partial: bool = False
) -> list[tuple[bytes, bytes]]:
    """The fields of a response that there is in several codings, of which this one is chosen."""
    suffix = b"" if coding is None or is_partial else f'-{coding}"'.encode()
    given, varies = [], False
    for name, value in fields:
        if name == b"vary":
            varies = True
            given.append((name, value + b", Accept-Encoding"))
        elif suffix and name == b"etag":
            given.append((name, value[:-1] + suffix))
        else:
            given.append((name, value))
    if not varies:
        given.append((b"vary", b"Accept-Encoding"))
    return given


def encoded(
    fields: list[tuple[bytes, bytes]], content: bytes, coding: Coding | None
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The fields and the content of a whole response in a coding; not for what is ``slow``."""
    fields = negotiated(fields, coding)
    if coding is None or len(content) < SHORTEST:
        return fields, content
    compressing = encoder(coding)
    content = compressing.compress(content) + compressing.flush()
    own = {b"content-encoding": str(coding).encode(), b"content-length": b"%d" % len(content)}
    return list({**dict(fields), **own}.items()), content


def slow(coding: Coding | None) -> int | None:
    """From how many bytes on others would wait for the coding; None if it is always quick."""
    return _LONG if coding is Coding.GZIP else None


class _CodedSend:
    """The way out of one response."""

    def __init__(self, send: Send, coding: Coding | None) -> None:
        self._send = send
        self._coding = coding
        self._start: Message | None = None
        self._encoder: _Encoder | None = None

    async def send(self, message: Message) -> None:
        """Send ``message`` on, compressed if it is content."""
        if message["type"] == "http.response.start":
            self._start = {
                **message
            }  # what it says of the content is not known before its beginning
            return
        is_content = message["type"] == "http.response.body"
        if self._start is not None:
            if is_content:
                message = await self._first(self._start, message)
            start, self._start = self._start, None
            await self._send(start)
            await self._send(message)
        elif self._encoder is not None and is_content:
            more = message.get("more_body", False)
            content = await self._encoded(self._encoder, message.get("body", b""), is_last=not more)
            if content or not more:
                await self._send({**message, "body": content})
        else:
            await self._send(message)

    async def _first(self, start: Message, message: Message) -> Message:
        """Choose how the content goes; return its beginning, and leave its fields in ``start``."""
        coding = self._coding
        is_partial = start["status"] == 206
        fields = start["headers"] = negotiated(start["headers"], coding, is_partial=is_partial)
        if coding is None:
            return message
        headers = MutableHeaders(raw=fields)
        content, more = message.get("body", b""), message.get("more_body", False)
        is_short = not more and len(content) < SHORTEST
        if is_short or start["status"] in _NEVER or "content-encoding" in headers:
            return message
        headers["Content-Encoding"] = str(coding)
        self._encoder = encoder(coding)
        content = await self._encoded(self._encoder, content, is_last=not more)
        is_whole = not more and "content-length" in headers
        del headers["Content-Length"]
        if is_whole:
            headers["Content-Length"] = str(len(content))
        return {**message, "body": content}

    async def _encoded(self, encoder: _Encoder, content: bytes, *, is_last: bool) -> bytes:
        def encode() -> bytes:
            compressed = encoder.compress(content)
            return compressed + encoder.flush() if is_last else compressed

        most = slow(self._coding)
        if most is not None and len(content) > most:
            return await to_thread.run_sync(encode)
        return encode()
