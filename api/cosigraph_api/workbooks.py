# SPDX-License-Identifier: Apache-2.0
"""Answers as workbooks (.xlsx): made in a process, one at a time, and sent once they are complete.

A workbook lies in a temporary file, as does the answer that it is made from, so that a large one
takes no memory. Making one takes more of the processor than the query does, so it has a limit of
rows of its own, and the limits of time and memory for itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import IO

from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cosigraph.errors import QueryTimeout
from cosigraph.limits import Limits
from cosigraph.names import NameResolver
from cosigraph.store import PIECE, answer_too_large
from cosigraph.table import Column
from cosigraph.workbook import MEDIA_TYPE
from cosigraph.workbook_process import Job, command, outcome

from .admission import Admission
from .jobs import in_turn, run_job
from .streaming import PiecesResponse

MOST_ROWS = 100_000
"""How many rows of a SPARQL answer a workbook has; making so many takes seconds."""

_AT_ONCE = 1  # workbooks


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

    @property
    def rows(self) -> int:
        """How many rows of a SPARQL answer a workbook has."""
        return min(MOST_ROWS, self._limits.rows or MOST_ROWS)

    async def made(  # noqa: PLR0913 - all are named by the caller
        self,
        pieces: AsyncIterator[bytes],
        *,
        name: str,
        about: Iterable[tuple[str, str]],
        reading: str | None = None,
        columns: Sequence[Column] | None = None,
        is_cut: Callable[[], bool] = lambda: False,
    ) -> WorkbookResponse:
        """The answer to SELECT or ASK as a workbook.

        Args:
            pieces: the answer as SPARQL results TSV
            name: what the file is called
            about: what the workbook says of itself
            reading: the alternative reading that is asked
            columns: what the columns are, where it is not for the answer to say
            is_cut: whether the answer ends at its limit of rows; asked after the last piece

        Raises:
            QueryNotStarted, QueryTimeout, QueryMemory, AnswerTooLarge: as the limits are
            QueryError, QueryStopped: as the pieces do
            WorkerLost: the process that made it ended unexpectedly
        """
        with tempfile.TemporaryFile() as rows:
            async for piece in pieces:
                rows.write(piece)
            rows.seek(0)
            labels = await to_thread.run_sync(lambda: self._resolver(reading).labels)
            job = Job(
                rows=rows.fileno(),
                about=tuple(about),
                labels=labels,
                columns=columns,
                is_cut=is_cut(),
                time=self._limits.time,
                memory=self._limits.memory,
            )
            with contextlib.ExitStack() as if_it_fails:
                output = if_it_fails.enter_context(tempfile.TemporaryFile())
                is_cut_off = await self._in_turn(job, output)
                size = output.seek(0, os.SEEK_END)
                if self._limits.size is not None and size > self._limits.size:
                    raise answer_too_large(self._limits.size)
                if_it_fails.pop_all()
        return WorkbookResponse(output, size, name, is_cut=is_cut_off)

    async def _in_turn(self, job: Job, output: IO[bytes]) -> bool:
        async with in_turn(self._admission, self._limits.time):
            try:
                async with asyncio.timeout(self._limits.time):
                    return await _make(job, output)
            except TimeoutError:
                raise QueryTimeout(
                    f"The workbook was not complete after {self._limits.time:g} s.",
                    advice="Ask for fewer rows or columns, or for CSV.",
                ) from None


async def _make(job: Job, output: IO[bytes]) -> bool:
    with tempfile.TemporaryDirectory(prefix="cosigraph-") as folder:
        surroundings = {"TMPDIR": folder}
        ended = await run_job(command(), job, output, files=[job.rows], environment=surroundings)
    return outcome(*ended)


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
