# SPDX-License-Identifier: Apache-2.0
"""An answer as an Excel workbook (.xlsx, ECMA-376): typed cells, labels, and what it is about.

The rows are asked for twice, first for what the columns need; then they are written one by one,
so that memory does not grow with them. The same answer makes the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from cosigraph import spreadsheet_values as values
from cosigraph.errors import UnknownFormatError
from cosigraph.table import Cell, Column
from cosigraph.terms import IRI, LanguageString, Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

LABEL: Final = "xlsx"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_575
"""How many rows a sheet has below its header."""

_MOST_COLUMNS = 16_384
_MOST_LINKS = 65_530  # in a sheet
_CREATED = datetime(1980, 1, 1)
_NARROWEST, _WIDEST = 8, 60  # characters of a column
_ABOUT_WIDTHS = (28, 100)
_LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be written.

    Attributes:
        columns: what the columns are, in order.
        rows: gives the rows, and the same again when it is called again.
        labels: what things are called, by IRI.
        is_cut: whether there were more rows than ``rows`` gives.
    """

    columns: Sequence[Column]
    rows: Callable[[], Iterable[Iterable[Cell]]]
    labels: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False


def write_workbook(
    output: IO[bytes],
    sheet: Sheet,
    about: Iterable[tuple[str, str]],
) -> bool:
    """Write a workbook with the sheets ``Answer`` and ``About``.

    Beside a column with IRIs that have labels stands one with the labels, beside one with
    language-tagged strings one with the languages.

    Args:
        output: a binary file that can seek.
        sheet: the answer.
        about: what the second sheet says beside the number of rows, as names and texts.

    Returns:
        whether the answer was cut off, by a limit before or at the last row of a sheet

    Raises:
        UnknownFormatError: a sheet has no room for so many columns.
    """
    layouts, count = _layouts(sheet)
    if sum(layout.width for layout in layouts) > _MOST_COLUMNS:
        raise UnknownFormatError(
            f"A sheet of an xlsx file has no more than {_MOST_COLUMNS:,} columns.",
            advice="Ask for fewer columns, or for another format.",
        )
    rows = min(count, MOST_ROWS)
    is_cut = sheet.is_cut or count > rows
    with tempfile.TemporaryDirectory(prefix="cosigraph-") as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and few need it

        with xlsxwriter.Workbook(output, options) as workbook:
            workbook.set_properties({"created": _CREATED})
            writer = _Writer(workbook, workbook.add_worksheet("Answer"))
            writer.head(layouts, rows)
            for place, row in enumerate(islice(sheet.rows(), MOST_ROWS), start=1):
                writer.row(place, row, layouts, sheet.labels)
            facts = [*about, *_told(rows, writer, is_cut=is_cut)]
            _write_about(workbook, workbook.add_worksheet("About"), facts)
    return is_cut


@dataclass(slots=True)
class _Layout:
    """A column of the answer, and which columns of the sheet it takes."""

    column: Column
    has_labels: bool = False
    has_languages: bool = False
    longest: int = 0
    longest_label: int = 0

    @property
    def width(self) -> int:
        """How many columns of the sheet it takes."""
        return 1 + self.has_labels + self.has_languages

    def headings(self) -> Iterator[tuple[str, int]]:
        """The names of the sheet's columns and their widths in characters."""
        name = self.column.name
        yield name, self.longest
        if self.has_labels:
            yield f"{name} (label)", self.longest_label
        if self.has_languages:
            yield f"{name} (language)", 0


def _layouts(sheet: Sheet) -> tuple[list[_Layout], int]:
    """What the columns need, and how many rows there are, or one more than a sheet has."""
    layouts = [_Layout(column) for column in sheet.columns]
    count = 0
    for count, row in enumerate(islice(sheet.rows(), MOST_ROWS + 1), start=1):  # noqa: B007
        for layout, cell in zip(layouts, row, strict=True):
            _look_at(layout, cell, sheet.labels)
    return layouts, count


def _look_at(layout: _Layout, cell: Cell, labels: Mapping[str, str]) -> None:
    layout.longest = max(layout.longest, len(values.text(cell, layout.column.separator)))
    for value in _values(cell):
        if isinstance(value, IRI) and value in labels:
            layout.has_labels = True
            layout.longest_label = max(layout.longest_label, len(labels[value]))
        layout.has_languages = layout.has_languages or isinstance(value, LanguageString)


