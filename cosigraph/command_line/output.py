# SPDX-License-Identifier: Apache-2.0
"""Where answers go: standard output or a file, and tables that fit either."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from cosigraph.errors import OutputError


class ReaderGoneError(Exception):
    """Nobody reads standard output any more: there is nothing left to do, and nothing wrong."""


def write(content: str | bytes, output: Path | None = None) -> None:
    """Write to ``output``, or to standard output.

    A file is written beside its place and then moved there, so that it is never half written.

    Raises:
        OutputError: it cannot be written.
        ReaderGoneError: whoever read standard output has gone.
    """
    data = content if isinstance(content, bytes) else content.encode(errors="backslashreplace")
    try:
        if output is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        elif output.exists() and not output.is_file():
            output.write_bytes(data)  # a device or pipe, which cannot be replaced
        else:
            _replace(output.resolve(), data)
    except BrokenPipeError:
        raise ReaderGoneError from None
    except OSError as error:
        where = "standard output" if output is None else f"'{output}'"
        raise OutputError(
            f"{where} cannot be written: {error.strerror}.",
            advice="Choose a file in a folder that exists and that you may write to."
            if output is not None
            else None,
        ) from error


def _replace(path: Path, data: bytes) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(None, "Permission denied")
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], output: Path | None = None
) -> None:
    """Write a table for people: drawn and wrapped on a terminal, plain anywhere else.

    A plain table has one line for each row and never cuts a cell.

    Raises:
        OutputError, ReaderGoneError: as ``write``.
    """
    if output is None and sys.stdout.isatty():
        table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(Text(column), overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        Console(highlight=False).print(table)
    else:
        write(plain_table(columns, rows), output)


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns are parted by two spaces, a cell's line breaks being spaces."""
    lines = [list(columns), *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(cell_len(line[index]) for line in lines) for index in range(len(columns))]
    return "".join(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )
