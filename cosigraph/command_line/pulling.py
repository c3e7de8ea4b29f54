# SPDX-License-Identifier: Apache-2.0
"""``cosigraph pull``: what was written to a store, put into the project's files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption
from cosigraph.command_line.output import write
from cosigraph.command_line.storing import StoreArgument
from cosigraph.errors import UsageError
from cosigraph.project import open_project
from cosigraph.store_version import Version
from cosigraph.stored_project import check_made_from
from cosigraph.versioned_store import VersionedStore

if TYPE_CHECKING:
    from cosigraph.pulling import FileChange


def pull(
    folder: StoreArgument,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Write no file, but the difference that it would make."),
    ] = False,
    output: OutputOption = None,
    project: Annotated[
        Path | None,
        typer.Option("--project", metavar="DIR", help="The project folder; the current one."),
    ] = None,
) -> None:
    """Put what was written to a store into the project's files, for review.

    The files are written in the house's form, with their comments. Told is what was written since
    the last time, by whom and why: the message of a commit. Review the change with git, check it
    with 'cosigraph check', and commit it. The server may run meanwhile.

    \b
    cosigraph pull my-store --dry-run
    cosigraph pull my-store --output message.txt && git commit --all --file message.txt
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.formatting import write_file  # noqa: PLC0415 - few commands need them
    from cosigraph.pulling import pull as pulled  # noqa: PLC0415 - as above
    from cosigraph.pulling import text_of  # noqa: PLC0415 - as above

    opened = open_project(project or Path())
    store = VersionedStore(folder)
    check_made_from(opened, store)
    current = store.current()
    made = interruptible(lambda: pulled(opened, store.read(current)))
    if dry_run:
        write("".join(_difference(made.changes, opened.folder)), output)
        return
    written = store.unpulled()
    for change in made.changes:
        if text_of(change.path) != change.before:
            raise UsageError(f"'{change.path}' was changed meanwhile.", advice="Try again.")
        if change.before is None:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            change.path.touch()
        write_file(change.path, change.after)
    store.set_pulled(current)
    write(_message(current, written, made.removed, made.added), output)
    if made.unnamed:
        sys.stderr.write(
            f"{made.unnamed} statements of the unnamed graph are in no file: files have named "
            "graphs alone.\n"
        )


def _difference(changes: Iterable[FileChange], folder: Path) -> Iterable[str]:
    from cosigraph.formatting import difference  # noqa: PLC0415 - few commands need it

    for change in changes:
        name = change.path.relative_to(folder).as_posix()
        old = "/dev/null" if change.before is None else f"a/{name}"
        yield from difference(change.before or "", change.after, old, f"b/{name}")


def _message(current: Version, written: Sequence[Version], removed: int, added: int) -> str:
    lines = [
        f"Pull version {current.number} of the store: {added} added, {removed} removed",
        "",
        *(f"- {each.why or 'no reason given'} ({each.who}, {each.created})" for each in written),
        *([""] if written else []),
        f"Dataset: {current.dataset_digest}",
    ]
    return "".join(f"{line}\n" for line in lines)
