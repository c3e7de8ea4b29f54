# SPDX-License-Identifier: Apache-2.0
"""``cosigraph agreement``: how far two readings agree."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from cosigraph.agreement import (
    COLUMNS,
    DIFFERENCE_COLUMNS,
    EXPLANATION,
    differences,
    texts,
    to_dicts,
    to_markdown,
)
from cosigraph.agreement import agreement as compare
from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write, write_table
from cosigraph.project import open_project


class AgreementFormat(StrEnum):
    """How the table is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def agreement(  # noqa: PLR0913, PLR0917 - one for each option
    first: Annotated[str, typer.Argument(metavar="FIRST", help="A reading.")],
    second: Annotated[
        str, typer.Argument(metavar="SECOND", help="The reading to compare it with.")
    ],
    strength: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Count a realisation from this strength on; without it from 'similar' on.",
        ),
    ] = None,
    only_differences: Annotated[
        bool,
        typer.Option(
            "--differences", help="List the decisions on which they differ, instead of counts."
        ),
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        AgreementFormat, typer.Option(help="table or markdown, for people; json, for programs.")
    ] = AgreementFormat.TABLE,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Compare two readings by Cohen's kappa.

    One row for each shared goal and each concept, and one for all of a kind together.

    A reading is named by its graph's name, or the last part of it; the one that the others replace
    is 'settled'.
    """
    rows = compare(open_project(project), first, second, strength)
    if format is AgreementFormat.JSON:
        write(json.dumps(to_dicts(rows), ensure_ascii=False, indent=2) + "\n", output)
        return
    columns = DIFFERENCE_COLUMNS if only_differences else COLUMNS
    lines = differences(rows) if only_differences else texts(rows)
    explanation = "" if only_differences else f"{EXPLANATION}\n"
    if format is AgreementFormat.MARKDOWN:
        table = to_markdown(columns, lines)
        write(f"{table}\n{explanation}" if explanation else table, output)
    else:
        write_table(columns, lines, output)
        if output is None and sys.stdout.isatty():
            write(explanation)
