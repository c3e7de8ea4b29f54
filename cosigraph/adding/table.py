# SPDX-License-Identifier: Apache-2.0
r"""The rows of a table: CSV (RFC 4180), TSV (as IANA registers it), and Eurostat's bulk TSV.

Eurostat's has a column for each period and several codes in the first column, whose header is
``freq,iccs,unit,geo\TIME_PERIOD``. It is read as one row for each figure, in the columns that
Eurostat's own SDMX-CSV has: a code each, the period, ``OBS_VALUE`` and ``OBS_FLAG``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, TextIO

from cosigraph.errors import DatasetError, Position

VALUE, FLAG = "OBS_VALUE", "OBS_FLAG"
MISSING: Final = ":"
"""What stands for a figure that is not there."""

_FIGURE: Final = re.compile(
    r"(?P<value>:|[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)? *(?P<flag>[a-z]*)"
)
_NO_SIGN: Final = re.compile(r"\W")

csv.field_size_limit(2**31 - 1)  # a file is bounded, a cell need not be


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line at which it begins, and its cells, None for what is empty."""

    line: int
    cells: tuple[str | None, ...]


class Table:
    """A table in a file; ``columns`` are the names of the variables that its cells become.

    Raises:
        DatasetError: it has no header, or one that names a column twice.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        with self._opened() as file:
            header = next(self._reader(file), None)
            if not header:
                self._fail(1, "The table has no header.")
        self._is_wide = path.suffix == ".tsv" and "\\" in header[0]
        self._header = [cell.strip() for cell in header]
        self.columns = tuple(_NO_SIGN.sub("_", each) for each in self._names())
        for number, column in enumerate(self.columns):
            if not column or column in self.columns[:number]:
                self._fail(1, f"Column {number + 1} has no name, or that of another: '{column}'.")

    def rows(self) -> Iterator[Row]:
        """Yield the rows.

        Raises:
            DatasetError: a row has too many or too few cells, or is not well-formed.
        """
        with self._opened() as file:
            reader = self._reader(file)
            next(reader)
            for cells in reader:
                if len(cells) != len(self._header):
                    self._fail(
                        reader.line_num,
                        f"The row has {len(cells)} cells, but the header {len(self._header)}.",
                    )
                if self._is_wide:
                    yield from self._figures(reader.line_num, cells)
                else:
                    yield Row(reader.line_num, tuple(cell or None for cell in cells))

    def _names(self) -> Sequence[str]:
        if not self._is_wide:
            return self._header
        codes, _, period = self._header[0].partition("\\")
        return [*codes.split(","), period, VALUE, FLAG]

    def _figures(self, line: int, cells: Sequence[str]) -> Iterator[Row]:
        codes = cells[0].strip().split(",")
        if len(codes) != len(self.columns) - 3:
            self._fail(line, f"The row begins with {len(codes)} codes.")
        for period, cell in zip(self._header[1:], cells[1:], strict=True):
            figure = _FIGURE.fullmatch(cell.strip())
            if figure is None:
                self._fail(line, f"'{cell.strip()[:40]}' of {period} is no figure with flags.")
            value = None if figure["value"] == MISSING else figure["value"]
            yield Row(line, (*codes, period, value, figure["flag"] or None))

    def _opened(self) -> TextIO:
        return self._path.open(encoding="utf-8-sig", newline="")

    def _reader(self, file: TextIO) -> _Reader:
        return _Reader(self, file, is_tsv=self._path.suffix == ".tsv")

    def _fail(self, line: int, detail: str) -> NoReturn:
        raise DatasetError(detail, position=Position(self._name, line))


class _Reader:
    """Python's reader of CSV, whose errors are ours."""

    def __init__(self, table: Table, file: TextIO, *, is_tsv: bool) -> None:
        self._table = table
        self._rows = (
            csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if is_tsv
            else csv.reader(file, strict=True)
        )

    @property
    def line_num(self) -> int:
        return self._rows.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        try:
            row = next(self._rows)
            while not row:  # an empty line
                row = next(self._rows)
        except csv.Error as error:
            self._table._fail(self.line_num, f"The table is not well-formed: {error}.")  # noqa: SLF001
        except UnicodeDecodeError:
            self._table._fail(self.line_num + 1, "The table is not UTF-8.")  # noqa: SLF001
        return row
