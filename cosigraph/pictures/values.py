# SPDX-License-Identifier: Apache-2.0
"""The cells of an answer as pictures take them: texts, numbers, days."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

from cosigraph.table import Cell


def texts(cell: Cell) -> tuple[str, ...]:
    """The values of a cell as they are shown, none for an empty one."""
    values = cell if isinstance(cell, tuple) else (cell,)
    return tuple(
        value.isoformat() if isinstance(value, date) else str(value)
        for value in values
        if value is not None
    )


def text(cell: Cell) -> str:
    """The cell as one text."""
    return ", ".join(texts(cell))


def number(cell: Cell) -> float | None:
    """The cell as a number, or None if it is none that can be drawn."""
    if not isinstance(cell, int | float | Decimal) or isinstance(cell, bool):
        return None
    try:
        value = float(cell)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def day(cell: Cell) -> date | None:
    """The cell as a day, or None if it is none."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None
