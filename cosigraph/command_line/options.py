# SPDX-License-Identifier: Apache-2.0
"""The options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cosigraph.configuration import FILE_NAME
from cosigraph.project import shipped_folder


def _chosen(given: Path | None) -> Path | None:
    """Return the current folder where none is given and it is a project; else what is given.

    Who stands in a project of their own and calls ``cosigraph check`` means that one.
    """
    here = Path()
    is_own = (here / FILE_NAME).is_file() and here.resolve() != shipped_folder()
    return here if given is None and is_own else given


ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        callback=_chosen,
        help=f"The project folder. Without it: the current one if it has a {FILE_NAME}, else the "
        "one that ships, Council note 15850/11.",
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
