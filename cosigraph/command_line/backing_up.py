# SPDX-License-Identifier: Apache-2.0
"""``cosigraph backup`` and ``cosigraph restore``: a store copied whole, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption
from cosigraph.command_line.output import write_table
from cosigraph.command_line.storing import StoreArgument
from cosigraph.store_copy import check_store, copy_store
from cosigraph.versioned_store import VersionedStore


def backup(
    folder: StoreArgument,
    target: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="A folder that is not there, or empty.")
    ],
    output: OutputOption = None,
) -> None:
    """Copy all that a store has published, also while it is served and written to.

    The copy is a store itself, whole or not there, each version held to its digest.
    """
    store = VersionedStore(folder)
    _tell(interruptible(lambda: copy_store(store, target)), output)


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="The folder of a backup.")],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The store: a folder that is not there, or empty.")
    ],
    output: OutputOption = None,
) -> None:
    """Make a store of a backup, with the same versions and the same digests."""
    backed_up = VersionedStore(source)
    _tell(interruptible(lambda: copy_store(backed_up, folder)), output)


def _tell(made: VersionedStore, output: Path | None) -> None:
    current = interruptible(lambda: check_store(made))
    rows = [
        ("folder", str(made.folder)),
        ("version", str(current.number)),
        ("versions", made.span()),
        ("digest", current.dataset_digest),
    ]
    write_table(("what", "value"), rows, output)
