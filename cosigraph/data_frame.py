# SPDX-License-Identifier: Apache-2.0
"""Tables as pandas data frames."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import pandas  # type: ignore[import-untyped]

from cosigraph.table import Cell, Column, Table

# A year is no point in time for pandas, and a decimal is wanted for sums, not for its digits.
_DTYPES: Final = {
    "iri": "string",
    "string": "string",
    "language-string": "string",
    "integer": "Int64",
    "year": "Int64",
    "decimal": "Float64",
    "double": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def data_frame(table: Table) -> pandas.DataFrame:
    """The table as a data frame with typed columns; cells of many values are tuples."""
    cells = zip(*table.rows, strict=True) if len(table) else ([] for _ in table.columns)
    series = {
        column.name: _series(column, list(values))
        for column, values in zip(table.columns, cells, strict=True)
    }
    return pandas.DataFrame(series)


def _series(column: Column, values: list[Cell]) -> pandas.Series:
    """A column of a data frame; what is not of the type that was promised stays as it is."""
    dtype = "object" if column.many else _DTYPES.get(column.datatype, "object")
    converters: dict[str, Callable[[Cell], Cell]] = {"string": str, "Float64": _number}
    convert = converters.get(dtype)
    try:
        converted = [convert(value) if convert and value is not None else value for value in values]
        return pandas.Series(converted, dtype=dtype)
    except (TypeError, ValueError):
        return pandas.Series(values, dtype="object")


def _number(value: Cell) -> float:
    if not isinstance(value, (int, float, Decimal)):
        raise TypeError
    return float(value)
