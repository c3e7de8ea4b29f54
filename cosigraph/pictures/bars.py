# SPDX-License-Identifier: Apache-2.0
"""Bars: how much there is of each, the number beside its bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cosigraph.pictures.svg import LINE, drawing, element, lines_of, width_of, words
from cosigraph.pictures.values import number, text
from cosigraph.table import Table

MOST = 30
"""How many bars are drawn; the largest ones, where there are more."""

_BAR = 14


@dataclass(frozen=True, slots=True)
class Bars:
    """Names with their numbers; ``left_out`` is how many more the answer has."""

    title: str
    bars: tuple[tuple[str, float, str], ...]
    left_out: int = 0

    @classmethod
    def of(cls, chart: Mapping[str, str], table: Table, title: str) -> Self:
        """The bars of an answer whose columns ``chart`` names."""
        found = []
        for row in table:
            value = number(row[chart["y"]])
            if value is not None and value >= 0:
                found.append((text(row[chart["x"]]), value, text(row[chart["y"]])))
        if len(found) > MOST:
            found.sort(key=lambda bar: -bar[1])
        return cls(title, tuple(found[:MOST]), max(len(found) - MOST, 0))

    def svg(self, width: int) -> str:
        """The bars as SVG: names beside them, or above them where there is little room."""
        longest = max((width_of(name) for name, _, _ in self.bars), default=0)
        left = min(longest + 12, width * 0.45) if width >= 480 else 0.0
        largest = max((value for _, value, _ in self.bars), default=0) or 1
        room = width - left - max((width_of(told) for _, _, told in self.bars), default=0) - 12
        parts, y = [], 4.0
        for name, value, told in self.bars:
            lines = lines_of(name, (left or width) - 12)
            for place, line in enumerate(lines):
                parts.append(words(line, 0, y + 14 + place * LINE))
            if not left:
                y += len(lines) * LINE + 2
            long = max(value / largest * room, 1.0)
            parts.append(element("rect", kind="bar", x=left, y=y + 3, width=long, height=_BAR))
            parts.append(words(told, left + long + 6, y + 15, kind="soft"))
            y += max(len(lines) * LINE, LINE) + 8 if left else _BAR + 12
        if self.left_out:
            parts.append(words(f"and {self.left_out} more", 0, y + 14, kind="soft"))
            y += LINE + 4
        return drawing(self.title, width, y, parts)
