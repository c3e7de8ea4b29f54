# SPDX-License-Identifier: Apache-2.0
"""``cosigraph mappings``: where the things of a folder stand in other vocabularies."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write, write_table
from cosigraph.errors import UsageError
from cosigraph.mappings import (
    Choice,
    MappingSet,
    joined,
    mappings_as_turtle,
    read_mappings,
    write_sssom,
)
from cosigraph.project import open_project

_COLUMNS = ("subject", "predicate", "target", "label of the target", "confidence", "until")


class MappingFormat(StrEnum):
    """How mappings are written."""

    TABLE = "table"
    SSSOM = "sssom"
    TURTLE = "turtle"
    CSV = "csv"


def mappings(  # noqa: PLR0913, PLR0917 - one for each option
    subject: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only of this thing: actor:frontex, Frontex.")
    ] = None,
    predicate: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only of this kind: exactMatch, closeMatch …")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="PREFIX", help="Only to this vocabulary: eurovoc …")
    ] = None,
    candidates: Annotated[
        bool,
        typer.Option("--candidates", help="What nobody has confirmed, instead of the mappings."),
    ] = False,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Leave out what is less sure than this.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        MappingFormat,
        typer.Option(help="table or csv, for people; sssom, one set of all; turtle, the graph."),
    ] = MappingFormat.TABLE,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """List the mappings to other vocabularies, or write them as SSSOM or RDF.

    They are read from the files data/**/*.sssom.tsv of the folder.

    \b
    cosigraph mappings --subject frontex
    cosigraph mappings --target eurovoc --predicate exactMatch
    cosigraph mappings --candidates
    cosigraph mappings --format turtle --output data/15850-11/mappings/mappings.ttl
    """  # noqa: D301 - click reads \b as a character
    opened = open_project(project)
    prefixes = opened.configuration.prefixes
    files = read_mappings(opened.folder)
    sets = files.candidates if candidates else files.confirmed
    chosen = Choice(subject, predicate, target, min_confidence).of(sets, prefixes)
    if format is MappingFormat.TURTLE:
        if candidates:
            raise UsageError(
                "Candidates are not written as RDF.",
                advice="They would look like facts; take --format sssom.",
            )
        write(mappings_as_turtle(chosen, prefixes.namespaces), output)
    elif format is MappingFormat.SSSOM:
        write(write_sssom(joined(chosen)), output)
    elif format is MappingFormat.CSV:
        write(_as_csv(chosen), output)
    else:
        write_table(_COLUMNS, _rows(chosen), output)


def _rows(sets: Sequence[MappingSet]) -> list[tuple[str, ...]]:
    return [
        (
            mapping.cells["subject_id"],
            mapping.cells["predicate_id"],
            mapping.target,
            mapping.cells.get("object_label", "") if mapping.object else "",
            mapping.cells.get("confidence", ""),
            mapping.cells.get("ext_valid_until", ""),
        )
        for each in sets
        for mapping in each.mappings
    ]


def _as_csv(sets: Sequence[MappingSet]) -> str:
    """Return every slot of the mappings, and what their identifiers are."""
    columns = list(dict.fromkeys(column for each in sets for column in each.columns))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["mapping", "subject", "predicate", "object", *columns])
    for each in sets:
        for mapping in each.mappings:
            who = (mapping.identifier, mapping.subject, mapping.predicate, mapping.object or "")
            writer.writerow([*who, *(mapping.cells.get(column, "") for column in columns)])
    return table.getvalue()
