# SPDX-License-Identifier: Apache-2.0
"""``cosigraph w3id``: the rules that lead from the base of a project to its server."""

from __future__ import annotations

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write
from cosigraph.project import open_project
from cosigraph.publishing.redirects import redirect_rules


def w3id(output: OutputOption = None, project: ProjectOption = None) -> None:
    """Print the .htaccess that leads from the project's base to its server.

    It is for the folder that is the base, at w3id.org or on any Apache with mod_rewrite. Where it
    leads is address under [catalogue] in cosigraph.toml.

    \b
    cosigraph w3id --project my-folder --output .htaccess
    """  # noqa: D301 - click reads \b as a character
    opened = open_project(project)
    for sentence in opened.configuration.publication.missing():
        typer.echo(f"warning: {sentence}", err=True)
    write(redirect_rules(opened.configuration), output)
