# SPDX-License-Identifier: Apache-2.0
"""The answer of a canned query: rows of typed values, and the texts made of them.

A query gives one row per value; the table gathers the rows that agree in every column but those
marked ``many``, whose values it collects, sorts and, in texts, joins. So the same answer comes
from every store, whatever order it works in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph

from cosigraph.errors import UsageError
from cosigraph.formats import ResultFormat
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Term, Value, to_python

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]

#: What a column's values may be said to be; ``any`` promises nothing.
DATATYPES: Final = (
    "iri",
    "string",
    "language-string",
    "integer",
    "decimal",
    "double",
    "boolean",
    "date",
    "date-time",
    "year",
    "any",
)

Cell = Value | None | tuple[Value, ...]
_TermCell = Term | None | tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the front matter describes it; ``name`` is the query's variable."""

    name: str
    description: str = ""
    datatype: str = "any"
    many: bool = False
    separator: str = "; "


class Row:
    """One row; its cells by position, by column name as key, and as attribute.

    A column that may hold several values has a tuple, another one value or None.
    """

    __slots__ = ("_cells", "_index")

    def __init__(self, index: Mapping[str, int], cells: tuple[Cell, ...]) -> None:
        self._index = index
        self._cells = cells

    def __getitem__(self, key: str | int) -> Cell:
        if isinstance(key, int):
            return self._cells[key]
        if key not in self._index:
            raise KeyError(f"No column '{key}'. {suggestion_sentence(key, self._index)}")
        return self._cells[self._index[key]]

    def __getattr__(self, name: str) -> Cell:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._index:
            raise AttributeError(f"No column '{name}'. {suggestion_sentence(name, self._index)}")
        return self._cells[self._index[name]]

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Row):
            return tuple(self._index) == tuple(other._index) and self._cells == other._cells
        return self._cells == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._cells)

    def __repr__(self) -> str:
        cells = ", ".join(
            f"{name}={value!r}" for name, value in zip(self._index, self._cells, strict=True)
        )
        return f"Row({cells})"

    def _asdict(self) -> dict[str, Cell]:
        """The cells by column name, as a named tuple has it."""
        return dict(zip(self._index, self._cells, strict=True))


