# SPDX-License-Identifier: Apache-2.0
"""Pictures on pages: an answer's picture with its files, and where each row of it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from cosigraph.canned import CannedQuery
from cosigraph.pictures import Matrix, picture
from cosigraph.pictures.matrix import DISCS
from cosigraph.pictures.values import texts
from cosigraph.table import Table

from .canned_answers import READING, Call

WIDE, NARROW = 720, 272
"""How wide pictures are laid out, in CSS pixels: for a page, and for a screen of 320."""

_SHADES = 4
_SHORT = 12  # letters


@dataclass(frozen=True, slots=True)
class Field:
    """A matrix's field: what it looks like, what it says, and where it leads."""

    shape: str
    shown: str
    told: str
    is_marked: bool
    href: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A matrix's row."""

    name: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of an answer: a matrix as a table, anything else drawn in two widths.

    ``shapes`` explains the shapes of a matrix's fields.
    """

    title: str
    name: str
    page: str
    svg: str
    csv: str
    wide: str = ""
    narrow: str = ""
    matrix: Matrix | None = None
    groups: Mapping[str, Sequence[FieldRow]] | None = None
    shapes: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    mark_meaning: str = ""

    @property
    def has_short_names(self) -> bool:
        """Whether a matrix's rows need little room for their names."""
        heads = [] if self.matrix is None else [row.head for row in self.matrix.rows]
        return all(len(head.name) + len(head.label) <= _SHORT for head in heads)


def figure_of(
    call: Call, table: Table, queries: Mapping[str, CannedQuery], root: str
) -> Figure | None:
    """The figure of an answer, or None if it has no picture."""
    drawn = picture(call.query, table)
    if drawn is None:
        return None
    query = call.query
    given = query_string(call)
    addresses = (
        f"{root}queries/{query.name}{given}",
        f"{root}pictures/{query.name}.svg{given}",
        f"{root}queries/{query.name}.csv{given}",
    )
    if not isinstance(drawn, Matrix):
        return Figure(
            query.summary, query.name, *addresses, wide=drawn.svg(WIDE), narrow=drawn.svg(NARROW)
        )
    follow = following(call, table, queries, root)
    column = next((each for each in query.columns if each.name == drawn.mark), None)
    shapes = [(_disc(place), value) for place, value in enumerate(drawn.explained, 1)]
    return Figure(
        query.summary,
        query.name,
        *addresses,
        matrix=drawn,
        groups=_groups(drawn, follow),
        shapes=tuple(shapes),
        mark=drawn.mark,
        mark_meaning="" if column is None else column.description,
    )


def following(
    call: Call, table: Table, queries: Mapping[str, CannedQuery], root: str
) -> Callable[[int], str]:
    """What gives the address that a row leads to, by its place; "" where it leads nowhere.

    What the call itself was given is asked there too, where that has a parameter of the name.
    """
    follow = call.query.follow
    if follow is None:
        return lambda _: ""
    known = queries[follow.query].parameters
    kept = {name: values for name, values in call.values.items() if name in known}
    kept |= {READING: [call.reading]} if call.reading else {}

    def address(place: int) -> str:
        row = table[place]
        own = {name: list(texts(row[column])) for name, column in follow.columns.items()}
        return f"{root}queries/{follow.query}?{urlencode({**kept, **own}, doseq=True)}"

    return address


def query_string(call: Call) -> str:
    """The query string that makes the call, with its question mark, or ""."""
    fields: list[tuple[str, Sequence[str]]] = list(call.values.items())
    fields += [(READING, [call.reading])] if call.reading else []
    return f"?{urlencode(fields, doseq=True)}" if fields else ""


def _groups(matrix: Matrix, follow: Callable[[int], str]) -> dict[str, list[FieldRow]]:
    largest = max((_amount(cell.values) for row in matrix.rows for cell in row.cells), default=0.0)
    return {
        group: [
            FieldRow(
                row.head.name,
                row.head.label,
                tuple(
                    Field(
                        _disc(cell.level) if matrix.values else _shade(cell.values, largest),
                        "" if matrix.values else ", ".join(cell.values),
                        _told(matrix, cell.values, cell.details, is_marked=cell.is_marked),
                        cell.is_marked,
                        follow(cell.rows[0]) if cell.values or cell.is_marked else "",
                    )
                    for cell in row.cells
                ),
            )
            for row in rows
        ]
        for group, rows in matrix.groups.items()
    }


def _disc(level: int) -> str:
    return f"disc-{min(level, DISCS)}" if level else ""


def _shade(values: Sequence[str], largest: float) -> str:
    """Which of few shades a number has, the larger the darker."""
    if not values or not largest:
        return ""
    return f"shade-{min(int(_amount(values) / largest * _SHADES) + 1, _SHADES)}"


def _amount(values: Sequence[str]) -> float:
    try:
        return float(values[0]) if values else 0.0
    except ValueError:
        return 0.0


def _told(matrix: Matrix, values: Sequence[str], details: Sequence[str], *, is_marked: bool) -> str:
    """The field in words, for those who do not see it or point at it."""
    parts = [matrix.mark] if is_marked else [f"not {matrix.mark}"] if matrix.mark else []
    parts += values or ["none"]
    return "; ".join(parts) + (f": {', '.join(details)}" if details else "")
