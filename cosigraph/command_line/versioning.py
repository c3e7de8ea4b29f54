# SPDX-License-Identifier: Apache-2.0
"""``cosigraph versions``: what a store has published, and what of it is kept."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cosigraph.command_line.comparing import DifferenceFormat, Failing, HomeOption, diff
from cosigraph.command_line.options import OutputOption
from cosigraph.command_line.output import write, write_table
from cosigraph.command_line.storing import StoreArgument
from cosigraph.pruning import Rule, outdated
from cosigraph.store_version import Origin, Version, provenance
from cosigraph.versioned_store import VersionedStore

VersionArgument = Annotated[
    str,
    typer.Argument(
        metavar="VERSION", help="A version's number, or the beginning of its dataset's digest."
    ),
]

versions = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


class ListFormat(StrEnum):
    """How versions are listed."""

    TABLE = "table"
    JSON = "json"


class VersionFormat(StrEnum):
    """How one version is shown."""

    TABLE = "table"
    JSON = "json"
    PROV = "prov"
    PATCH = "patch"


@versions.callback()
def _start() -> None:
    """Show, compare, prune and restore the versions of a store.

    \b
    cosigraph versions list my-store
    cosigraph versions diff my-store 3 5
    cosigraph versions prune my-store --keep 10 --keep-days 365
    """  # noqa: D301 - click reads \b as a character


@versions.command("list")
def list_versions(
    folder: StoreArgument,
    format: Annotated[  # noqa: A002 - the option's name
        ListFormat, typer.Option(help="table, for people; json, for programs.")
    ] = ListFormat.TABLE,
    output: OutputOption = None,
) -> None:
    """List what was published, the newest first."""
    store = VersionedStore(folder)
    current, pulled = store.current().number, store.pulled().number
    if format is ListFormat.JSON:
        told = [
            {**each.members(), "kept": not store.is_pruned(each), "current": each.number == current}
            for each in store.published()
        ]
        write(json.dumps(told, ensure_ascii=False, indent=2) + "\n", output)
        return

    def state(version: Version) -> str:
        states = (
            (version.number == current, "current"),
            (version.number == pulled, "in the files"),
            (store.is_pruned(version), "pruned"),
            (bool(version.restored), f"as {version.restored}"),
        )
        return ", ".join(word for holds, word in states if holds)

    rows = [
        (str(each.number), each.created, each.dataset_digest[:19], state(each), each.who, each.why)
        for each in store.published()
    ]
    write_table(("version", "created", "digest", "state", "who", "why"), rows, output)


@versions.command()
def show(
    folder: StoreArgument,
    version: VersionArgument,
    format: Annotated[  # noqa: A002 - the option's name
        VersionFormat,
        typer.Option(
            help="table or json; prov, who made it, when and why, as Turtle; patch, what it "
            "changed, as an RDF Patch."
        ),
    ] = VersionFormat.TABLE,
    output: OutputOption = None,
) -> None:
    """Show one version: its digest, who made it, when and why, and what it changed."""
    store = VersionedStore(folder)
    found = store.version(version)
    if format is VersionFormat.PROV:
        write(provenance(found, store.about.base), output)
    elif format is VersionFormat.PATCH:
        write(store.patch(found), output)
    elif format is VersionFormat.JSON:
        told = {**found.members(), "kept": not store.is_pruned(found)}
        write(json.dumps(told, ensure_ascii=False, indent=2) + "\n", output)
    else:
        _tell(store, found, output)


def _tell(store: VersionedStore, version: Version, output: Path | None) -> None:
    rows = [
        ("version", str(version.number)),
        ("made from version", str(version.parent or "")),
        ("created", version.created),
        ("digest", version.dataset_digest),
        ("kept", "no" if store.is_pruned(version) else "yes"),
        ("who", version.who),
        ("why", version.why),
        *((("restored from", str(version.restored)),) if version.restored else ()),
        *(("graph", iri) for iri in version.graphs),
    ]
    write_table(("what", "value"), rows, output)


@versions.command("diff")
def diff_versions(  # noqa: PLR0913, PLR0917 - one for each option
    folder: StoreArgument,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The version before.")],
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="Another. Without it: the current one.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        DifferenceFormat, typer.Option(help="text, markdown, json or patch, as 'cosigraph diff'.")
    ] = DifferenceFormat.TEXT,
    fail_on: Annotated[
        Failing, typer.Option(help="Exit with 1 when something differs, or breaks.")
    ] = Failing.NEVER,
    output: OutputOption = None,
    project: HomeOption = None,
) -> None:
    """Show what differs between two versions, as 'cosigraph diff' does; the answers with --project.

    Exit codes: 0 as --fail-on says, 1 differences, 2 no such version, 3 no store.
    """
    store = VersionedStore(folder)
    later = store.current() if new is None else store.version(new)
    diff(
        f"{folder}@{store.version(old).number}",
        f"{folder}@{later.number}",
        format=format,
        fail_on=fail_on,
        no_answers=project is None,
        output=output,
        project=project,
    )


@versions.command()
def prune(
    folder: StoreArgument,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Keep the newest N versions.")
    ] = None,
    keep_days: Annotated[
        int | None, typer.Option(min=0, metavar="DAYS", help="Keep what was made since then.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which versions would go.")
    ] = False,
    output: OutputOption = None,
) -> None:
    """Remove the data of versions that no rule keeps; also while the store is served.

    The current version and the one that the files hold stay. So does what the manifests say: it
    can always be told that a version was there. A version goes only if both rules let it.
    """
    store = VersionedStore(folder)
    found = outdated(store, Rule(keep, keep_days))
    for each in found:
        if not dry_run:
            store.prune(each)
    rows = [(str(each.number), each.created, each.dataset_digest[:19]) for each in found]
    write_table(("would go" if dry_run else "pruned", "created", "digest"), rows, output)


@versions.command()
def restore(
    folder: StoreArgument,
    version: VersionArgument,
    who: Annotated[
        str, typer.Option(metavar="NAME", help="Who does it; this account's name unless given.")
    ] = "",
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    output: OutputOption = None,
) -> None:
    """Publish the data of an older version once more, as a new version.

    No server may write to the store meanwhile. What was published since stays what it is.
    """
    store = VersionedStore(folder)
    with store.writing() as writer:
        made = writer.restore(store.version(version), Origin(who or getpass.getuser(), why))
    _tell(store, made, output)
