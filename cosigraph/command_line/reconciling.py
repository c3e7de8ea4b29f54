# SPDX-License-Identifier: Apache-2.0
"""``cosigraph reconcile``: identifiers for a column of names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption, ReadingOption
from cosigraph.command_line.output import write
from cosigraph.command_line.progress import progress
from cosigraph.errors import UsageError
from cosigraph.project import Project, open_project
from cosigraph.suggestions import suggestion_sentence

if TYPE_CHECKING:
    from cosigraph.reconciliation import Candidate, Matcher
    from cosigraph.sheet_files import SheetTable

ADDED = ("identifier", "label", "score", "decision")
"""The columns that are added."""
REVIEWED = (
    "row",
    "name",
    "identifier",
    "label",
    "score",
    "found",
    "how",
    "description",
)
"""The columns of what is to be reviewed."""
TOO_LONG, EMPTY = "too-long", "empty"
"""Decisions about cells that hold no name."""
_SHOWN_EVERY = 100  # names


def reconcile(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A table: CSV, or .xlsx, whose first sheet is.")
    ],
    column: Annotated[str, typer.Option(metavar="NAME", help="The column with the names.")],
    type: Annotated[  # noqa: A002 - the option's name
        list[str] | None,
        typer.Option(metavar="T", help="Only things of this class: an IRI, a CURIE or a label."),
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the doubtful names, with candidates, here."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100, help="Candidates of each doubtful name.")
    ] = 5,
    reading: ReadingOption = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Find what the names in a column mean, and add the identifiers.

    Columns are added: identifier (where the decision is match), label, score from 0 to 100, and
    decision: match, review, none, empty or too-long. What is written is CSV, or .xlsx where the
    output's name ends so.

    \b
    cosigraph reconcile bodies.csv --column body --output bodies-linked.csv
    cosigraph reconcile bodies.xlsx --column body --type cosi:Actor --review doubtful.xlsx
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.reconciliation import Matcher, collect  # noqa: PLC0415 - no other needs it
    from cosigraph.sheet_files import read_table  # noqa: PLC0415 - as above

    if review is not None and output is not None and review.resolve() == output.resolve():
        raise UsageError("--review and --output name the same file.", advice="Name two.")
    opened = open_project(project, reading=reading)
    with progress() as show:
        show("Reading")
        table = read_table(file)
        place = _place(table, column, file)
        matcher = Matcher(collect(opened).things, opened.prefixes.expand)
        types = [_type(each, matcher, opened) for each in type or ()]
        found = _found([row[place] for row in table.rows], matcher, types, limit, show)
    if review is not None:
        doubtful = _doubtful(table, place, found)
        write(_written(REVIEWED, doubtful, review), review)
    rows = [
        [*row, *_added(row[place], candidates)]
        for row, candidates in zip(table.rows, found, strict=True)
    ]
    write(_written([*table.columns, *ADDED], rows, output), output)
    _tell(rows)


def _place(table: SheetTable, column: str, file: Path) -> int:
    """Where the column is; raises UsageError if it is not there, or if ours already are."""
    if table.columns.count(column) != 1:
        how_often = "no" if column not in table.columns else "more than one"
        raise UsageError(
            f"'{file}' has {how_often} column '{column}'.",
            advice=suggestion_sentence(column, [name for name in table.columns if name]),
        )
    taken = [name for name in ADDED if name in table.columns]
    if taken:
        raise UsageError(
            f"'{file}' already has a column '{taken[0]}'.", advice="Rename it, or take it out."
        )
    return table.columns.index(column)


def _type(text: str, matcher: Matcher, project: Project) -> str:
    """The IRI of the class that a person means; raises UsageError if nothing is of it."""
    from cosigraph.choices import fold  # noqa: PLC0415 - as above

    known = sorted({type_ for thing in matcher.index.things for type_ in thing.types})
    labels = {thing.iri: thing.label for thing in matcher.index.things}
    for iri in (text.removeprefix("<").removesuffix(">"), project.prefixes.expand(text)):
        if iri in known:
            return iri
    named = [iri for iri in known if fold(labels.get(iri, "")) == fold(text)]
    if len(named) == 1:
        return named[0]
    raise UsageError(
        f"Nothing with a name is of a class '{text}'.",
        advice=suggestion_sentence(text, [project.prefixes.shorten(iri) for iri in known]),
    )


def _found(
    names: Sequence[str],
    matcher: Matcher,
    types: Sequence[str],
    limit: int,
    show: Callable[[str], None],
) -> list[list[Candidate]]:
    found = []
    for number, name in enumerate(names):
        if number % _SHOWN_EVERY == 0:
            show(f"{number:,} of {len(names):,} names")
        found.append(matcher.match(name, types, limit=limit))
    return found


def _added(name: str, candidates: Sequence[Candidate]) -> list[str]:
    decision = _decision(name, candidates)
    if not candidates:
        return ["", "", "", decision]
    first = candidates[0]
    identifier = first.thing.iri if first.is_match else ""
    return [identifier, first.thing.label, f"{first.score:.1f}", decision]


def _decision(name: str, candidates: Sequence[Candidate]) -> str:
    from cosigraph.reconciliation import decision_of  # noqa: PLC0415 - as above
    from cosigraph.reconciliation.matching import LONGEST_NAME  # noqa: PLC0415 - as above

    written = " ".join(name.split())
    if not written:
        return EMPTY
    return TOO_LONG if len(written) > LONGEST_NAME else decision_of(candidates).value


def _doubtful(
    table: SheetTable, place: int, found: Sequence[Sequence[Candidate]]
) -> list[list[str]]:
    """A line for each candidate of each name that is neither a match nor without any."""
    return [
        [
            str(number),
            row[place],
            candidate.thing.iri,
            candidate.thing.label,
            f"{candidate.score:.1f}",
            candidate.name.text,
            candidate.how.value,
            candidate.thing.description,
        ]
        for number, (row, candidates) in enumerate(zip(table.rows, found, strict=True), start=2)
        for candidate in candidates
        if not candidates[0].is_match
    ]


def _written(columns: Sequence[str], rows: Sequence[Sequence[str]], output: Path | None) -> bytes:
    from cosigraph.sheet_files import (  # noqa: PLC0415 - as above
        is_workbook,
        write_csv,
        write_workbook_table,
    )

    as_workbook = output is not None and is_workbook(output)
    return (write_workbook_table if as_workbook else write_csv)(columns, rows)


def _tell(rows: Sequence[Sequence[str]]) -> None:
    """Say how many there are of each decision, on standard error."""
    counted = Counter(row[-1] for row in rows)
    told = ", ".join(f"{count:,} {decision}" for decision, count in counted.most_common())
    typer.echo(f"{len(rows):,} names: {told or 'none'}", err=True)
