# SPDX-License-Identifier: Apache-2.0
"""What ``info`` and ``check`` say of a store beside the files that it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from cosigraph.stored_project import check_made_from
from cosigraph.versioned_store import VersionedStore

if TYPE_CHECKING:
    from cosigraph.project import Project

StoreOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Say also how this store and the files differ."),
]


def difference_from(project: Project, folder: Path) -> str:
    """Return in a sentence how a store differs from the project's files.

    Raises:
        ProjectError: either cannot be read, or the store was made from another project
    """
    from cosigraph.pulling import pull  # noqa: PLC0415 - only with a store

    store = VersionedStore(folder)
    check_made_from(project, store)
    current = store.current()
    found = pull(project, store.read(current))
    if not found.differs:
        return f"Version {current.number} of the store '{folder}' and the files say the same."
    unnamed = f", {found.unnamed} in its unnamed graph" if found.unnamed else ""
    return (
        f"Version {current.number} of the store '{folder}' and the files differ: the store has "
        f"{found.added} statements more and {found.removed} fewer{unnamed}. "
        f"Pull what was written there: cosigraph pull {folder}"
    )
