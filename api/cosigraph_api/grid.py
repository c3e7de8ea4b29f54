# SPDX-License-Identifier: Apache-2.0
"""An answer as a page shows it: rows of cells that a template can lay out without thinking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pyoxigraph

from cosigraph.table import Cell as TableCell
from cosigraph.table import Table
from cosigraph.terms import IRI, LanguageString, Prefixes, Term, Value, to_python

from .arranging import Arrangement

_LONG = 60  # characters; a column with longer texts is given room
_NO_LABELS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One value: what is shown, the query that describes it if it is an IRI, its language.

    ``label`` is what a thing is called, where it has a name.
    """

    text: str
    full: str = ""
    describe: str = ""
    language: str = ""
    is_number: bool = False
    label: str = ""

    @property
    def shown(self) -> str:
        """What stands first."""
        return self.label or self.text


Cell = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column; ``kind`` is number, term, text or long, after what is in it."""

    name: str
    kind: str = "text"
    description: str = ""
    separator: str = "; "


@dataclass(frozen=True, slots=True)
class Grid:
    """An answer: rows, or yes and no; ``cut`` says that there are more rows than these.

    ``follow`` are the addresses that the rows lead to, and ``following`` says what is there.
    ``arrangement`` is how the rows are sorted and filtered, if they can be, and ``places`` are
    those of all rows that it leaves; ``total`` is how many there were.
    """

    caption: str
    columns: tuple[GridColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    cut: bool = False
    boolean: bool | None = None
    noun: str = "row"
    follow: tuple[str, ...] = ()
    following: str = ""
    arrangement: Arrangement | None = None
    places: Sequence[int] = ()
    total: int = 0

    @property
    def is_filtered(self) -> bool:
        """Whether rows were left out by their words."""
        return self.arrangement is not None and bool(self.arrangement.words)

    @property
    def heading(self) -> str:
        """How much there is, in words."""
        if self.boolean is not None:
            return "Answer"
        if self.is_filtered:
            found, total = f"{len(self.places):,}", f"{self.total:,}"
            return f"{found} of {total} {self.noun}{'' if self.total == 1 else 's'}"
        if not self.rows:
            return "No rows" if self.noun == "row" else f"No {self.noun}s"
        more = "More than " if self.cut else ""
        plural = "" if len(self.rows) == 1 else "s"
        return f"{more}{len(self.rows):,} {self.noun}{plural}"


def item_of(value: Value, prefixes: Prefixes, labels: Mapping[str, str] = _NO_LABELS) -> Item:
    """A typed value as it is shown."""
    if isinstance(value, IRI):
        label = labels.get(value, "")
        short = prefixes.shorten(value)
        return Item(short, full=value, describe=f"DESCRIBE <{value}>", label=label)
    if isinstance(value, LanguageString):
        return Item(value, language=value.language)
    if isinstance(value, bool):
        return Item("true" if value else "false")
    if isinstance(value, (int, float, Decimal)):
        return Item(f"{value:f}" if isinstance(value, Decimal) else str(value), is_number=True)
    return Item(value.isoformat() if isinstance(value, date) else value)


def grid_of_table(  # noqa: PLR0913 - all but the table are named by the caller
    table: Table,
    *,
    caption: str,
    prefixes: Prefixes,
    longest: int,
    labels: Mapping[str, str] = _NO_LABELS,
    arrangement: Arrangement | None = None,
) -> Grid:
    """A canned query's answer, at most ``longest`` rows of it."""
    columns = [
        GridColumn(column.name, description=column.description, separator=column.separator)
        for column in table.columns
    ]
    rows = [tuple(row) for row in table.rows]
    grid = _arranged(columns, rows, prefixes, labels, arrangement, longest)
    return replace(grid, caption=caption)


def grid_of_terms(  # noqa: PLR0913 - all but names and rows are named by the caller
    names: Iterable[str],
    rows: Iterable[Sequence[Term | None]],
    prefixes: Prefixes,
    *,
    cut: bool,
    noun: str = "row",
    labels: Mapping[str, str] = _NO_LABELS,
    arrangement: Arrangement | None = None,
) -> Grid:
    """The rows of a SPARQL answer."""
    values = [tuple(None if term is None else to_python(term) for term in row) for row in rows]
    columns = [GridColumn(name) for name in names]
    grid = _arranged(columns, values, prefixes, labels, arrangement, len(values))
    return replace(grid, cut=cut, noun=noun)


def grid_of_boolean(answer: bool) -> Grid:
    """The answer to ASK."""
    return Grid("Answer", boolean=answer)


def _arranged(  # noqa: PLR0913, PLR0917 - the parts of a grid
    columns: Sequence[GridColumn],
    rows: Sequence[Sequence[TableCell]],
    prefixes: Prefixes,
    labels: Mapping[str, str],
    arrangement: Arrangement | None,
    longest: int,
) -> Grid:
    def item(value: Value) -> Item:
        return item_of(value, prefixes, labels)

    def cell(values: TableCell) -> Cell:
        if isinstance(values, tuple):
            return tuple(map(item, values))
        return () if values is None else (item(values),)

    places: Sequence[int] = range(len(rows))
    if arrangement is not None and arrangement.is_asked:
        names = [column.name for column in columns]
        places = arrangement.places(names, rows, lambda value: item(value).shown)
    cells = [tuple(map(cell, rows[place])) for place in places[:longest]]
    kinds = [_kind(item for row in cells for item in row[place]) for place in range(len(columns))]
    return Grid(
        "Answer",
        tuple(replace(column, kind=kind) for column, kind in zip(columns, kinds, strict=True)),
        tuple(cells),
        cut=len(places) > longest,
        arrangement=arrangement,
        places=places,
        total=len(rows),
    )


def _kind(items: Iterable[Item]) -> str:
    present = list(items)
    if present and all(item.is_number for item in present):
        return "number"
    if present and all(item.describe for item in present):
        return "term"
    return "long" if any(len(item.text) > _LONG for item in present) else "text"


def rows_of_tsv(text: bytes) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """The variables and rows of SPARQL results TSV, complete or cut off after a line."""
    solutions = pyoxigraph.parse_query_results(text, pyoxigraph.QueryResultsFormat.TSV)
    if not isinstance(solutions, pyoxigraph.QuerySolutions):
        raise TypeError("TSV of a boolean")
    names = [variable.value for variable in solutions.variables]
    return names, [tuple(solution) for solution in solutions]
