# SPDX-License-Identifier: Apache-2.0
"""The lines of the files that findings stand in, as people see them."""

from __future__ import annotations

import re
from pathlib import Path

from cosigraph.errors import Position, ProjectError
from cosigraph.files import read_file

_LONGEST = 10_000  # characters of a line that anyone is shown
_TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\s]*>            # an IRI
    | \"\"\"(?:.*?\"\"\"|.*) | '''(?:.*?'''|.*)
    | (?: "(?:[^"\\]|\\.)*"? | '(?:[^'\\]|\\.)*'? ) (?:@[\w-]+|\^\^[^\s,;\])]*[^\s,;.\])])?
    | [+-]?[\d.]*\d(?:[eE][+-]?\d+)?
    | [\w-][\w.:%~/#-]*[\w:/#-] | [^\s]""",  # a name, a keyword; else one sign
    re.VERBOSE,
)


class SourceLines:
    """Reads each file once; what cannot be read has no lines."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}

    def line(self, position: Position) -> str | None:
        """Return the line at a position, without its end, or None when there is none."""
        if position.source is None or position.line is None:
            return None
        lines = self._lines(position.source)
        return lines[position.line - 1] if 0 < position.line <= len(lines) else None

    def length(self, position: Position) -> int:
        """Return how many characters of the line the position speaks of: at least one.

        Where the end is not known, they are those of the token that begins there.
        """
        line = self.line(position)
        if line is None or position.column is None:
            return 1
        start = position.column - 1
        if position.end_column is not None and position.end_line in {None, position.line}:
            return max(1, position.end_column - position.column)
        if position.end_line is not None and position.end_line > (position.line or 0):
            return max(1, len(line.rstrip()) - start)
        token = _TOKEN.match(line, start)
        return len(token.group()) if token else 1

    def _lines(self, source: str) -> list[str]:
        if source not in self._files:
            try:
                text = read_file(Path(source)).decode("utf-8-sig", errors="replace")
            except ProjectError:
                text = ""
            # As the parsers count: a form feed or U+2028 ends no line.
            lines = re.split(r"\r\n|\n|\r", text)
            self._files[source] = [line[:_LONGEST] for line in lines]
        return self._files[source]
