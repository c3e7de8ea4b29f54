# SPDX-License-Identifier: Apache-2.0
"""``cosigraph info``: versions, licences and counts."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from cosigraph.command_line.options import OutputOption, ProjectOption, ReadingOption
from cosigraph.command_line.output import write, write_table
from cosigraph.command_line.store_difference import StoreOption, difference_from
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
    store: StoreOption = None,
    project: ProjectOption = None,
) -> None:
    """Show what the project is and holds.

    Versions, licences, the digest of the data, and counts for each graph and class.
    """
    opened = open_project(project, reading=reading)
    found = information(opened)
    told = None if store is None else difference_from(opened, store)
    if format is InformationFormat.JSON:
        members = found.to_dict() if told is None else {**found.to_dict(), "store": told}
        write(json.dumps(members, ensure_ascii=False, indent=2) + "\n", output)
    else:
        rows = [*_rows(found), *([] if told is None else [("store", "", told)])]
        write_table(("what", "name", "value"), rows, output)


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
