# SPDX-License-Identifier: Apache-2.0
"""The process that makes a workbook for a server, which it would keep busy for seconds.

It reads its ``Job`` as JSON from standard input and the rows, as SPARQL results TSV, from another
open file; it writes the workbook to standard output, a file, and to the standard error, as one
line of JSON, whether the answer was cut off, or what went wrong.
"""

from __future__ import annotations

import json
import logging
import math
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

import pyoxigraph

from cosigraph import errors
from cosigraph.table import Cell, Column, Table
from cosigraph.terms import Term, to_python
from cosigraph.workbook import Sheet, write_workbook
from cosigraph.worker import decode_error, encode_error, held_memory, too_much_memory

_LOG = logging.getLogger("cosigraph.workbooks")
# What Python, Rust and the system say when there is none.
_OUT_OF_MEMORY = (b"MemoryError", b"memory allocation of", b"Cannot allocate memory")
_PROGRAM = (
    "import os, sys; sys.path[:] = {paths!r}; "
    # At once, as what a destructor has to say would come after the last word.
    "from cosigraph.workbook_process import main; os._exit(main())"
)


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

    def encode(self) -> bytes:
        """The job as JSON."""
        return json.dumps(asdict(self)).encode()


def command() -> list[str]:
    """The command that starts the process."""
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - '' is a path here
    return [sys.executable, "-S", "-E", "-c", _PROGRAM.format(paths=paths)]


def outcome(code: int, told: bytes) -> bool:
    """Read what the process told at its end: whether the answer was cut off.

    Raises:
        CosigraphError: what the process failed with
        QueryMemory: it was given no more memory
        WorkerLost: it ended otherwise before it could tell
    """
    last = told.strip().rpartition(b"\n")[2]
    if code == 0:
        return bool(json.loads(last))
    if code == 1 and last.startswith(b"["):
        raise decode_error(last)
    if any(sign in told for sign in _OUT_OF_MEMORY):
        raise too_much_memory()
    _LOG.error("a process ended: %s", told.decode(errors="replace"))
    raise errors.WorkerLost(
        f"The process that made the workbook ended with {code}.", advice="Ask for less at a time."
    )


def main() -> int:
    """Make one workbook; return the process's exit code."""
    fields: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    columns = fields.pop("columns")
    job = Job(**fields, columns=columns and [Column(**column) for column in columns])
    _limit(job)
    try:
        with open(job.rows, "rb") as rows, open(1, "wb", closefd=False) as output:  # noqa: PTH123
            is_cut = write_workbook(output, _sheet(job, rows), job.about)
    except errors.CosigraphError as error:
        return _tell(1, encode_error(error))
    return _tell(0, json.dumps(is_cut).encode())


def _tell(code: int, word: bytes) -> int:
    sys.stderr.buffer.write(b"\n" + word + b"\n")
    sys.stderr.flush()
    return code


def _limit(job: Job) -> None:
    """Have the system end this process when it takes too much, even if the server has ended."""
    if job.time is not None:
        seconds = math.ceil(job.time) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if job.memory is not None:
        most = held_memory() + job.memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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
