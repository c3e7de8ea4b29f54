# SPDX-License-Identifier: Apache-2.0
"""Workbooks (.xlsx) from the command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from cosigraph.command_line.output import write
from cosigraph.errors import UsageError
from cosigraph.workbook import Sheet, write_workbook


def write_sheet(sheet: Sheet, about: Iterable[tuple[str, str]], output: Path | None) -> None:
    """Write an answer as a workbook to ``output``, or to standard output if that is no terminal.

    Raises:
        UsageError: standard output is a terminal.
        OutputError, ReaderGoneError: as ``write``.
    """
    if output is None and sys.stdout.isatty():
        raise UsageError(
            "A workbook is nothing to be shown on a terminal.", advice="Add --output FILE.xlsx."
        )
    content = io.BytesIO()
    write_workbook(content, sheet, about)
    write(content.getvalue(), output)
