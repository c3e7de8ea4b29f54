# SPDX-License-Identifier: Apache-2.0
"""``cosigraph serve``: hands a project to the server that is installed beside the library."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer

from cosigraph.command_line.checking import Threshold
from cosigraph.command_line.options import ProjectOption
from cosigraph.errors import ServerError, UsageError
from cosigraph.limits import MEBIBYTE, Limits
from cosigraph.project import open_project

GROUP = "cosigraph.server"
NAME = "default"


def _limit(metavar: str, told: str, minimum: float = 0) -> Any:
    """An option that limits what clients may ask."""
    return typer.Option(metavar=metavar, min=minimum, help=told, rich_help_panel="Limits")


def serve(  # noqa: PLR0913, PLR0917 - each is an option
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
    ] = 4,
    timeout: Annotated[
        float,
        _limit("SECONDS", "Stop a query that runs for longer.", minimum=0),
    ] = 30,
    rows: Annotated[
        int, _limit("N", "Cut an answer off after so many rows, and say so; 0 for no limit.")
    ] = 1_000_000,
    result_size: Annotated[
        int, _limit("MIB", "Refuse an answer of more mebibytes; 0 for no limit.")
    ] = 256,
    memory: Annotated[
        int,
        _limit("MIB", "Stop a query that needs more, the data not counted; 0 for no limit."),
    ] = 1024,
    body_size: Annotated[int, _limit("MIB", "Refuse a request with a larger body.", minimum=1)] = 1,
    queue: Annotated[
        int, _limit("N", "How many queries may wait; one more is told to come back.")
    ] = 256,
    share: Annotated[
        int | None,
        _limit(
            "N",
            "How many queries of one client run at the same time; all workers but one by default.",
            minimum=1,
        ),
    ] = None,
    patience: Annotated[
        float,
        _limit("SECONDS", "Leave a client that stands still for so long, sending or reading."),
    ] = 20,
    grace: Annotated[
        float, _limit("SECONDS", "Let running queries go on for so long when the server ends.")
    ] = 5,
    explain_time: Annotated[
        float, _limit("SECONDS", "Spend no longer on why an answer is empty.")
    ] = 5,
    explain_probes: Annotated[
        int, _limit("N", "Run no more queries to find out why an answer is empty.", minimum=1)
    ] = 100,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK",
            help="Believe X-Forwarded-For from this proxy, as 10.0.0.0/8; may be repeated.",
        ),
    ] = None,
    allow_service: Annotated[
        list[str] | None,
        typer.Option(metavar="IRI", help="Let queries ask this endpoint; may be repeated."),
    ] = None,
    log: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Add a line of JSON for each request; - for standard error."
        ),
    ] = None,
    log_queries: Annotated[
        bool, typer.Option("--log-queries", help="Put the text of queries into the log.")
    ] = False,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Serve the data of this store, made by 'cosigraph store create'."
        ),
    ] = None,
    allow_update: Annotated[
        bool,
        typer.Option("--allow-update", help="Let who has the token write to the store over HTTP."),
    ] = False,
    token_hash: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            envvar="COSIGRAPH_TOKEN_HASH",
            help="The hash of the token that may write, made by 'cosigraph token'.",
        ),
    ] = None,
    gate: Annotated[
        Threshold,
        typer.Option(
            help="Refuse a write that brings a finding of this severity, or a worse one; never: "
            "check no write."
        ),
    ] = Threshold.WARNING,
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
    for name, seconds in (
        ("timeout", timeout),
        ("patience", patience),
        ("explain-time", explain_time),
    ):
        if not seconds > 0:
            raise UsageError(f"The option --{name} takes a number of seconds greater than 0.")
    limits = Limits(
        time=timeout,
        rows=rows or None,
        size=result_size * MEBIBYTE or None,
        memory=memory * MEBIBYTE or None,
        body=body_size * MEBIBYTE,
        queue=queue,
        share=share,
        patience=patience,
        grace=grace,
        explanation_time=explain_time,
        explanation_probes=explain_probes,
    )
    opened = open_project(project)
    with ExitStack() as stack:
        if store is None:
            opened.load_apart()  # while the server is imported, which takes as long
            stack.callback(opened.stop_loading)
        server = _server()
        for sentence in opened.configuration.publication.missing():
            typer.echo(f"warning: {sentence}", err=True)
        server(
            project_folder=opened,
            host=host,
            port=port,
            workers=workers,
            limits=limits,
            cache_bytes=cache_bytes,
            proxies=proxy or (),
            services=allow_service or (),
            log=log,
            log_queries=log_queries,
            store=store,
            allow_update=allow_update,
            token_hash=token_hash or opened.configuration.token_hash,
            gate=None if gate is Threshold.NEVER else gate.value,
        )


def _server() -> Callable[..., None]:
    """Return what serves; raises ServerError."""
    for entry_point in entry_points(group=GROUP, name=NAME):
        found: Callable[..., None] = entry_point.load()
        return found
    raise ServerError(
        "No server is installed.", advice="Install the package: pip install cosigraph."
    )
