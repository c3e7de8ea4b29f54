# SPDX-License-Identifier: Apache-2.0
"""``cosigraph query``: SPARQL from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cosigraph.answers import Answer, prepare
from cosigraph.command_line.explaining import ExplainOption, tell_of_emptiness
from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import (
    OutputOption,
    ProjectOption,
    ReadingOption,
    ReceiptOption,
)
from cosigraph.command_line.output import write, write_table
from cosigraph.command_line.workbooks import write_sheet
from cosigraph.emptiness import is_empty
from cosigraph.errors import Position, QueryError, UsageError
from cosigraph.federation import FederatedPool
from cosigraph.formats import ResultFormat
from cosigraph.project import Project, open_project
from cosigraph.table import Cell, Column
from cosigraph.terms import IRI, Prefixes, Term, to_python
from cosigraph.turtle import write_turtle
from cosigraph.workbook import Sheet
from cosigraph.workbook_about import about_query
from cosigraph.workers import BlockingStore, WorkerPool


class AnswerFormat(StrEnum):
    """How an answer is written; ``table`` is for people."""

    TABLE = "table"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    TRIG = "trig"
    NQUADS = "nquads"


def query(  # noqa: PLR0913, PLR0917 - one for each option
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT|FILE|-",
            help="The query, or a file that holds it, or - for standard input.",
        ),
    ],
    format: Annotated[  # noqa: A002 - the option's name
        AnswerFormat,
        typer.Option(
            help="table, for people; json, xml, csv, tsv or xlsx for SELECT and ASK; turtle, "
            "ntriples, jsonld, rdfxml, trig or nquads for CONSTRUCT and DESCRIBE."
        ),
    ] = AnswerFormat.TABLE,
    reading: ReadingOption = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Stop the query after so many seconds."),
    ] = None,
    allow_service: Annotated[
        list[str] | None,
        typer.Option(metavar="IRI", help="Let the query ask this endpoint; may be repeated."),
    ] = None,
    explain_empty: ExplainOption = False,
    receipt: ReceiptOption = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Answer a SPARQL 1.1 query.

    The project's prefixes are known without PREFIX. The default graph is the union of all graphs
    but alternative readings; GRAPH reaches each graph by its name. Updates, graphs that
    are not in the project, and SERVICE with an endpoint that is not allowed are refused.

    \b
    cosigraph query 'SELECT ?class (COUNT(*) AS ?n) { ?s a ?class } GROUP BY ?class'
    cosigraph query question.rq --format csv --output answer.csv
    """  # noqa: D301 - click reads \b as a character
    if timeout is not None and not timeout > 0:
        raise UsageError("The option --timeout takes a number of seconds greater than 0.")
    source, question = _question(text)
    opened = open_project(project, reading=reading)
    services = (*opened.configuration.services, *(allow_service or ()))
    try:
        interruptible(
            lambda: _answer(
                opened,
                question,
                format,
                timeout,
                output,
                services,
                explained=explain_empty,
                receipt=receipt,
            )
        )
    except QueryError as error:
        if source is not None and error.position is not None:
            error.position = Position(source, error.position.line, error.position.column)
        raise


def _answer(  # noqa: PLR0913, PLR0917 - the command's options
    project: Project,
    text: str,
    format: AnswerFormat,  # noqa: A002
    timeout: float | None,
    output: Path | None,
    services: tuple[str, ...],
    *,
    explained: bool,
    receipt: Path | None,
) -> None:
    is_workbook = format is AnswerFormat.XLSX
    chosen = None
    if is_workbook:
        chosen = ResultFormat.JSON  # which the rows are read from; a graph has none
    elif format is not AnswerFormat.TABLE:
        chosen = ResultFormat.from_name(format.value)
    prepared = prepare(
        text, project.surroundings, format=chosen, reading=project.reading, services=services
    )
    # In a process of its own, which can be killed, can open nothing, and may crash alone.
    snapshot = project.dataset.snapshot()
    pool = (
        FederatedPool(snapshot, services, size=1, timeout=timeout)
        if prepared.services
        else WorkerPool(snapshot, size=1, timeout=timeout)
    )
    store = BlockingStore(pool)
    try:
        answer = Answer(store, prepared)
        if is_workbook:
            about = about_query(project, text, reading=project.reading)
            write_sheet(_sheet(answer, project.resolver.labels), about, output)
            is_nothing = not answer.boolean and not answer.rows()
        else:
            is_nothing = _write(answer, project.prefixes, output, is_table=chosen is None)
        if receipt is not None:
            from cosigraph.receipts import receipt_of  # noqa: PLC0415 - few ask for one

            write(receipt_of(project, text, store).to_json(), receipt)
        if is_nothing:
            tell_of_emptiness(project, text, pool, explained=explained)
    finally:
        store.close()


def _write(answer: Answer, prefixes: Prefixes, output: Path | None, *, is_table: bool) -> bool:
    """Write the answer; tell whether it is empty."""
    if not is_table:
        content = answer.content()
        write(content if content.endswith(b"\n") else content + b"\n", output)
        return is_empty(content, answer.format)
    if answer.format.kind == "graph":
        triples = answer.triples()
        write(write_turtle(triples, prefixes.namespaces), output)
        return not triples
    if answer.boolean is not None:
        write(f"{str(answer.boolean).lower()}\n", output)
        return not answer.boolean
    rows = [[cell(term, prefixes) for term in row] for row in answer.rows()]
    write_table(answer.columns, rows, output)
    return not rows


def _sheet(answer: Answer, labels: Mapping[str, str]) -> Sheet:
    """The answer to SELECT or ASK as the rows of a workbook."""
    if answer.boolean is not None:
        return Sheet([Column("answer")], lambda: [[answer.boolean]])

    def rows() -> Iterator[list[Cell]]:
        for row in answer.rows():
            yield [None if term is None else to_python(term) for term in row]

    return Sheet([Column(name) for name in answer.columns], rows, labels)


def cell(term: Term | None, prefixes: Prefixes) -> str:
    """Return a term for people: identifiers shortened, literals without syntax."""
    if term is None:
        return ""
    value = to_python(term)
    return prefixes.shorten(value) if isinstance(value, IRI) else getattr(term, "value", str(term))


def _question(text: str) -> tuple[str | None, str]:
    """Return the query's text and the file it is from, if it is from one."""
    if text == "-":
        return None, sys.stdin.read()
    if _is_file(text):
        try:
            return text, Path(text).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UsageError(f"The file '{text}' cannot be read: {reason}.") from error
    if not any(map(str.isspace, text)) and text.endswith((".rq", ".sparql")):
        raise UsageError(f"There is no file '{text}'.")
    return None, text


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a path, or no path at all
        return False
