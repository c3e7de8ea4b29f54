# SPDX-License-Identifier: Apache-2.0
"""A timeline: what happened from which day to which, one line for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from cosigraph.pictures.svg import LINE, drawing, element, lines_of, words
from cosigraph.pictures.values import day, text
from cosigraph.table import Table

MOST = 60
"""How many events are drawn."""

_MARGIN, _HEAD = 8, 28
_SHORTEST = 6.0
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, from its first day to its last, and who or what else belongs to it."""

    start: date
    end: date
    name: str
    detail: str = ""

    @property
    def days(self) -> str:
        """When it was."""
        if self.start == self.end:
            return _told(self.start)
        return f"{_told(self.start)} \N{EN DASH} {_told(self.end)}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in order of time; ``left_out`` is how many more the answer has."""

    title: str
    events: tuple[Event, ...]
    left_out: int = 0

    @classmethod
    def of(cls, chart: Mapping[str, str], table: Table, title: str) -> Self:
        """The timeline of an answer whose columns ``chart`` names."""
        found = []
        for row in table:
            start = day(row[chart["start"]])
            end = day(row[chart["end"]]) if "end" in chart else None
            if start is not None:
                detail = text(row[chart["detail"]]) if "detail" in chart else ""
                last = end if end is not None and end >= start else start
                found.append(Event(start, last, text(row[chart["label"]]), detail))
        found.sort(key=lambda event: (event.start, event.end, event.name))
        return cls(title, tuple(found[:MOST]), max(len(found) - MOST, 0))

    def svg(self, width: int) -> str:
        """The timeline as SVG: below a scale of months, each event with its words under its bar."""
        first = min((event.start for event in self.events), default=date.min)
        last = max((event.end for event in self.events), default=date.min)
        span = max((last - first).days, 1)
        room = width - 2 * _MARGIN

        def place(when: date) -> float:
            return _MARGIN + (when - first).days / span * room

        parts, y = [], float(_HEAD)
        ticks = [(place(month), month) for month in _months(first, last)]
        for event in self.events:
            x, end = place(event.start), place(event.end)
            long = max(end - x, _SHORTEST)
            x = min(x, width - _MARGIN - long)
            parts.append(element("rect", kind="bar", x=x, y=y + 6, width=long, height=8, rx=2))
            y += 20
            named = lines_of(event.name, width)
            lines = [event.days, *named, *(lines_of(event.detail, width) if event.detail else [])]
            is_late = x + long / 2 > width / 2
            anchor, start = ("end", x + long) if is_late else ("start", x)
            for number, line in enumerate(lines):
                kind = "ink" if 0 < number <= len(named) else "soft"
                parts.append(words(line, start, y + 14, kind=kind, text_anchor=anchor))
                y += LINE
            y += 12
        scale = []
        for x, month in ticks:
            scale.append(element("path", kind="rule", d=f"M{x:g} {_HEAD}V{y:g}"))
            scale.append(words(f"{month:%b %Y}", x + 3, 16, kind="soft", font_size=12))
        if self.left_out:
            parts.append(words(f"and {self.left_out} more", 0, y + 14, kind="soft"))
            y += LINE + 4
        return drawing(self.title, width, y, [*scale, *parts])


def _told(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def _months(first: date, last: date) -> list[date]:
    """The first days of months between, not more than there is room for."""
    begin = first.year * 12 + first.month
    end = last.year * 12 + last.month - 1
    step = max((end - begin) // _MOST_TICKS + 1, 1)
    months = range(begin, end + 1, step)
    return [
        date(month // 12, month % 12 + 1, 1) for month in months if month // 12 <= date.max.year
    ]
