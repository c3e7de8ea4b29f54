# SPDX-License-Identifier: Apache-2.0
"""Cutting an answer off after so many rows while the engine writes it, and saying so in it.

The query is left as it is, so that ORDER BY, OFFSET and LIMIT mean what they say: the engine is
stopped from its output, as soon as that shows a row too many. Rows are told apart in what Oxigraph
writes: most pieces need to be counted only, those in which a value may hold what stands between
rows are read token by token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, Any

from cosigraph.formats import ResultFormat

REACHED = "https://w3id.org/cosigraph/problem/row-limit"
"""Stands as a link in an answer in JSON that was cut off."""


class RowLimitReached(Exception):
    """Raised where the engine writes when the answer has all the rows that it may have."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """How rows are told apart in a format.

    Attributes:
        mark: what stands between two rows.
        kept: how many bytes of it belong to the row before.
        ahead: how many bytes after a mark must be known.
        headers: the rows that are none, but end as rows do.
        doubt: found where a mark may stand within a value.
        token: a value in quotes (which may be incomplete), or a mark.
    """

    mark: bytes
    kept: int
    ahead: int = 0
    headers: int = 0
    doubt: re.Pattern[bytes] | None = None
    token: re.Pattern[bytes] | None = None


_ROWS = {
    # A mark is followed by the quotation mark of a variable's name, unless the row is empty; one
    # within a string that is so followed ends the string, before a comma or a brace.
    ResultFormat.JSON: _Rows(
        mark=b"},{",
        kept=1,
        ahead=2,
        doubt=re.compile(rb'\},\{(?:"[,}]|[^"])'),
        token=re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|\},\{', re.DOTALL),
    ),
    ResultFormat.XML: _Rows(mark=b"</result><result>", kept=len(b"</result>")),
    ResultFormat.CSV: _Rows(
        mark=b"\r\n",
        kept=2,
        ahead=2,
        headers=1,
        doubt=re.compile(rb'"'),
        token=re.compile(rb'"[^"]*+(?:"|\Z)|\r\n'),
    ),
    ResultFormat.TSV: _Rows(mark=b"\n", kept=1, ahead=1, headers=1),
}


def notice(rows: int) -> str:
    """What an answer says of its end where its format has room for comments."""
    return f"Cut off here: the server gives no more than {rows} at a time. See {REACHED}"


def graph_notice(form: ResultFormat, rows: int) -> bytes:
    """What stands after a graph that was cut off; JSON-LD has no room for it."""
    if form is ResultFormat.RDFXML:
        return f"\n<!-- {notice(rows)} -->\n".encode()
    return b"" if form is ResultFormat.JSONLD else f"# {notice(rows)}\n".encode()


class RowLimiter:
    """Hands on the first rows of what the engine writes; raises RowLimitReached at one too many.

    What it holds always begins between two values.

    Attributes:
        piece: how many bytes are gathered before rows are counted
    """

    piece = 64 * 1024

    def __init__(self, output: IO[bytes], form: ResultFormat, rows: int) -> None:
        self._output = output
        self._form = form
        self._limit = rows
        self._rows = _ROWS[form]
        self._left = rows + self._rows.headers
        self._held = bytearray()
        self._is_begun = False
        self._is_full = False

    def write(self, content: Any) -> int:
        """Take what the engine writes; raises RowLimitReached."""
        if self._is_full:  # the engine, when it is stopped, still writes what it had gathered
            return len(content)
        self._held += content
        if len(self._held) >= self.piece:
            self._count()
        return len(content)

    def flush(self) -> None:
        """Do nothing, as the engine asks for it."""

    def finish(self) -> None:
        """Hand on what is left; raises RowLimitReached."""
        if self._held.count(self._rows.mark) >= self._left:  # else no doubt is worth a look
            self._count()
        self._hand_on(len(self._held))

    def declare(self) -> None:
        """End an answer that was cut off as its format wants it, and say that it was."""
        if self._form is ResultFormat.JSON:
            link = f'"link":["{REACHED}"]'.encode()
            if self._is_begun:
                self._held += b"]}," + link + b"}"
            else:  # the head is still here, which is where links belong
                self._held[:] = self._held.replace(b'"head":{', b'"head":{' + link + b",", 1)
                self._held += b"]}}"
        elif self._form is ResultFormat.XML:
            self._held += f"</results></sparql>\n<!-- {notice(self._limit)} -->\n".encode()
        self._hand_on(len(self._held))

    def _count(self) -> None:
        """Hand on the rows that are complete, up to the limit; raises RowLimitReached."""
        rows, end = self._rows, len(self._held) - self._rows.ahead
        count = self._held.count(rows.mark, 0, max(end, 0))
        if not count:
            return
        if rows.doubt is None or rows.doubt.search(self._held) is None:
            last = self._held.rfind(rows.mark, 0, end)
            marks = None
        else:
            marks = self._marks(end)
            if not marks:
                return
            count, last = len(marks), marks[-1]
        if count < self._left:
            self._left -= count
            self._hand_on(last + rows.kept)
            return
        if marks is None:
            marks = self._marks(end)
        del self._held[marks[self._left - 1] + rows.kept :]
        self._is_full = True
        raise RowLimitReached

    def _marks(self, end: int) -> list[int]:
        """Where the marks before ``end`` begin."""
        mark = self._rows.mark
        token = self._rows.token or re.compile(re.escape(mark))
        found = token.finditer(self._held, 0, end)
        return [match.start() for match in found if match[0] == mark]

    def _hand_on(self, length: int) -> None:
        if length:
            self._is_begun = True
            self._output.write(bytes(memoryview(self._held)[:length]))
            del self._held[:length]
