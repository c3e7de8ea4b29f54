# SPDX-License-Identifier: Apache-2.0
"""N-Triples and N-Quads with their lines sorted; a comment stays with the line that follows."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n|\n|\r")


def sort_lines(text: str) -> str:
    """Return the statements in the order of their characters, each once.

    Comments at the beginning, up to the last empty line before the first statement, stay there;
    those behind the last statement stay at the end.
    """
    header: list[str] = []
    pending: list[str] = []
    statements: dict[str, list[str]] = {}
    for line in map(str.strip, _LINE_END.split(text)):
        if not line:
            if not statements:
                header += pending
                pending = []
        elif line.startswith("#"):
            pending.append(line)
        else:
            statements.setdefault(line, []).extend(pending)
            pending = []
    if not statements:
        header, pending = header + pending, []
    body = [each for line in sorted(statements) for each in (*statements[line], line)]
    parts = [lines for lines in (header, [*body, *pending]) if lines]
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in parts)
