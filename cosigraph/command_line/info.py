# SPDX-License-Identifier: Apache-2.0
"""``cosigraph info``: versions, licences and counts."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption, ReadingOption
from cosigraph.command_line.output import write, write_table
from cosigraph.information import Information, information
from cosigraph.project import open_project


class InformationFormat(StrEnum):
    """How the information is written."""

    TABLE = "table"
    JSON = "json"


def info(
    format: Annotated[  # noqa: A002 - the option's name
        InformationFormat, typer.Option(help="table, for people; json, for programs.")
    ] = InformationFormat.TABLE,
    reading: ReadingOption = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Show what the project is and holds.

    Versions, licences, the digest of the data, and counts for each graph and class.
    """
    found = information(open_project(project, reading=reading))
    if format is InformationFormat.JSON:
        write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write_table(("what", "name", "value"), _rows(found), output)


def _rows(found: Information) -> list[tuple[str, str, str]]:
    return [
        ("project", found.name, found.title),
        ("folder", "", found.folder),
        ("version", "", found.version),
        ("digest", "", found.digest),
        *(("licence", "", licence) for licence in found.licences),
        ("queries", "", str(found.queries)),
        *(("software", name, version) for name, version in found.software.items()),
        *(("triples in graph", graph.name, str(graph.triples)) for graph in found.graphs),
        ("triples in union", "", str(found.triples)),
        *(("instances of", one.name, str(one.instances)) for one in found.classes),
    ]
