# SPDX-License-Identifier: Apache-2.0
"""Answers of unknown length to HTTP/1.0, which knows no chunks (RFC 9112, section 6.1).

Such an answer ends with its connection. So that one that failed midway does not look complete, its
connection is reset rather than ended. uvicorn would send chunks.
"""

from __future__ import annotations

import socket
import struct
import sys

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_AT_ONCE = struct.pack("ii", 1, 0)  # struct linger: what was not sent is forgotten


def unframed(app: ASGIApp, cycle: RequestResponseCycle) -> ASGIApp:
    """``app``, whose answers in ``cycle`` go without chunks."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_unframed = False

        async def pass_on(message: Message) -> None:
            nonlocal is_unframed
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                is_unframed = b"content-length" not in names
                if is_unframed:  # uvicorn is to count down from more than anyone sends
                    cycle.chunked_encoding, cycle.expected_content_length = False, sys.maxsize
            elif is_unframed and not message.get("more_body"):
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        await app(scope, receive, pass_on)
        if is_unframed and not cycle.response_complete:
            connection = cycle.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            cycle.transport.abort()

    return answer
