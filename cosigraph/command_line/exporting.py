# SPDX-License-Identifier: Apache-2.0
"""``cosigraph export``: the whole dataset as one file."""

from __future__ import annotations

from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption, ReadingOption
from cosigraph.command_line.output import write
from cosigraph.export import ExportFormat
from cosigraph.export import export as exported
from cosigraph.project import open_project


def export(
    format: Annotated[  # noqa: A002 - the option's name
        ExportFormat,
        typer.Option(help="trig, nquads and jsonld keep the graphs apart; turtle is their union."),
    ] = ExportFormat.TRIG,
    graph: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this graph, for example ontology.")
    ] = None,
    reading: ReadingOption = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Write the dataset as RDF.

    The bytes are the same for the same data, on every run.

    \b
    cosigraph export --format trig --output dataset.trig
    cosigraph export --format turtle --graph ontology
    """  # noqa: D301 - click reads \b as a character
    opened = open_project(project, reading=reading)
    content = exported(opened.dataset, opened.prefixes, format, graph=graph, reading=reading)
    write(content, output)
