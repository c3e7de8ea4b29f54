# SPDX-License-Identifier: Apache-2.0
"""``cosigraph run``: a canned query, each of whose parameters is an option.

The options depend on the project and the query, so the command for a query is made from its front
matter when it is called.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cosigraph.canned import CannedQuery
from cosigraph.command_line.explaining import ExplainOption, tell_of_emptiness
from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption, ProjectOption, ReadingOption, ReceiptOption
from cosigraph.command_line.output import write, write_table
from cosigraph.command_line.querying import cell
from cosigraph.command_line.workbooks import write_sheet
from cosigraph.errors import UnknownParameterError, UnknownQueryError, UsageError
from cosigraph.formats import ResultFormat
from cosigraph.parameters import Parameter
from cosigraph.project import Project, open_project
from cosigraph.running import bound_text
from cosigraph.suggestions import suggestion_sentence
from cosigraph.table import Cell, Column, Table
from cosigraph.terms import IRI, Prefixes
from cosigraph.workbook import Sheet
from cosigraph.workbook_about import about_canned

_LISTED_CHOICES = 8


class TableFormat(StrEnum):
    """How the answer of a canned query is written; ``table`` is for people."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    XLSX = "xlsx"


def run(
    context: typer.Context,
    project: ProjectOption = None,
    help: Annotated[  # noqa: A002 - the option's name
        bool, typer.Option("--help", help="Show this message, or after NAME the query's options.")
    ] = False,
) -> None:
    """Answer a canned query.

    Write the query's name first, then a value for each parameter you want to set:
    an identifier, a CURIE, a code or a label. `cosigraph queries` lists the queries,
    `cosigraph run NAME --help` shows the options of one.

    \b
    cosigraph run goals --priority A
    cosigraph run goals --priority A --format csv --output goals.csv
    """  # noqa: D301 - click reads \b as a character
    arguments = list(context.args)
    if not arguments:
        if help:
            typer.echo(context.get_help())
            return
        raise UsageError(
            "The name of a query is missing.", advice="List them with 'cosigraph queries'."
        )
    # The reading is asked for again by the query's own command, which knows its options.
    opened = open_project(project)
    name = _take_name(opened, arguments)
    chosen = opened.queries[name]
    if help:
        arguments.append("--help")
    _check_options(chosen, arguments)
    command = typer.main.get_command(_application(chosen, opened, describe=help))
    code = command.main(
        args=arguments, prog_name=f"{context.command_path} {name}", standalone_mode=False
    )
    if code:
        raise typer.Exit(code)


def _take_name(project: Project, arguments: list[str]) -> str:
    """Take the query's name out of the arguments: the first, or the first that is a name."""
    candidates = [argument for argument in arguments if not argument.startswith("-")]
    name = next((word for word in candidates if word in project.queries), None)
    if name is None:
        raise unknown_query(candidates[0] if candidates else "", project)
    arguments.remove(name)
    return name


def unknown_query(name: str, project: Project) -> UsageError:
    """Return the error for a name that no canned query has."""
    if not name:
        return UsageError(
            "The name of a query is missing.", advice="List them with 'cosigraph queries'."
        )
    return UnknownQueryError(
        f"There is no query '{name}'.", advice=suggestion_sentence(name, project.queries)
    )


_COMMON = ("format", "long", "reading", "explain-empty", "receipt", "output", "project", "help")


def _check_options(query: CannedQuery, arguments: Sequence[str]) -> None:
    """Refuse an option that is no parameter; raises UnknownParameterError."""
    known = [*query.parameters, *_COMMON]
    for argument in arguments:
        name = argument.removeprefix("--").partition("=")[0]
        if argument.startswith("--") and name and name not in known:
            raise UnknownParameterError(
                f"The query '{query.name}' has no parameter '{name}'.",
                advice=suggestion_sentence(name, known),
            )


