# SPDX-License-Identifier: Apache-2.0
"""``cosigraph release-identifiers``: the list of what must never vanish."""

from __future__ import annotations

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write
from cosigraph.project import open_project
from cosigraph.released import list_of, present_identifiers, released_identifiers, to_text


def release_identifiers(output: OutputOption = None, project: ProjectOption = None) -> None:
    """List every identifier of the project, and every one released before.

    Keep the list in the project folder, as released.txt or where [check] released in
    cosigraph.toml says: the check then tells which identifiers are gone. What the present list
    has stays in it.

    \b
    cosigraph release-identifiers --output released.txt
    """  # noqa: D301 - click reads \b as a character
    opened = open_project(project)
    path = list_of(opened.folder, opened.configuration)
    earlier = {iri for _, iri in released_identifiers(path)} if path.exists() else set()
    present = present_identifiers(opened.dataset, opened.configuration.base)
    write(to_text(earlier | present), output)
    if output is not None:
        typer.echo(f"{len(present - earlier)} new, {len(earlier)} released before.", err=True)
