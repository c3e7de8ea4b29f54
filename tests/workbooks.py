# SPDX-License-Identifier: Apache-2.0
"""Reading a workbook back, for the tests of whatever writes one."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl  # type: ignore[import-untyped]

_ESCAPED = re.compile("_x([0-9A-F]{4})_")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def shown(value: Any) -> Any:
    """A cell as Excel shows it: characters that XML cannot hold are escaped in the file."""
    if not isinstance(value, str):
        return value
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def rows(content: bytes) -> list[tuple[Any, ...]]:
    return [tuple(map(shown, row)) for row in opened(content)["Answer"].values]


def about(content: bytes) -> dict[str, str]:
    return {name: shown(text) for name, text in opened(content)["About"].values}
