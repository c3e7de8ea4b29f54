# SPDX-License-Identifier: Apache-2.0
"""The process that makes a workbook for a server, which it would keep busy for seconds.

It reads its ``Job`` as JSON from standard input and the rows, as SPARQL results TSV, from another
open file; it writes the workbook to standard output, a file, and to the standard error, as one
line of JSON, whether the answer was cut off, or what went wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import pyoxigraph

from cosigraph.job_process import command_of, finish, last_word, limit
from cosigraph.table import Cell, Column, Table
from cosigraph.terms import Term, to_python
from cosigraph.workbook import Sheet, write_workbook


@dataclass(frozen=True, slots=True)
class Job:
    """What to make.

    Attributes:
        rows: the number of the open file with the rows
        about: what the sheet ``About`` says, as names and texts
        labels: what things are called, by IRI
        columns: what the columns are, where it is not for the rows to say
        is_cut: whether there are more rows than these
        time: seconds of the processor's time that it may take, or None
        memory: bytes that it may need, or None
    """

    rows: int
    about: Sequence[tuple[str, str]]
    labels: Mapping[str, str]
    columns: Sequence[Column] | None = None
    is_cut: bool = False
    time: float | None = None
    memory: int | None = None


def command() -> list[str]:
    """The command that starts the process."""
    return command_of("cosigraph.workbook_process")


def outcome(code: int, told: bytes) -> bool:
    """Read what the process told at its end: whether the answer was cut off.

    Raises:
        CosigraphError: as ``cosigraph.job_process.last_word``
    """
    return bool(json.loads(last_word(code, told, "The workbook")))


def main() -> int:
    """Make one workbook; return the process's exit code."""
    fields: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    columns = fields.pop("columns")
    job = Job(**fields, columns=columns and [Column(**column) for column in columns])
    limit(job.time, job.memory)
    return finish(lambda: _made(job))


def _made(job: Job) -> bool:
    with open(job.rows, "rb") as rows, open(1, "wb", closefd=False) as output:  # noqa: PTH123
        return write_workbook(output, _sheet(job, rows), job.about)


def _sheet(job: Job, file: IO[bytes]) -> Sheet:
    solutions = _solutions(file)
    if isinstance(solutions, pyoxigraph.QueryBoolean):
        answer = bool(solutions)
        return Sheet([Column("answer")], lambda: [[answer]])
    columns = job.columns or [Column(variable.value) for variable in solutions.variables]

    def terms() -> Iterator[tuple[Term | None, ...]]:
        found = _solutions(file)
        assert isinstance(found, pyoxigraph.QuerySolutions)  # noqa: S101 - as it was before
        return (tuple(solution) for solution in found)

    def rows() -> Iterable[Iterable[Cell]]:
        return ([None if term is None else to_python(term) for term in row] for row in terms())

    if any(column.many for column in columns):
        table = Table(columns, terms())
        return Sheet(columns, lambda: table.rows, job.labels, job.is_cut)
    return Sheet(columns, rows, job.labels, job.is_cut)


def _solutions(file: IO[bytes]) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean:
    file.seek(0)
    return pyoxigraph.parse_query_results(file, pyoxigraph.QueryResultsFormat.TSV)
