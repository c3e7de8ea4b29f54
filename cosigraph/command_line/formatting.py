# SPDX-License-Identifier: Apache-2.0
"""``cosigraph format``: RDF files in the house's form, with their comments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cosigraph.command_line.options import ProjectOption
from cosigraph.errors import CosigraphError, UsageError
from cosigraph.project import open_project


def format_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files, or folders of files; without any, those of the project."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show what would change.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Write RDF files in one form, the same for the same graph, and keep their comments.

    Turtle and TriG: prefixes sorted, one block for each subject, the type first. The lines of
    N-Triples and N-Quads are sorted. No graph changes. A file with an error stays as it is.

    Exit codes: 0 done, 1 --check found files that would change, 3 a file cannot be read.

    \b
    cosigraph format --check
    cosigraph format --diff data
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.formatting import difference, formatted, write_file  # noqa: PLC0415 - as above

    changed = False
    failed: CosigraphError | None = None
    for path in _paths(files or [], project):
        try:
            text, written = formatted(path)
            if text == written:
                continue
            changed = True
            if diff:
                sys.stdout.writelines(difference(text, written, str(path), str(path)))
            if check:
                typer.echo(f"{path} would change.", err=diff)
            elif not diff:
                write_file(path, written)
                typer.echo(f"{path} changed.")
        except CosigraphError as error:
            if failed is not None:
                typer.echo(f"cosigraph: {failed}", err=True)
            failed = error
    if failed is not None:
        raise failed
    if check and changed:
        raise typer.Exit(1)


def _paths(given: list[Path], project: Path | None) -> Iterator[Path]:
    from cosigraph.formatting import FORMATS  # noqa: PLC0415 - only this command needs it
    from cosigraph.loading import source_files  # noqa: PLC0415

    if not given:
        opened = open_project(project)
        sources = source_files(opened.folder, opened.configuration)
        known = dict.fromkeys(source.path for source in sources)
        yield from (path for path in known if path.suffix in FORMATS)
    for path in given:
        if path.is_dir():
            yield from (found for found in sorted(path.rglob("*")) if found.suffix in FORMATS)
        elif path.suffix in FORMATS:
            yield path
        else:
            raise UsageError(
                f"'{path}' is no file that can be formatted.",
                advice=f"Known: {', '.join(FORMATS)}.",
            )