class Table:
    """The answer of a canned query.

    Args:
        columns: what the columns are, in order.
        long_rows: the query's own rows, one value each, None where a variable is unbound.
        version: the version of the dataset that answered.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        long_rows: Iterable[Sequence[Term | None]],
        *,
        version: str | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.long_rows = tuple(tuple(row) for row in long_rows)
        self.version = version

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The gathered rows with typed Python values."""
        index = {name: position for position, name in enumerate(self.column_names)}
        return tuple(Row(index, tuple(map(_python_cell, row))) for row in self._gathered)

    def ungrouped(self) -> Table:
        """The same answer with one value per cell, as the query gave it."""
        columns = (replace(column, many=False) for column in self.columns)
        return Table(columns, self.long_rows, version=self.version)

    def __len__(self) -> int:
        return len(self._gathered)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, position: int) -> Row:
        return self.rows[position]

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        return f"<Table {rows}: {', '.join(self.column_names)}>"

    def to_dicts(self) -> list[dict[str, Cell]]:
        """One dictionary per row."""
        return [row._asdict() for row in self.rows]

    def texts(self) -> list[tuple[str, ...]]:
        """The cells as a CSV has them: lexical forms, joined where there are many."""
        return [
            tuple(map(_plain, row)) for row in (self._joined(cells) for cells in self._gathered)
        ]

    def serialise(self, format: ResultFormat) -> bytes:  # noqa: A002 the word of the whole project
        """The table in a format for bindings; the same bytes for the same answer.

        Raises:
            UnknownFormatError: the format is one for graphs.
        """
        format.check_fits("bindings")
        content = self._solutions().serialize(format=_ENGINE_FORMATS[format]) or b""
        # A carriage return that is not escaped would be read as a line feed (XML 1.0, 2.11).
        return content.replace(b"\r", b"&#13;") if format is ResultFormat.XML else content

    def to_csv(self) -> str:
        """SPARQL 1.1 Query Results CSV: plain values, lines ending in CR LF."""
        return self.serialise(ResultFormat.CSV).decode()

    def to_tsv(self) -> str:
        """SPARQL 1.1 Query Results TSV: RDF terms."""
        return self.serialise(ResultFormat.TSV).decode()

    def to_json(self) -> str:
        """SPARQL 1.1 Query Results JSON."""
        return self.serialise(ResultFormat.JSON).decode()

    def to_xml(self) -> str:
        """SPARQL Query Results XML."""
        return self.serialise(ResultFormat.XML).decode()

    def to_pandas(self, *, long: bool = False) -> pandas.DataFrame:
        """A data frame with typed columns; cells of many values are tuples.

        Args:
            long: one value per cell, as the query gave it, instead of tuples.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            from cosigraph.data_frame import data_frame  # noqa: PLC0415 - pandas is optional
        except ModuleNotFoundError:
            raise UsageError(
                "pandas is not installed.", advice="Install it: pip install 'cosigraph[pandas]'."
            ) from None
        return data_frame(self.ungrouped() if long else self)

    @cached_property
    def _gathered(self) -> tuple[tuple[_TermCell, ...], ...]:
        """The rows gathered by the columns that hold one value, in order of first appearance."""
        groups: dict[tuple[Term | None, ...], list[tuple[Term | None, ...]]] = {}
        if not any(column.many for column in self.columns):
            return self.long_rows
        for row in self.long_rows:
            key = tuple(
                term for term, column in zip(row, self.columns, strict=True) if not column.many
            )
            groups.setdefault(key, []).append(row)
        return tuple(
            tuple(
                _distinct(terms) if column.many else terms[0]
                for column, terms in zip(self.columns, zip(*rows, strict=True), strict=True)
            )
            for rows in groups.values()
        )

    def _joined(self, cells: Iterable[_TermCell]) -> tuple[Term | None, ...]:
        """A gathered row in which a cell of many values is one plain literal."""
        return tuple(
            _join(cell, column.separator) if isinstance(cell, tuple) else cell
            for cell, column in zip(cells, self.columns, strict=True)
        )

    def _solutions(self) -> pyoxigraph.QuerySolutions:
        """The table as the engine's solutions, by way of TSV, which keeps every term as it is."""
        lines = ["\t".join(f"?{name}" for name in self.column_names)]
        lines += ["\t".join(map(_term, self._joined(cells))) for cells in self._gathered]
        solutions = pyoxigraph.parse_query_results(
            "".join(f"{line}\n" for line in lines), pyoxigraph.QueryResultsFormat.TSV
        )
        return cast("pyoxigraph.QuerySolutions", solutions)


_ENGINE_FORMATS: Final = {
    ResultFormat.JSON: pyoxigraph.QueryResultsFormat.JSON,
    ResultFormat.XML: pyoxigraph.QueryResultsFormat.XML,
    ResultFormat.CSV: pyoxigraph.QueryResultsFormat.CSV,
    ResultFormat.TSV: pyoxigraph.QueryResultsFormat.TSV,
}


def _python_cell(cell: _TermCell) -> Cell:
    if isinstance(cell, tuple):
        return tuple(to_python(term) for term in cell)
    return None if cell is None else to_python(cell)


def _distinct(terms: Iterable[Term | None]) -> tuple[Term, ...]:
    """The distinct bound terms, sorted by their text, then by the whole term."""
    distinct = {term for term in terms if term is not None}
    return tuple(sorted(distinct, key=lambda term: (_plain(term), str(term))))


def _join(terms: tuple[Term, ...], separator: str) -> Term | None:
    if not terms:
        return None
    return pyoxigraph.Literal(separator.join(_plain(term) for term in terms))


def _plain(term: _TermCell) -> str:
    """The value without syntax, as in CSV; blank nodes keep their label."""
    if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)):
        return term.value
    return "" if term is None else str(term)


def _term(term: Term | None) -> str:
    """The term in the syntax of SPARQL results TSV."""
    if term is None:
        return ""
    return f"<<( {term} )>>" if isinstance(term, pyoxigraph.Triple) else str(term)
