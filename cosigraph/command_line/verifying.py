# SPDX-License-Identifier: Apache-2.0
"""``cosigraph verify``: whether what a receipt says can be reproduced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write_table
from cosigraph.errors import PrunedVersionError, UnknownVersionError, UsageError
from cosigraph.files import read_file
from cosigraph.project import Project, open_project
from cosigraph.stored_project import as_kept, stored_project
from cosigraph.versioned_store import VersionedStore
from cosigraph.workers import BlockingStore, WorkerPool

if TYPE_CHECKING:
    from cosigraph.receipts import Receipt


def verify(
    file: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt's file.")],
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="DIR", help="Ask the version that this store has of it."),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Stop the query after so many seconds."),
    ] = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Reproduce the answer of a receipt, offline, or say what differs.

    Exit codes: 0 reproduced, 1 something differs, 2 no receipt.

    \b
    cosigraph run goals --priority A --receipt goals.json
    cosigraph verify goals.json
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.receipts import read_receipt  # noqa: PLC0415 - few commands need it
    from cosigraph.receipts import verify as verified  # noqa: PLC0415 - as above

    if timeout is not None and not timeout > 0:
        raise UsageError("The option --timeout takes a number of seconds greater than 0.")
    receipt = read_receipt(read_file(file))
    opened = open_project(project)
    if store is not None:
        opened = _with_version(opened, VersionedStore(store), receipt)
    elif opened.dataset.digest != receipt.dataset:
        kept = as_kept(opened)  # the receipt may be from a store that was made of these files
        opened = kept if kept.dataset.digest == receipt.dataset else opened
    answering = BlockingStore(
        WorkerPool(opened.dataset.snapshot(), size=1, timeout=timeout, memory=None)
    )
    try:
        found = interruptible(lambda: verified(receipt, opened, answering))
    finally:
        answering.close()
    rows = [
        (each.what, "same" if each.is_same else "differs", each.told, each.here) for each in found
    ]
    write_table(("what", "is", "in the receipt", "here"), rows, output)
    if not all(each.is_same for each in found if each.counts):
        raise typer.Exit(1)


def _with_version(project: Project, store: VersionedStore, receipt: Receipt) -> Project:
    """Return the project with the version that a receipt is of, or else with the current one."""
    try:
        content = store.read(store.version(receipt.dataset))
    except (UnknownVersionError, PrunedVersionError) as error:
        typer.echo(f"cosigraph: {error}", err=True)
        content = store.read(store.current())
    return stored_project(project, store, content)
