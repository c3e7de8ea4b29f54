# SPDX-License-Identifier: Apache-2.0
"""``cosigraph store``: a store directory made from a project folder, and what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write_table
from cosigraph.project import open_project
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.stored_project import create_store
from cosigraph.versioned_store import VersionedStore

StoreArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The store's folder.")]

store = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@store.callback()
def _start() -> None:
    """Keep the data in a folder of versions, which a server may write to.

    \b
    cosigraph store create my-store
    cosigraph store info my-store
    """  # noqa: D301 - click reads \b as a character


@store.command()
def create(
    folder: StoreArgument,
    default_graph: Annotated[
        DefaultGraphKind,
        typer.Option(help="What queries ask: the union of all graphs, or the unnamed one alone."),
    ] = DefaultGraphKind.UNION,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Make a store from the project's graphs as they stand in its files."""
    _tell(create_store(folder, open_project(project), default_graph), output)


@store.command()
def info(folder: StoreArgument, output: OutputOption = None) -> None:
    """Show what a store was made from, its current version, and its graphs."""
    _tell(VersionedStore(folder), output)


def _tell(found: VersionedStore, output: Path | None) -> None:
    current = found.current()
    rows = [
        ("folder", str(found.folder)),
        ("project", found.about.project),
        ("base", found.about.base),
        ("default graph", str(found.about.default_graph)),
        ("version", str(current.number)),
        ("made from version", str(current.parent or "")),
        ("created", current.created),
        ("who", current.who),
        ("why", current.why),
        ("in the files", f"version {found.pulled().number}"),
        ("not in the files", f"{len(found.unpulled())} writes"),
        ("digest", current.dataset_digest),
        *(("graph", iri) for iri in current.graphs),
    ]
    write_table(("what", "value"), rows, output)
