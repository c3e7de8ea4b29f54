# SPDX-License-Identifier: Apache-2.0
"""``cosigraph check``: what is wrong in a project folder, by file, line and column."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write
from cosigraph.command_line.progress import progress
from cosigraph.project import open_project


class ReportFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


class Engine(StrEnum):
    """What validates the shapes."""

    AUTO = "auto"
    PYSHACL = "pyshacl"
    PYSHIFTY = "pyshifty"


class Threshold(StrEnum):
    """From which severity on findings make the command fail."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


def check(  # noqa: PLR0913, PLR0917 - the command's options
    format: Annotated[  # noqa: A002 - the option's name
        ReportFormat, typer.Option(help="text, for people; json, for programs.")
    ] = ReportFormat.TEXT,
    fail_on: Annotated[
        Threshold,
        typer.Option(help="Exit with 1 when there is a finding of this severity, or a worse one."),
    ] = Threshold.WARNING,
    engine: Annotated[
        Engine,
        typer.Option(
            help="What validates the shapes: pyshacl, the reference; pyshifty, fast on large data; "
            "auto, by the size of the data."
        ),
    ] = Engine.AUTO,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Check again, even where nothing has changed."),
    ] = False,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Check a project folder and say what to mend.

    The syntax of every file, the SHACL shapes, and the expected answers of the queries.

    Each finding says where it is, which rule found it, how bad it is and what to do. Every
    reading is validated. Exit codes: 0 nothing to mend, 1 findings, 3 no usable project.

    \b
    cosigraph check --project my-folder
    cosigraph check --format json --fail-on violation
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.check import Severity, check_project  # noqa: PLC0415 - loads pySHACL
    from cosigraph.check.cached import check_project_cached  # noqa: PLC0415
    from cosigraph.check.engines import EngineChoice  # noqa: PLC0415
    from cosigraph.check.report import to_json, to_text  # noqa: PLC0415

    opened = open_project(project)
    with progress() as show:
        checking = partial(check_project if no_cache else check_project_cached, opened.folder, show)
        report = interruptible(lambda: checking(engine=EngineChoice(engine)))
    write(to_json(report) if format is ReportFormat.JSON else to_text(report), output)
    if sys.stderr.isatty():
        sys.stderr.write(f"Checked: {opened.folder}\n")
    threshold = None if fail_on is Threshold.NEVER else Severity(fail_on.value)
    if report.fails(threshold):
        raise typer.Exit(1)
