# SPDX-License-Identifier: Apache-2.0
"""Heads of requests whose fields have been read before, byte for byte, need not be read again.

A client sends the same fields with each of its requests. Of a GET whose fields are known, and that
comes alone and whole, only the request line is new; whatever is not of the plainest form is left
to the parser of HTTP.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

from starlette.types import Scope

Fields = list[tuple[bytes, bytes]]

_END = b"\r\n\r\n"
# What may stand in the query of an address (RFC 3986, section 3.4).
_LINE = re.compile(rb"GET (/[a-z]*)\?([A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*) HTTP/1\.1\r\n")
# Fields of the connection or the body; none is read here but ``Connection: keep-alive``.
_TELLING = {b"connection", b"content-length", b"expect", b"transfer-encoding", b"upgrade"}
_MOST = 256  # that are known at a time
_LONGEST_REQUEST = 32 * 1024  # bytes; the parser refuses what is much longer
_LONGEST = 4096  # bytes of one that is worth to be known


class KnownHeads:
    """The fields of heads by their bytes; what was used longest ago goes first."""

    def __init__(self) -> None:
        self._fields: OrderedDict[bytes, Fields] = OrderedDict()

    def members(self, data: bytes) -> dict[str, Any] | None:
        """What an ASGI scope has of the request that ``data`` is; None if it must be parsed."""
        line = _LINE.match(data) if len(data) <= _LONGEST_REQUEST else None
        if line is None:
            return None
        head = data[line.end() :]
        fields = self._fields.get(head)
        if fields is None:
            return None
        self._fields.move_to_end(head)
        raw_path = line[1]
        return {
            "method": "GET",
            "path": raw_path.decode("ascii"),
            "raw_path": raw_path,
            "query_string": line[2],
            "headers": fields.copy(),
        }

    def learn(self, data: bytes, scope: Scope) -> None:
        """Remember the fields of the request that was parsed from ``data``, if that was all."""
        line = _LINE.match(data)
        if line is None:
            return
        head = data[line.end() :]
        is_one = len(head) <= _LONGEST and head.find(_END) == len(head) - len(_END)
        if not is_one or "method" not in scope:  # the parser has refused it, or is not done
            return
        fields: Fields = scope["headers"]
        telling = [value.lower() for name, value in fields if name in _TELLING]
        if telling in ([], [b"keep-alive"]):
            self._fields[head] = fields.copy()
            if len(self._fields) > _MOST:
                self._fields.popitem(last=False)
