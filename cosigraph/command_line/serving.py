# SPDX-License-Identifier: Apache-2.0
"""``cosigraph serve``: hands a project to the server that is installed beside the library."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Annotated

import typer

from cosigraph.command_line.options import ProjectOption
from cosigraph.errors import ServerError, UsageError
from cosigraph.project import open_project

GROUP = "cosigraph.server"
NAME = "default"


def serve(  # noqa: PLR0913, PLR0917 - each is an option of the command
    host: Annotated[
        str, typer.Option(metavar="HOST", help="The address to listen at; 0.0.0.0 for every one.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="PORT", help="The port to listen at; 0 for any that is free."
        ),
    ] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many queries can run at the same time.")
    ] = 2,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Stop a query after so many seconds.")
    ] = 30,
    cache_bytes: Annotated[
        int,
        typer.Option(
            min=0, metavar="BYTES", help="Keep so much of what has been answered; 0 for nothing."
        ),
    ] = 64 * 1024 * 1024,
    project: ProjectOption = None,
) -> None:
    """Serve the project over HTTP.

    SPARQL endpoint, canned queries with typed parameters, and pages to read and ask.

    \b
    cosigraph serve
    cosigraph serve --project my-folder --port 8080
    """  # noqa: D301 - click reads \b as a character
    if not timeout > 0:
        raise UsageError("The option --timeout takes a number of seconds greater than 0.")
    folder = open_project(project).folder
    for entry_point in entry_points(group=GROUP, name=NAME):
        entry_point.load()(
            project_folder=folder,
            host=host,
            port=port,
            workers=workers,
            timeout=timeout,
            cache_bytes=cache_bytes,
        )
        return
    raise ServerError(
        "No server is installed.", advice="Install the package: pip install cosigraph."
    )
