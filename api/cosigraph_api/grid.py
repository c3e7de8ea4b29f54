# SPDX-License-Identifier: Apache-2.0
"""An answer as a page shows it: rows of cells that a template can lay out without thinking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pyoxigraph

from cosigraph.table import Table
from cosigraph.terms import IRI, LanguageString, Prefixes, Term, Value, to_python

_LONG = 60  # characters; a column with longer texts is given room


@dataclass(frozen=True, slots=True)
class Item:
    """One value: what is shown, the query that describes it if it is an IRI, its language."""

    text: str
    full: str = ""
    describe: str = ""
    language: str = ""
    is_number: bool = False


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
    """

    caption: str
    columns: tuple[GridColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    cut: bool = False
    boolean: bool | None = None
    noun: str = "row"
    follow: tuple[str, ...] = ()
    following: str = ""

    @property
    def heading(self) -> str:
        """How much there is, in words."""
        if self.boolean is not None:
            return "Answer"
        if not self.rows:
            return "No rows" if self.noun == "row" else f"No {self.noun}s"
        more = "More than " if self.cut else ""
        plural = "" if len(self.rows) == 1 else "s"
        return f"{more}{len(self.rows):,} {self.noun}{plural}"


def item_of(value: Value, prefixes: Prefixes) -> Item:
    """A typed value as it is shown."""
    if isinstance(value, IRI):
        return Item(prefixes.shorten(value), full=value, describe=f"DESCRIBE <{value}>")
    if isinstance(value, LanguageString):
        return Item(value, language=value.language)
    if isinstance(value, bool):
        return Item("true" if value else "false")
    if isinstance(value, (int, float, Decimal)):
        return Item(f"{value:f}" if isinstance(value, Decimal) else str(value), is_number=True)
    return Item(value.isoformat() if isinstance(value, date) else value)


def grid_of_table(table: Table, caption: str, prefixes: Prefixes, longest: int) -> Grid:
    """A canned query's answer, at most ``longest`` rows of it."""
    columns = [
        GridColumn(column.name, description=column.description, separator=column.separator)
        for column in table.columns
    ]
    rows = [
        tuple(
            tuple(item_of(value, prefixes) for value in cell)
            if isinstance(cell, tuple)
            else _cell(cell, prefixes)
            for cell in row
        )
        for row in table.rows[:longest]
    ]
    return _grid(caption, columns, rows, cut=len(table) > longest)


def grid_of_terms(
    names: Iterable[str],
    rows: Iterable[Sequence[Term | None]],
    prefixes: Prefixes,
    *,
    cut: bool,
    noun: str = "row",
) -> Grid:
    """The rows of a SPARQL answer."""
    cells = [
        tuple(_cell(None if term is None else to_python(term), prefixes) for term in row)
        for row in rows
    ]
    grid = _grid("Answer", [GridColumn(name) for name in names], cells, cut=cut)
    return replace(grid, noun=noun)


def grid_of_boolean(answer: bool) -> Grid:
    """The answer to ASK."""
    return Grid("Answer", boolean=answer)


def _cell(value: Value | None, prefixes: Prefixes) -> Cell:
    return () if value is None else (item_of(value, prefixes),)


def _grid(
    caption: str, columns: Sequence[GridColumn], rows: Sequence[tuple[Cell, ...]], *, cut: bool
) -> Grid:
    kinds = [_kind(item for row in rows for item in row[place]) for place in range(len(columns))]
    typed = (replace(column, kind=kind) for column, kind in zip(columns, kinds, strict=True))
    return Grid(caption, tuple(typed), tuple(rows), cut=cut)


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
