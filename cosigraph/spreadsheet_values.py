# SPDX-License-Identifier: Apache-2.0
"""Which values a spreadsheet holds as what they are, and what is text there.

Excel counts with 15 digits and from the year 1900 on; a value that it would change is written as
text, so that nothing is lost by opening the file (ECMA-376, Part 1, section 18.17; Excel's
specifications and limits).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from cosigraph.terms import IRI, LanguageString, Value

LONGEST_TEXT = 32_767
"""The characters, counted as UTF-16 does, that a cell has room for."""

_DIGITS = 15
_LONGEST_LINK = 2_000  # characters; Excel takes 2,079 once it has escaped some
_SMALLEST, _LARGEST = 2.2251e-308, 9.99999999999999e307
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_LINK = re.compile(r"https?://[^\s<>\"`{}|\\^%\x00-\x20]+", re.IGNORECASE)
_MILLISECOND = 1000  # microseconds
_ELLIPSIS = "…"


def number(value: Value) -> int | float | None:
    """The value as a spreadsheet's number, or None if it is none, or would not stay the same."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**_DIGITS else None
    if isinstance(value, Decimal):
        digits = "".join(map(str, value.as_tuple().digits)).strip("0")
        return _within(float(value)) if len(digits) <= _DIGITS else None
    return _within(value) if isinstance(value, float) else None


def _within(value: float) -> float | None:
    is_within = value == 0 or _SMALLEST <= abs(value) <= _LARGEST  # neither NaN nor infinite
    return value if is_within and math.isfinite(value) else None


def moment(value: Value) -> tuple[date, str] | None:
    """A date or time as a spreadsheet has it and its format, or None if it has none such.

    A spreadsheet knows no time zones: a time that has one is written as that of UTC, with a Z.
    """
    if not isinstance(value, date) or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return None
    if not isinstance(value, datetime):
        return value, "yyyy-mm-dd"
    if value.microsecond % _MILLISECOND:
        return None
    zone = ""
    if value.tzinfo is not None:
        if not _FIRST_YEAR < value.year < _LAST_YEAR:
            return None  # the year may be another in UTC
        value, zone = value.astimezone(UTC).replace(tzinfo=None), '"Z"'
    fraction = ".000" if value.microsecond else ""
    return value, f"yyyy-mm-dd hh:mm:ss{fraction}{zone}"


def is_link(value: Value) -> bool:
    """Whether a spreadsheet can open the value as an address, and so that it is the same one."""
    if not isinstance(value, IRI) or len(value) > _LONGEST_LINK or value.count("#") > 1:
        return False
    return _LINK.fullmatch(value) is not None


def text(value: Value | tuple[Value, ...] | None, separator: str = "; ") -> str:
    """The value, or the values, as text without syntax."""
    if isinstance(value, tuple):
        return separator.join(text(each) for each in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def fitting(written: str) -> str:
    """The text as far as a cell has room for it; what was shortened ends in an ellipsis."""
    if len(written) <= LONGEST_TEXT // 2:
        return written
    units = written.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_TEXT:
        return written
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + _ELLIPSIS


def languages(values: Sequence[Value]) -> str:
    """The languages of the strings among the values, each once."""
    found = (value.language for value in values if isinstance(value, LanguageString))
    return ", ".join(dict.fromkeys(found))