def _values(cell: Cell) -> tuple[Value, ...]:
    if isinstance(cell, tuple):
        return cell
    return () if cell is None else (cell,)


def _label(value: Value, labels: Mapping[str, str]) -> str:
    """What a thing is called; in a cell of many values, one without a name by itself."""
    return labels.get(value, value) if isinstance(value, IRI) else ""


class _Writer:
    """Writes the answer's sheet, each row once and in order.

    Attributes:
        shortened: how many texts were too long for a cell.
    """

    def __init__(self, workbook: Any, worksheet: Worksheet) -> None:
        self.shortened = 0
        self._workbook = workbook
        self._sheet = worksheet
        self._formats: dict[str, Format] = {}
        self._bold = workbook.add_format({"bold": True})
        self._plain = workbook.add_format({"quote_prefix": True})
        self._links = 0

    def head(self, layouts: Iterable[_Layout], rows: int) -> None:
        """Write the names of the columns, which stay in sight and can be filtered by."""
        headings = [heading for layout in layouts for heading in layout.headings()]
        for place, (name, longest) in enumerate(headings):
            width = min(max(longest, len(name) + 3, _NARROWEST), _WIDEST)
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, name, self._bold)
        self._sheet.freeze_panes(1, 0)
        if headings:
            self._sheet.autofilter(0, 0, rows, len(headings) - 1)

    def row(
        self,
        place: int,
        row: Iterable[Cell],
        layouts: Iterable[_Layout],
        labels: Mapping[str, str],
    ) -> None:
        """Write one row of the answer."""
        at = 0
        for cell, layout in zip(row, layouts, strict=True):
            found = _values(cell)
            if len(found) == 1:
                self._value(place, at, found[0])
                called = [labels.get(found[0], "")] if isinstance(found[0], IRI) else []
            else:
                self._text(place, at, values.text(cell, layout.column.separator))
                called = [_label(value, labels) for value in found]
            at += 1
            if layout.has_labels:
                self._text(place, at, layout.column.separator.join(filter(None, called)))
                at += 1
            if layout.has_languages:
                self._text(place, at, values.languages(found))
                at += 1

    def _value(self, row: int, column: int, value: Value) -> None:
        """Write a value as what it is, or as text."""
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif (number := values.number(value)) is not None:
            self._sheet.write_number(row, column, number)
        elif (moment := values.moment(value)) is not None:
            self._moment(row, column, *moment)
        elif self._links < _MOST_LINKS and values.is_link(value):
            self._links += 1
            self._sheet.write_url(row, column, str(value), string=str(value))
        else:
            self._text(row, column, values.text(value))

    def _moment(self, row: int, column: int, moment: date, shown: str) -> None:
        if shown not in self._formats:
            self._formats[shown] = self._workbook.add_format({"num_format": shown})
        self._sheet.write_datetime(row, column, moment, self._formats[shown])

    def _text(self, row: int, column: int, text: str) -> None:
        """Write text, which is never a formula, nor becomes one when a person edits it."""
        fitting = values.fitting(text)
        self.shortened += fitting is not text
        if fitting:
            is_like_formula = fitting.startswith(_LIKE_FORMULAS)
            self._sheet.write_string(row, column, fitting, self._plain if is_like_formula else None)


def _told(rows: int, writer: _Writer, *, is_cut: bool) -> Iterator[tuple[str, str]]:
    yield "Rows", str(rows)
    yield "Complete", f"No: cut off after {rows:,} rows; there are more" if is_cut else "Yes"
    if writer.shortened:
        yield (
            "Shortened texts",
            f"{writer.shortened:,}, which end in … as a cell has no room for more than "
            f"{values.LONGEST_TEXT:,} characters",
        )


def _write_about(workbook: Any, sheet: Worksheet, facts: Iterable[tuple[str, str]]) -> None:
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    for place, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(place, place, width)
    for row, (name, text) in enumerate(facts):
        sheet.write_string(row, 0, values.fitting(name), bold)
        sheet.write_string(row, 1, values.fitting(text), wrapped)
