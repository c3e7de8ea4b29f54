# SPDX-License-Identifier: Apache-2.0
"""Answers as workbooks (.xlsx): made in a thread, one at a time, and sent once they are complete.

A workbook lies in a temporary file, as does the answer that it is made from, so that a large one
takes no memory. Making one costs the server more than the query does, so it has a limit of rows of
its own, and the limit of time for itself.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from typing import IO

import pyoxigraph
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.errors import QueryTimeout
from cosigraph.limits import Limits
from cosigraph.names import NameResolver
from cosigraph.store import PIECE, answer_too_large
from cosigraph.table import Cell, Column, Table
from cosigraph.terms import to_python
from cosigraph.workbook import MEDIA_TYPE, Sheet, write_workbook

from .admission import Admission
from .record import CURRENT
from .streaming import PiecesResponse

MOST_ROWS = 100_000
"""How many rows of a SPARQL answer a workbook has; making so many takes seconds."""

_AT_ONCE = 1  # workbooks; more would keep everybody else waiting for the interpreter
_IN_MEMORY = 1024 * 1024  # bytes from which on a file lies on the disk


class _NotWantedError(Exception):
    """Nobody waits for the workbook any more."""


class Workbooks:
    """Makes the workbooks of a service.

    Args:
        limits: what clients may ask
        resolver: knows what things are called in a reading
    """

    def __init__(self, limits: Limits, resolver: Callable[[str | None], NameResolver]) -> None:
        self._limits = limits
        self._resolver = resolver
        self._admission = Admission(_AT_ONCE, limits.queue, _AT_ONCE)

    def rows(self) -> int:
        """How many rows of a SPARQL answer a workbook has."""
        return min(MOST_ROWS, self._limits.rows or MOST_ROWS)

    async def of_table(
        self, table: Table, reading: str | None, about: Iterable[tuple[str, str]], name: str
    ) -> WorkbookResponse:
        """The answer of a canned query.

        Raises:
            QueryNotStarted, QueryTimeout, AnswerTooLarge: as the limits are
        """

        def sheet() -> Sheet:
            return Sheet(table.columns, lambda: table.rows, self._resolver(reading).labels)

        return await self._made(sheet, about, name)

    async def of_pieces(
        self,
        pieces: AsyncIterator[bytes],
        is_cut: Callable[[], bool],
        reading: str | None,
        about: Iterable[tuple[str, str]],
    ) -> WorkbookResponse:
        """The answer of SELECT or ASK that comes as SPARQL results TSV.

        Args:
            pieces: the TSV
            is_cut: whether it ends at its limit of rows; asked after the last piece
            reading: the alternative reading that is asked
            about: what the workbook says of itself

        Raises:
            QueryNotStarted, QueryTimeout, AnswerTooLarge: as the limits are
            QueryError, QueryStopped: as the pieces do
        """
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as rows:
            async for piece in pieces:
                rows.write(piece)

            def sheet() -> Sheet:
                names = [Column(name) for name in _names(rows)]
                labels = self._resolver(reading).labels
                return Sheet(names, lambda: _rows(rows), labels, is_cut=is_cut())

            return await self._made(sheet, about, "answer")

    async def _made(
        self, sheet: Callable[[], Sheet], about: Iterable[tuple[str, str]], name: str
    ) -> WorkbookResponse:
        record = CURRENT.get()
        client = record.client if record is not None else ""
        await self._admission.enter(client, self._limits.time)
        watch = _Watch(self._limits.time)
        with contextlib.ExitStack() as at_end:
            at_end.callback(self._admission.leave, client)
            at_end.callback(watch.stop)
            output: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - below
            with contextlib.ExitStack() as if_it_fails:
                if_it_fails.callback(output.close)
                make = partial(_make, output, sheet, about, watch)
                is_cut = await to_thread.run_sync(make, abandon_on_cancel=True)
                size = output.seek(0, 2)
                if self._limits.size is not None and size > self._limits.size:
                    raise answer_too_large(self._limits.size)
                if_it_fails.pop_all()
        return WorkbookResponse(output, size, name, is_cut=is_cut)


class WorkbookResponse(Response):
    """A response with a workbook, which it lets go of once it is sent."""

    def __init__(self, file: IO[bytes], size: int, name: str, *, is_cut: bool) -> None:
        fields = {
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(size),
            "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        }
        super().__init__(headers={**fields, "Cosigraph-Truncated": "true"} if is_cut else fields)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        with self._file:
            self._file.seek(0)
            first = self._file.read(PIECE)
            await PiecesResponse(first, self._rest(), dict(self.headers))(scope, receive, send)

    async def _rest(self) -> AsyncIterator[bytes]:
        while piece := self._file.read(PIECE):
            yield piece


class _Watch:
    """Tells the thread that makes a workbook when to stop."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._stopped = threading.Event()
        self._end: float | None = None

    def begin(self) -> None:
        """Count the time from now on."""
        self._end = None if self._seconds is None else time.monotonic() + self._seconds

    def stop(self) -> None:
        """Let the workbook be; nobody waits for it any more."""
        self._stopped.set()

    def go_on(self) -> None:
        """Raise QueryTimeout when the time is over, and _NotWantedError after ``stop``."""
        if self._stopped.is_set():
            raise _NotWantedError
        if self._end is not None and time.monotonic() > self._end:
            raise QueryTimeout(
                f"The workbook was not complete after {self._seconds:g} s.",
                advice="Ask for fewer rows or columns, or for CSV.",
            )


def _make(
    output: IO[bytes], sheet: Callable[[], Sheet], about: Iterable[tuple[str, str]], watch: _Watch
) -> bool:
    watch.begin()
    return write_workbook(output, sheet(), about, watch.go_on)


def _solutions(rows: IO[bytes]) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean:
    rows.seek(0)
    return pyoxigraph.parse_query_results(rows, pyoxigraph.QueryResultsFormat.TSV)


def _names(rows: IO[bytes]) -> list[str]:
    """The names of the columns; an ASK has one."""
    solutions = _solutions(rows)
    if isinstance(solutions, pyoxigraph.QueryBoolean):
        return ["answer"]
    return [variable.value for variable in solutions.variables]


def _rows(rows: IO[bytes]) -> Iterator[list[Cell]]:
    solutions = _solutions(rows)
    if isinstance(solutions, pyoxigraph.QueryBoolean):
        yield [bool(solutions)]
        return
    for solution in solutions:
        yield [None if term is None else to_python(term) for term in solution]
