# SPDX-License-Identifier: Apache-2.0
"""``cosigraph diff`` and ``cosigraph patch``: what differs between two versions of a graph."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption
from cosigraph.command_line.output import write
from cosigraph.command_line.progress import progress
from cosigraph.errors import DataSyntaxError, Position, ProjectError
from cosigraph.project import open_project

if TYPE_CHECKING:
    from cosigraph.difference import Report

_STANDARD_INPUT = Path("-")


class DifferenceFormat(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    PATCH = "patch"


class Failing(StrEnum):
    """Which differences make the command fail."""

    BREAKING = "breaking"
    ANY = "any"
    NEVER = "never"


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="The project folder, for git: and for queries. Without it: the current one.",
    ),
]


def diff(  # noqa: PLR0913, PLR0917 - one for each option
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A folder, an RDF file, a store, or git:REVISION.")
    ],
    new: Annotated[
        str | None,
        typer.Argument(metavar="NEW", help="Another. Without it: the project folder as it is."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        DifferenceFormat,
        typer.Option(help="text or markdown, for people; json, for programs; patch, an RDF Patch."),
    ] = DifferenceFormat.TEXT,
    fail_on: Annotated[
        Failing, typer.Option(help="Exit with 1 when something differs, or breaks.")
    ] = Failing.ANY,
    no_answers: Annotated[
        bool, typer.Option("--no-answers", help="Do not compare the canned queries' answers.")
    ] = False,
    limit: Annotated[
        int,
        typer.Option(min=0, help="Show so many things of each kind, and changes of each thing."),
    ] = 50,
    rows: Annotated[
        int, typer.Option(min=0, help="Show so many missing and so many new rows of an answer.")
    ] = 10,
    output: OutputOption = None,
    project: HomeOption = None,
) -> None:
    """Show what differs between two versions of a graph.

    Things added, removed, renamed and changed, by label, with old and new values and their place;
    and what of it breaks for people who query: terms and identifiers that are gone, canned queries
    that lost a parameter, a column, or rows of their answers.

    Exit codes: 0 no difference, 1 differences (see --fail-on), 3 a version cannot be read.

    \b
    cosigraph diff git:HEAD                          what I changed in this folder
    cosigraph diff git:v1.0 git:v2.0 --format markdown
    cosigraph diff old.nq new.nq --format patch --output changes.rdfp
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.difference import (  # noqa: PLC0415 - no other command needs it
        difference,
        patch_text,
        read_version,
        remarks_on,
    )

    home = Path() if project is None else project
    is_patch = format is DifferenceFormat.PATCH
    with ExitStack() as versions, progress() as show:
        show("Reading")
        before = versions.enter_context(read_version(old, home))
        after = versions.enter_context(read_version(str(home) if new is None else new, home))
        show("Comparing")
        if is_patch:
            patch = interruptible(lambda: patch_text(before.quads, after.quads))
            fails = before.quads != after.quads
        if not is_patch or fail_on is Failing.BREAKING:
            are_without_queries = before.project is None and after.project is None
            is_asked = project is not None and are_without_queries and not no_answers
            queries = open_project(project) if is_asked else None
            report = interruptible(
                lambda: difference(
                    before,
                    after,
                    queries=queries,
                    with_answers=not no_answers,
                    most=limit,
                    rows=rows,
                )
            )
            fails = report.breaks if fail_on is Failing.BREAKING else report.differs
    if is_patch:
        write(patch, output)
        sys.stderr.writelines(f"{remark}\n" for remark in remarks_on(before, after))
    else:
        _write_report(report, format, output)
    if fails and fail_on is not Failing.NEVER:
        raise typer.Exit(1)


def patch(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A folder, an RDF file, a store, or git:REVISION.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="PATCH", help="An RDF Patch; - for standard input.")
    ],
    output: OutputOption = None,
    project: HomeOption = None,
) -> None:
    """Apply an RDF Patch to a version of a graph and write what it gives, as sorted N-Quads.

    The version itself stays as it is. A patch that deletes what is not there is refused.

    \b
    cosigraph diff old.nq new.nq --format patch --output changes.rdfp
    cosigraph patch old.nq changes.rdfp              the data of new.nq
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.difference import (  # noqa: PLC0415 - no other command needs it
        apply_patch,
        nquads,
        read_version,
    )

    text = _read_patch(file)
    source = None if file == _STANDARD_INPUT else str(file)
    with read_version(old, Path() if project is None else project) as version:
        made = interruptible(lambda: nquads(apply_patch(version.quads, text, source)))
    write(made, output)


def is_terminal() -> bool:
    """Tell whether standard output is one."""
    return sys.stdout.isatty()


def _write_report(report: Report, format_: DifferenceFormat, output: Path | None) -> None:
    from cosigraph.difference import to_json, to_lines, to_markdown, to_text  # noqa: PLC0415

    if format_ is DifferenceFormat.TEXT and output is None and is_terminal():
        console = Console(highlight=False)
        for line in to_lines(report):
            console.print(Text(line.text, line.style), soft_wrap=True)
        return
    writers = {
        DifferenceFormat.TEXT: to_text,
        DifferenceFormat.MARKDOWN: to_markdown,
        DifferenceFormat.JSON: to_json,
    }
    write(writers[format_](report), output)


def _read_patch(path: Path) -> str:
    if path == _STANDARD_INPUT:
        content = sys.stdin.buffer.read()
    elif path.exists() and not (path.is_file() or path.is_fifo()):
        raise ProjectError("This is no regular file.", position=Position(str(path)))
    else:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ProjectError(
                f"The patch cannot be read: {error.strerror}.", position=Position(str(path))
            ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataSyntaxError(
            "The patch is not UTF-8.", position=Position(str(path), line)
        ) from error
