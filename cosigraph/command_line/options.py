# SPDX-License-Identifier: Apache-2.0
"""The options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project folder. Without it: the one that ships, Council note 15850/11.",
    ),
]
ReadingOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--reading",
        metavar="NAME",
        help="Answer from an alternative reading instead of the settled one it replaces.",
    ),
]
ReceiptOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--receipt",
        metavar="FILE",
        help="Write what was asked, of which data, and what came of it: for 'cosigraph verify'.",
    ),
]
OutputOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write to this file, whole or not at all, instead of standard output.",
    ),
]
