# SPDX-License-Identifier: Apache-2.0
"""``cosigraph queries``: what can be asked, and how."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from cosigraph.canned import CannedQuery
from cosigraph.command_line.options import ProjectOption
from cosigraph.command_line.output import write, write_table
from cosigraph.command_line.running import parameter_facts, unknown_query
from cosigraph.parameters import Parameter
from cosigraph.project import Project, open_project

_NO_TAG = "other"
_EXAMPLE_VALUES = {
    "iri": "A",
    "integer": "2",
    "decimal": "0.5",
    "date": "2011-10-21",
    "boolean": "true",
}


def queries(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The query to explain.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """List the canned queries, or explain one.

    The list is by topic. An explanation tells parameters, columns and ways to ask the query.
    """
    opened = open_project(project)
    if name is None:
        _list(opened)
    elif name not in opened.queries:
        raise unknown_query(name, opened)
    else:
        write("\n".join(_explanation(opened, opened.queries[name])) + "\n")


def _list(project: Project) -> None:
    by_topic: dict[str, list[CannedQuery]] = {}
    for query in project.queries.values():
        by_topic.setdefault(query.tags[0] if query.tags else _NO_TAG, []).append(query)
    rows = [
        (topic, query.name, _summary(query), ", ".join(query.parameters))
        for topic in sorted(by_topic, key=lambda topic: (topic == _NO_TAG, topic))
        for query in by_topic[topic]
    ]
    write_table(("topic", "name", "summary", "parameters"), rows)
    if sys.stdout.isatty():
        write("Ask one:      cosigraph run NAME\nExplain one:  cosigraph queries NAME\n")


def _summary(query: CannedQuery) -> str:
    return f"{query.summary} (federated)" if query.services else query.summary


def _explanation(project: Project, query: CannedQuery) -> Iterator[str]:
    yield f"{query.name}: {query.summary}"
    for iri in query.services:
        yield f"Federated: asks {iri}"
    if query.description:
        yield ""
        yield query.description.strip()
    yield ""
    yield "Parameters:" if query.parameters else "Parameters: none"
    for parameter in query.parameters.values():
        described = (
            f" {parameter.description.strip().rstrip('.')}." if parameter.description else ""
        )
        yield f"  {parameter.name} ({parameter.type}){described}"
        for fact in parameter_facts(parameter, project):
            yield f"    {fact}"
    yield ""
    yield "Columns:"
    for column in query.columns:
        several = ", several values" if column.many else ""
        described = f" {column.description}" if column.description else ""
        yield f"  {column.name} ({column.datatype}{several}){described}"
    yield ""
    yield "Ask it:"
    yield from (f"  {line}" for line in _ways_to_ask(project, query))


def _ways_to_ask(project: Project, query: CannedQuery) -> Iterator[str]:
    given = _example(project, query)
    options = "".join(f" --{name} {_quoted(value)}" for name, value in given)
    keywords = "".join(f", {name.replace('-', '_')}={value!r}" for name, value in given)
    pairs = "".join(f" --data-urlencode {_quoted(f'{name}={value}')}" for name, value in given)
    yield f"cosigraph run {query.name}{options}"
    yield f"project.run({query.name!r}{keywords})    # from cosigraph import open_project"
    get = " --get" if pairs else ""
    yield f"curl{get}{pairs} http://127.0.0.1:8000/queries/{query.name}.csv"


def _example(project: Project, query: CannedQuery) -> list[tuple[str, str]]:
    """Return values for a call: those of the first example, else one for the first parameter."""
    for example in query.examples.values():
        return [(name, value) for name, values in example.items() for value in values]
    return [
        (parameter.name, _value(project, parameter))
        for index, parameter in enumerate(query.parameters.values())
        if index == 0 or parameter.required
    ]


def _value(project: Project, parameter: Parameter) -> str:
    for choice in project.resolver.choices(parameter):
        return choice.code or choice.label or choice.value
    return _EXAMPLE_VALUES.get(parameter.type, "words")


def _quoted(text: str) -> str:
    return text if text.replace("-", "").replace("=", "").isalnum() else f'"{text}"'
