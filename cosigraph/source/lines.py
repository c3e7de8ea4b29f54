# SPDX-License-Identifier: Apache-2.0
"""Lines and columns of a text in UTF-8, as an editor counts them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right

_LINE_END = re.compile(rb"\r\n|\n|\r")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def text_begin(content: bytes) -> int:
    """Return the offset behind a byte order mark, if there is one."""
    return len(BYTE_ORDER_MARK) if content.startswith(BYTE_ORDER_MARK) else 0


class Lines:
    """Finds the line and column of an offset, both from 1; columns count code points.

    Lines end as in Turtle's grammar: with LF, CR or CR LF. A tab is one column, a byte order mark
    none.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._starts = array("Q", (text_begin(content),))
        self._starts.extend(match.end() for match in _LINE_END.finditer(content))

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of the byte at ``offset``."""
        line = max(bisect_right(self._starts, offset), 1)
        before = self._content[self._starts[line - 1] : offset]
        return line, len(before.decode(errors="replace")) + 1