def _application(query: CannedQuery, project: Project, *, describe: bool) -> typer.Typer:
    """Return the command for one query; ``describe``: with the choices of its parameters."""
    keywords = {parameter.keyword: name for name, parameter in query.parameters.items()}

    def answer(  # noqa: PLR0913, PLR0917 - the options that every query has
        format: TableFormat,  # noqa: A002 - the option's name
        long: bool,
        reading: str | None,
        explain_empty: bool,
        output: Path | None,
        receipt: Path | None,
        **given: Any,
    ) -> None:
        given.pop("project")
        opened = open_project(project.folder, reading=reading) if reading else project
        values = {name.removeprefix("p_"): _value(value) for name, value in given.items()}

        def write_answer() -> None:
            table = opened.run(query.name, **values)
            table = table.ungrouped() if long else table
            if format is TableFormat.XLSX:
                about = about_canned(opened, query, values, reading=opened.reading)
                rows = Sheet(table.columns, lambda: table.rows, opened.resolver.labels)
                write_sheet(rows, about, output)
            else:
                _write(table, format, opened.prefixes, output)
            if receipt is not None:
                from cosigraph.receipts import receipt_of  # noqa: PLC0415 - few ask for one

                asked = bound_text(query, values, opened.resolver)
                names = {parameter: values.get(keyword) for keyword, parameter in keywords.items()}
                made = receipt_of(opened, asked, name=query.name, parameters=names)
                write(made.to_json(), receipt)
            if not table.long_rows and not query.services:
                text = bound_text(query, values, opened.resolver)
                tell_of_emptiness(opened, text, explained=explain_empty)

        interruptible(write_answer)

    annotations: dict[str, tuple[Any, Any]] = {
        f"p_{parameter.keyword}": (_option(parameter, project, describe=describe), None)
        for parameter in query.parameters.values()
    }
    annotations["format"] = (
        Annotated[TableFormat, typer.Option(help="table, for people, or a format for programs.")],
        TableFormat.TABLE,
    )
    annotations["long"] = (
        Annotated[bool, typer.Option("--long", help="One value in each cell, a row for each.")],
        False,
    )
    annotations["reading"] = (ReadingOption, None)
    annotations["explain_empty"] = (ExplainOption, False)
    annotations["receipt"] = (ReceiptOption, None)
    annotations["output"] = (OutputOption, None)
    annotations["project"] = (ProjectOption, None)
    answer.__annotations__ = {name: kind for name, (kind, _) in annotations.items()}
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
            )
            for name, (kind, default) in annotations.items()
        ]
    )
    answer.__doc__ = "\n\n".join(part for part in (f"{query.summary}.", query.description) if part)
    application = typer.Typer(add_completion=False, rich_markup_mode=None)
    application.command()(answer)
    return application


def _option(parameter: Parameter, project: Project, *, describe: bool) -> Any:
    return Annotated[
        list[str] | None,
        typer.Option(
            f"--{parameter.name}",
            metavar=parameter.type.upper(),
            help=parameter_help(parameter, project) if describe else None,
        ),
    ]


def parameter_help(parameter: Parameter, project: Project) -> str:
    """Return what a parameter is for, what it takes, and what it is without being given."""
    described = parameter.description.strip().rstrip(".")
    parts = [f"{described}." if described else "", *parameter_facts(parameter, project)]
    return " ".join(part for part in parts if part)


def parameter_facts(parameter: Parameter, project: Project) -> list[str]:
    """Return sentences on a parameter: how often, choices, default."""
    facts = []
    if parameter.many:
        facts.append("May be given several times.")
    choices = project.resolver.choices(parameter)
    if choices:
        names = [choice.code or choice.label or choice.value for choice in choices]
        more = len(names) - _LISTED_CHOICES
        listed = ", ".join(names[:_LISTED_CHOICES])
        facts.append(f"One of: {listed}{f' and {more} more' if more > 0 else ''}.")
    if parameter.required:
        facts.append("Required.")
    elif parameter.default:
        defaults = (cell(term, project.prefixes) for term in parameter.default)
        facts.append(f"Default: {', '.join(defaults)}.")
    else:
        facts.append("Without it: all.")
    return facts


def _value(given: list[str] | None) -> str | list[str] | None:
    """Return one value as it is, so that errors speak of one."""
    if not given:
        return None
    return given[0] if len(given) == 1 else given


def _write(
    table: Table,
    format: TableFormat,  # noqa: A002
    prefixes: Prefixes,
    output: Path | None,
) -> None:
    if format is TableFormat.TABLE:
        write_table(table.column_names, _cells(table, prefixes), output)
    else:
        content = table.serialise(ResultFormat.from_name(format.value))
        write(content if content.endswith(b"\n") else content + b"\n", output)


def _cells(table: Table, prefixes: Prefixes) -> list[list[str]]:
    """Return the cells as the CSV has them, but with shortened identifiers."""

    def shown(value: Cell, column: Column, text: str) -> str:
        if isinstance(value, IRI):
            return prefixes.shorten(value)
        if isinstance(value, tuple) and all(isinstance(each, IRI) for each in value):
            return column.separator.join(prefixes.shorten(str(each)) for each in value)
        return text

    return [
        [shown(*each) for each in zip(row, table.columns, texts, strict=True)]
        for row, texts in zip(table.rows, table.texts(), strict=True)
    ]
