# SPDX-License-Identifier: Apache-2.0
"""A source line as a terminal shows it, with the place that is meant."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

_SPACES = {"\t": "    ", "\n": " ", "\r": ""}
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line without tabs and control characters, not wider than it may be.

    ``start`` and ``width`` say, in cells of a terminal, where in it the marked place is.
    """

    text: str
    start: int
    width: int


def excerpt(line: str, column: int, length: int, most: int) -> Excerpt:
    """Return the part of a line around ``length`` characters at ``column``, at most so many cells.

    A wide character has two cells, one that combines with another none.
    """
    start = min(max(column - 1, 0), len(line))
    before, marked, after = (
        printable(part)
        for part in (line[:start], line[start : start + length], line[start + length :])
    )
    before = before.lstrip(" ")
    marked = _head(marked, most - len(_CUT))
    room = most - cell_len(marked)
    if cell_len(before) + cell_len(after) > room:
        share = max(room // 2, room - cell_len(after))
        before = _tail(before, share)
        after = _head(after, room - cell_len(before))
    return Excerpt(before + marked + after.rstrip(), cell_len(before), max(1, cell_len(marked)))


def printable(text: str) -> str:
    """Return a text of which nothing acts on a terminal: no escape sequences, no line breaks."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else _SPACES.get(sign, "\N{REPLACEMENT CHARACTER}")
        for sign in text
    )


def _head(text: str, most: int) -> str:
    if cell_len(text) <= most:
        return text
    kept = text[: max(most - len(_CUT), 0)]
    while kept and cell_len(kept) > most - len(_CUT):
        kept = kept[:-1]
    return kept + _CUT


def _tail(text: str, most: int) -> str:
    if cell_len(text) <= most:
        return text
    kept = text[-max(most - len(_CUT), 1) :]
    while kept and cell_len(kept) > most - len(_CUT):
        kept = kept[1:]
    return _CUT + kept
