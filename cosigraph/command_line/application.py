# SPDX-License-Identifier: Apache-2.0
"""The commands of ``cosigraph``, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from cosigraph import __version__
from cosigraph.command_line.adding import add
from cosigraph.command_line.agreeing import agreement
from cosigraph.command_line.backing_up import backup, restore
from cosigraph.command_line.checking import check
from cosigraph.command_line.comparing import diff, patch
from cosigraph.command_line.documents import note
from cosigraph.command_line.exporting import export
from cosigraph.command_line.formatting import format_files
from cosigraph.command_line.info import info
from cosigraph.command_line.listing import queries
from cosigraph.command_line.mapping import mappings
from cosigraph.command_line.pulling import pull
from cosigraph.command_line.querying import query
from cosigraph.command_line.reconciling import reconcile
from cosigraph.command_line.redirecting import w3id
from cosigraph.command_line.releasing import release_identifiers
from cosigraph.command_line.reviewing import review
from cosigraph.command_line.ruling import rules
from cosigraph.command_line.running import run
from cosigraph.command_line.serving import serve
from cosigraph.command_line.storing import store
from cosigraph.command_line.token_making import token
from cosigraph.command_line.verifying import verify
from cosigraph.command_line.versioning import versions


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cosigraph {__version__}")
        raise typer.Exit


def _start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Ask, check and serve a folder of ontology, data, shapes and queries.

    Without --project, the folder is the one you are in, if it has a cosigraph.toml; else the one
    that ships: Council note 15850/11 of 21 October 2011, the strategic goals of the EU policy cycle
    against organised crime, 2011-2013.

    \b
    cosigraph queries                        what can be asked
    cosigraph run goals --priority A         ask it
    cosigraph check --project my-folder      what is wrong in a folder
    cosigraph format --check                 which files are not in the house's form
    cosigraph add figures.ttl ...            put another dataset beside it
    cosigraph diff git:HEAD                  what has changed in the folder I am in
    cosigraph serve                          everything in a browser

    Exit codes: 0 done, 1 check, diff or format found something, 2 wrong call, 3 no usable project,
    4 wrong or refused query, 5 stopped by a limit, 6 output cannot be written,
    7 server cannot start, 130 interrupted.
    """  # noqa: D301 - click reads \b as a character
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


# Help is plain text everywhere, so that it is the same on a terminal, in a pipe and in the docs.
app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.callback(invoke_without_command=True)(_start)
app.command()(queries)
app.command(
    add_help_option=False,
    options_metavar="NAME [--PARAMETER VALUE]... [OPTIONS]",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)(run)
app.command()(query)
app.command()(note)
app.command()(agreement)
app.command()(verify)
app.command()(info)
app.command()(mappings)
app.command()(export)
app.command()(reconcile)
app.command()(check)
app.command()(review)
app.command()(rules)
app.command("format")(format_files)
app.command()(add)
app.command()(diff)
app.command()(patch)
app.command()(pull)
app.command()(release_identifiers)
app.command()(w3id)
app.command()(serve)
app.command()(token)
app.command()(backup)
app.command()(restore)
app.add_typer(store, name="store")
app.add_typer(versions, name="versions")
