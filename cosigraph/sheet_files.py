# SPDX-License-Identifier: Apache-2.0
"""Tables that people keep in files, CSV or the first sheet of a workbook, read and written as text.

What is written holds no formula: a text that a spreadsheet would take for one is quoted in CSV, and
is a text in a workbook.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xlsxwriter  # type: ignore[import-untyped]

from cosigraph.errors import FileTooLargeError, Position, UnreadableFileError, UsageError
from cosigraph.files import largest_file, read_file
from cosigraph.spreadsheet_values import fitting

WORKBOOK: Final = ".xlsx"
LARGEST_CELL: Final = 131_072
"""The most characters of a cell that is read."""

_DELIMITERS: Final = ",;\t"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_MOST_UNPACKED: Final = 4  # times as large as a file may be


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table of texts: the names of its columns, and its rows, each as long as these."""

    columns: tuple[str, ...]
    rows: list[list[str]]


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its name."""
    return path.suffix.casefold() == WORKBOOK


def read_table(path: Path) -> SheetTable:
    """Read a table; its first row names the columns.

    Raises:
        UnreadableFileError: it cannot be read, or is no such file.
        FileTooLargeError: it is larger than what is read.
        UsageError: it has no column, or a row with more cells than columns; or there is nothing
            to read workbooks with.
    """
    content = read_file(path)
    rows = _workbook_rows(content, path) if is_workbook(path) else _csv_rows(content, path)
    columns = tuple(cell.strip() for cell in next(rows, ()))
    if not any(columns):
        raise UsageError(f"'{path}' has no first row that names columns.", advice="Add one.")
    table = SheetTable(columns, [])
    for number, row in enumerate(rows, start=2):
        if any(row[len(columns) :]):
            raise UsageError(
                f"Row {number} of '{path}' has {len(row)} cells, more than the {len(columns)} "
                "columns.",
                advice="Quote cells that hold the separator, or name every column.",
            )
        table.rows.append([*row[: len(columns)], *[""] * (len(columns) - len(row))])
    return table


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8 whose cells are harmless."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(map(harmless, columns))
    writer.writerows(map(harmless, row) for row in rows)
    return output.getvalue().encode(errors="replace")


def write_workbook_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as a workbook whose cells are texts."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((columns, *rows)):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, fitting(_encodable(cell)))
    return output.getvalue()


def harmless(cell: str) -> str:
    """The cell, quoted if a spreadsheet would take it for a formula; a number stays one.

    >>> harmless("=1+1"), harmless("-1.5"), harmless("Europol")
    ("'=1+1", '-1.5', 'Europol')
    """
    if cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _encodable(cell: str) -> str:
    return cell.encode(errors="replace").decode()


def _csv_rows(content: bytes, path: Path) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFileError(
            "The file is not UTF-8.",
            position=Position(str(path), line),
            advice="Save it as CSV UTF-8.",
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(len(cell) > LARGEST_CELL for cell in row):  # csv's own limit is the process's
                raise csv.Error("a cell is too long")  # noqa: TRY301 - told as csv's own
            yield row
    except csv.Error as error:
        raise UnreadableFileError(
            f"The file is no CSV: {error}.",
            position=Position(str(path), reader.line_num),
            advice=f"A cell has at most {LARGEST_CELL:,} characters; quotes within it are doubled.",
        ) from error


def _workbook_rows(content: bytes, path: Path) -> Iterator[list[str]]:
    try:
        from openpyxl import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            load_workbook,
        )
    except ImportError:
        raise UsageError(
            "Nothing is installed that reads workbooks.",
            advice="pip install 'cosigraph[spreadsheets]', or save the sheet as CSV.",
        ) from None
    _check_unpacked(content, path)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # the file may say something else than what is in it
        for row in sheet.iter_rows(values_only=True):
            yield ["" if value is None else str(value)[:LARGEST_CELL] for value in row]
    except Exception as error:
        raise UnreadableFileError(
            f"The file is no workbook: {type(error).__name__}.",
            position=Position(str(path)),
            advice="Save it as .xlsx again, or as CSV UTF-8.",
        ) from error


def _check_unpacked(content: bytes, path: Path) -> None:
    """Refuse a file that would fill the memory once it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(
            "The file is no workbook.",
            position=Position(str(path)),
            advice="Save it as .xlsx again, or as CSV UTF-8.",
        ) from error
    if size > _MOST_UNPACKED * largest_file():
        raise FileTooLargeError(
            f"Unpacked, the file has {size:,} bytes, more than are read.",
            position=Position(str(path)),
            advice="Save the sheet as CSV.",
        )
