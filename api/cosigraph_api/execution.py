# SPDX-License-Identifier: Apache-2.0
"""Running one query for a client: admitted in its turn, counted, and over when its time is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from types import TracebackType
from typing import Self, cast

from cosigraph.errors import CosigraphError, QueryNotStarted
from cosigraph.store import Query, Snapshot
from cosigraph.workers import Account, WorkerPool

from .admission import Admission
from .cache import CachedAnswers
from .record import CURRENT, Record

_SHORTEST = 0.001  # seconds
ANSWERED, LEFT = "answered", "left"


class Execution:
    """A query that runs within the context, and is stopped at its end if it still does.

    Args:
        query: what to run
        workers: what runs it
        admission: says when
        answers: those that are known; such a one takes no turn
        setup: the data to answer from, the workers' own unless given
        seconds: how long it may wait and run altogether; unless given, the workers' time for each

    Attributes:
        pieces: the answer
        account: what is known of the answer
    """

    def __init__(  # noqa: PLR0913 - the last two are named by the caller
        self,
        query: Query,
        workers: WorkerPool,
        admission: Admission,
        answers: CachedAnswers,
        *,
        setup: Snapshot | None = None,
        seconds: float | None = None,
    ) -> None:
        self.account = Account()
        self.pieces: AsyncIterator[bytes]
        self._query = query
        self._workers = workers
        self._admission = admission
        self._answers = answers
        self._setup = setup
        self._seconds = seconds
        self._record = CURRENT.get() or Record("", "", "", "")
        self._overdue: asyncio.TimerHandle | None = None
        self._is_admitted = False
        self._begun = 0.0
        self._turn = 0.0  # seconds that it waited for its turn, but not for a process

    async def __aenter__(self) -> Self:
        """Wait for the query's turn; raises QueryNotStarted if that does not come."""
        record = self._record
        timeout = self._workers.timeout if self._seconds is None else self._seconds
        key = self._answers.key(self._query)
        kept = None if key is None else self._answers.cache.get(key)
        came = self._begun = time.perf_counter()
        if kept is not None:
            record.query, self.account.is_cut = self._query.text, kept.is_cut
            self.pieces = kept.pieces()
            return self
        record.query, record.outcome = self._query.text, QueryNotStarted.slug
        await self._admission.enter(record.client, timeout)
        self._is_admitted = True
        self._begun = time.perf_counter()
        record.wait = self._turn = self._begun - came
        if self._seconds is not None:
            timeout = max(self._seconds - record.wait, _SHORTEST)
        if timeout is not None:  # a reader that stands still keeps no place after that
            self._overdue = asyncio.get_running_loop().call_later(timeout, self._leave)
        self.pieces = self._workers.execute(self._query, timeout, self.account, setup=self._setup)
        if key is not None:
            self.pieces = self._answers.keeping(key, self.pieces, self.account)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the query if it still runs, and give its place back."""
        try:
            await cast(AsyncGenerator[bytes], self.pieces).aclose()
        finally:
            if self._overdue is not None:
                self._overdue.cancel()
            self._leave()
            self.begun()
            self._record.outcome = _outcome(error)

    async def whole(self) -> AsyncIterator[bytes]:
        """The answer, piece by piece, in a context of its own, which ends with the last piece."""
        async with self:
            async for piece in self.pieces:
                yield piece

    def begun(self) -> None:
        """Note what is known when the first of the answer is there, and again at its end."""
        record, waited = self._record, self.account.waited
        record.wait = self._turn + waited
        record.run = time.perf_counter() - self._begun - waited
        record.is_cut = self.account.is_cut

    def _leave(self) -> None:
        if self._is_admitted:
            self._is_admitted = False
            self._admission.leave(self._record.client)


def _outcome(error: BaseException | None) -> str:
    """What became of a query, in a word: an error's slug if it failed."""
    if error is None:
        return ANSWERED
    return error.slug if isinstance(error, CosigraphError) else LEFT
