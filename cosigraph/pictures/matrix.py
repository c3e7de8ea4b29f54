# SPDX-License-Identifier: Apache-2.0
"""A matrix: what stands against what, how much or how plainly, and whether it is marked.

The values are numbers, or words of which the one that comes first in the answer is the strongest.
A word is drawn as a disc that is full, half full or a quarter full, a mark as a field around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from cosigraph.pictures.svg import LINE, drawing, element, lines_of, words
from cosigraph.pictures.values import number, text, texts
from cosigraph.table import Table
from cosigraph.turtle import natural_key

_CELL, _GAP, _HEAD = 34, 3, 28
_PRESENT = "yes"
MOST_ROWS, MOST_COLUMNS = 300, 60
"""How many rows and columns are drawn."""

DISCS = 3
"""How many strengths have a disc of their own; weaker ones share the last."""


@dataclass(frozen=True, slots=True)
class Head:
    """A row's or column's name, with a longer one where there is one."""

    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What stands at a crossing.

    Attributes:
        values: what is said, the strongest first; none if nothing is
        level: the place of the strongest among the picture's values, from 1; 0 for nothing
        is_marked: whether it has the mark
        details: what else is told of it
        rows: which rows of the answer say so, by their places
    """

    values: tuple[str, ...] = ()
    level: int = 0
    is_marked: bool = False
    details: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row, and what group of rows it belongs to."""

    head: Head
    cells: tuple[MatrixCell, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix; ``values`` are the words it has, the strongest first, none if it has numbers.

    ``mark`` is what a mark says, or "" if nothing is marked; ``left_out`` says how many rows and
    columns more the answer has, or "".
    """

    title: str
    columns: tuple[Head, ...]
    rows: tuple[MatrixRow, ...]
    values: tuple[str, ...] = ()
    mark: str = ""
    left_out: str = ""

    @classmethod
    def of(cls, chart: Mapping[str, str], table: Table, title: str) -> Self:
        """The matrix of an answer whose columns ``chart`` names."""
        return cls(title, *_Reader(chart, table).matrix())

    @property
    def groups(self) -> dict[str, list[MatrixRow]]:
        """The rows by group, in order."""
        found: dict[str, list[MatrixRow]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return found

    @property
    def explained(self) -> tuple[str, ...]:
        """The words whose discs need explaining: none where a disc says only that there is one."""
        return () if self.values == (_PRESENT,) else self.values

    def svg(self, width: int) -> str:
        """The matrix as SVG, no narrower than its fields need."""
        fields = len(self.columns) * _CELL
        beside = width - fields >= 180  # names beside the fields, or above them
        left = max(width - fields, 0) if beside else 0
        parts, y = [], float(_HEAD)
        for place, column in enumerate(self.columns):
            x = left + place * _CELL + _CELL / 2
            shown = column.name if len(column.name) <= 4 else column.name[:3] + "…"
            parts.append(words(shown, x, 18, text_anchor="middle", font_weight="bold"))
        for group, rows in self.groups.items():
            if group:
                parts.append(words(group, 0, y + LINE + 4, kind="soft", font_weight="bold"))
                y += LINE + 12
            for row in rows:
                y = self._row(row, parts, y, left, float(width))
        y = self._legend(parts, y + 10)
        return drawing(self.title, max(width, left + fields), y, parts)

    def _row(self, row: MatrixRow, parts: list[str], y: float, left: int, width: float) -> float:
        name = f"{row.head.name}. {row.head.label}" if row.head.label else row.head.name
        lines = lines_of(name, left - 12 if left else width)
        height = max(_CELL, len(lines) * LINE + 6) if left else float(_CELL)
        if not left:
            y += 4
        for place, line in enumerate(lines):
            parts.append(words(line, 0, y + LINE + place * LINE))
        if not left:
            y += len(lines) * LINE + 6
        for place, cell in enumerate(row.cells):
            parts += self._field(cell, left + place * _CELL, y)
        parts.append(element("path", kind="rule", d=f"M0 {y + height:g}H{width:g}"))
        return y + height

    def _field(self, cell: MatrixCell, x: float, y: float) -> list[str]:
        parts = []
        if cell.is_marked:
            size = _CELL - 2 * _GAP
            parts.append(
                element("rect", kind="claim", x=x + _GAP, y=y + _GAP, width=size, height=size, rx=3)
            )
        middle = (x + _CELL / 2, y + _CELL / 2)
        if self.values:
            parts += [*disc(cell.level, *middle)]
        elif cell.values:
            parts.append(
                words(short(cell.values[0]), middle[0], middle[1] + 5, text_anchor="middle")
            )
        return parts

    def _legend(self, parts: list[str], y: float) -> float:
        for level, value in enumerate(self.explained, 1):
            parts += [*disc(level, 11, y + 11), words(value, 30, y + 16, kind="soft")]
            y += 24
        if self.mark:
            parts.append(element("rect", kind="claim", x=0.5, y=y + 0.5, width=21, height=21, rx=3))
            parts.append(words(self.mark, 30, y + 16, kind="soft"))
            y += 24
        if self.left_out:
            parts.append(words(self.left_out, 0, y + 16, kind="soft"))
            y += 24
        return y + 4


def disc(level: int, x: float, y: float) -> list[str]:
    """A disc for the level: full, half full, a quarter full; none for 0."""
    if not level:
        return []
    if level == 1:
        return [element("circle", kind="bar", cx=x, cy=y, r=9)]
    ring = element("circle", kind="line", cx=x, cy=y, r=8.25, stroke_width=1.5)
    end = f"{x:g} {y + 9:g}" if level == 2 else f"{x + 9:g} {y:g}"
    part = f"M{x:g} {y:g}V{y - 9:g}A9 9 0 0 1 {end}Z"
    return [ring, element("path", kind="bar", d=part)]


def short(value: str) -> str:
    """A number as a field has room for it: ``0.444`` as ``.44``."""
    return f"{float(value):.2f}".removeprefix("0") if "." in value else value


class _Reader:
    """Puts the rows of an answer where they belong."""

    def __init__(self, chart: Mapping[str, str], table: Table) -> None:
        self._chart = chart
        self._table = table
        self._columns: dict[str, str] = {}
        self._rows: dict[tuple[str, str], str] = {}
        self._cells: dict[tuple[str, str, str], MatrixCell] = {}
        self._values: dict[str, int] = {}

    def matrix(
        self,
    ) -> tuple[tuple[Head, ...], tuple[MatrixRow, ...], tuple[str, ...], str, str]:
        """All parts of the picture but its title."""
        self._name_values()
        for place in range(len(self._table)):
            self._put(place)
        columns = sorted(self._columns, key=natural_key)
        rows: Sequence[tuple[str, str]] = list(self._rows)
        if {name for _, name in rows} & set(columns):  # things of one kind against each other
            rows = sorted(rows, key=lambda row: natural_key(row[1]))
        more = {
            "rows": max(len(rows) - MOST_ROWS, 0),
            "columns": max(len(columns) - MOST_COLUMNS, 0),
        }
        rows, columns = rows[:MOST_ROWS], columns[:MOST_COLUMNS]
        made = tuple(
            MatrixRow(
                Head(name, self._rows[group, name]),
                tuple(self._cells.get((group, name, column), MatrixCell()) for column in columns),
                group,
            )
            for group, name in rows
        )
        heads = tuple(Head(column, self._columns[column]) for column in columns)
        told = " and ".join(f"{count:,} more {what}" for what, count in more.items() if count)
        left_out = f"and {told}" if told else ""
        return heads, made, tuple(self._values), self._chart.get("mark", ""), left_out

    def _name_values(self) -> None:
        if "value" not in self._chart:
            self._values = {_PRESENT: 1}
            return
        cells = [row[self._chart["value"]] for row in self._table]
        if any(number(cell) is None for cell in cells if cell is not None):
            for cell in cells:
                for value in texts(cell):
                    self._values.setdefault(value, min(len(self._values) + 1, DISCS))

    def _put(self, place: int) -> None:
        row, chart = self._table[place], self._chart

        def told(key: str) -> str:
            return text(row[chart[key]]) if key in chart else ""

        values = texts(row[chart["value"]]) if "value" in chart else (_PRESENT,)
        details = texts(row[chart["detail"]]) if "detail" in chart else ()
        is_marked = "mark" in chart and row[chart["mark"]] is True
        group, name = told("group"), told("y")
        self._rows.setdefault((group, name), told("y-label"))
        for column in texts(row[chart["x"]]):
            self._columns.setdefault(column, told("x-label"))
            cell = self._cells.get((group, name, column), MatrixCell())
            all_values = tuple(dict.fromkeys((*cell.values, *values)))
            levels = [self._values.get(value, 0) for value in all_values]
            self._cells[group, name, column] = MatrixCell(
                tuple(sorted(all_values, key=lambda value: self._values.get(value, 0))),
                min(levels, default=0),
                cell.is_marked or is_marked,
                tuple(dict.fromkeys((*cell.details, *details))),
                (*cell.rows, place),
            )
