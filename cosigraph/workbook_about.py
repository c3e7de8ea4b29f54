# SPDX-License-Identifier: Apache-2.0
"""What the second sheet of a workbook says: what was asked, of which data, on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cosigraph
from cosigraph.canned import CannedQuery
from cosigraph.parameters import Parameter
from cosigraph.project import Project
from cosigraph.spreadsheet_values import text
from cosigraph.terms import to_python

Facts = Iterator[tuple[str, str]]


def about_canned(
    project: Project,
    query: CannedQuery,
    given: Mapping[str, object],
    *,
    reading: str | None = None,
    address: str = "",
) -> Facts:
    """Yield what a workbook says of the answer to a canned query, as names and texts.

    Args:
        project: where it was asked.
        query: the query.
        given: the values of its parameters as they were given, by public name or keyword.
        reading: the alternative reading that was asked.
        address: where the answer can be had again.
    """
    yield "Title", query.summary
    if query.description:
        yield "Description", query.description.strip()
    yield "Query", query.name
    values = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
    for parameter in query.parameters.values():
        yield f"Parameter {parameter.name}", _told(parameter, values.get(parameter.name))
    for column in query.columns:
        if column.description:
            yield f"Column {column.name}", column.description
    yield from _about_data(project, reading, address)


def about_query(
    project: Project,
    written: str,
    *,
    reading: str | None = None,
    graphs: Sequence[str] = (),
    address: str = "",
) -> Facts:
    """Yield what a workbook says of the answer to a SPARQL query, as names and texts.

    Args:
        project: where it was asked.
        written: the query's text.
        reading: the alternative reading that was asked.
        graphs: the graphs that were asked, where the client named some.
        address: where it was asked.
    """
    yield "Title", "Answer to a SPARQL query"
    yield "Query", written
    for graph in graphs:
        yield "Graph", graph
    yield from _about_data(project, reading, address)


def _about_data(project: Project, reading: str | None, address: str) -> Facts:
    yield "Project", project.configuration.title
    yield "Version of the data", project.version
    yield "Reading", reading or "settled"
    if address:
        yield "Address", address
    yield "Made by", f"cosigraph {cosigraph.__version__}"
    for sentence in project.configuration.notice:
        yield "Notice", sentence
    yield from project.notices


def _told(parameter: Parameter, value: object) -> str:
    """What a parameter was, by its default where it was not given."""
    values = value if isinstance(value, (list, tuple, set)) else [value]
    if value is not None and values:
        return ", ".join(map(str, values))
    if parameter.default:
        return f"{text(tuple(map(to_python, parameter.default)), ', ')} (not given)"
    return "all (not given)"
