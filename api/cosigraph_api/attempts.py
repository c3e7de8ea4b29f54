# SPDX-License-Identifier: Apache-2.0
"""The beginning of a query's execution by callbacks, which costs a tenth of a task's.

An attempt takes its turn and a process like any execution. Where the answer comes whole and small,
it is there with that; else an :class:`~cosigraph_api.execution.Execution` goes on from here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from cosigraph.errors import QueryNotStarted
from cosigraph.runs import Run
from cosigraph.store import Query
from cosigraph.workers import WorkerPool

from .admission import Admission
from .editions import Edition
from .record import Record

LEFT = "left"
"""The outcome of a query whose client did not wait for its end."""

_PATIENCE = 0.02  # seconds that a query without a client may take to end, rather than its process


class Attempt:
    """One query that has begun.

    Args:
        query: what runs
        record: the request that it runs for
        edition: the version of the data that answers
        workers: what runs it
        admission: says when
        done: is called when it ends: with the answer and whether it is cut off, or with None, and
            then an execution is to go on, as there is more to it
        most: how many bytes an answer may have, or there is more to it

    Attributes:
        query: as given
        record: as given
        edition: as given
        error: why it did not begin
        is_admitted: whether it holds a place
        run: what has begun on a process
        came: when it came, by ``time.perf_counter``
        begun: when its turn came, the same
    """

    __slots__ = (
        "_admission", "_done", "_is_over", "_most", "_timer", "_turn", "_workers", "begun", "came",
        "edition", "error", "is_admitted", "query", "record", "run",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - all of a query
        self,
        query: Query,
        record: Record,
        edition: Edition,
        workers: WorkerPool,
        admission: Admission,
        done: Callable[[tuple[bytes, bool] | None], None],
        most: int | None = None,
    ) -> None:
        self.query = query
        self.record = record
        self.edition = edition
        self.error: QueryNotStarted | None = None
        self.is_admitted = False
        self.run: Run | None = None
        self.came = self.begun = time.perf_counter()
        self._workers = workers
        self._admission = admission
        self._done = done
        self._most = most
        self._turn: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    def start(self) -> None:
        """Begin to wait for the turn; ``done`` may be called before this ends."""
        try:
            self._turn = self._admission.turn(self.record.client)
        except QueryNotStarted as error:
            self._fail(error)
            return
        if self._turn is None:
            self._begin()
            return
        self._turn.add_done_callback(self._turn_came)
        if self._workers.timeout is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._workers.timeout, self._turn_came_not)

    def _turn_came(self, turn: asyncio.Future[None]) -> None:
        error = turn.exception()  # looked at even if nobody is told of it
        if self._is_over:
            return
        self._stop_waiting()
        if isinstance(error, QueryNotStarted):
            self._fail(error)
        else:
            self._begin()

    def _turn_came_not(self) -> None:
        turn = self._stop_waiting()
        if turn is not None:
            self._fail(self._admission.too_late(self.record.client, turn))

    def _stop_waiting(self) -> asyncio.Future[None] | None:
        if self._timer is not None:
            self._timer.cancel()
        turn, self._turn, self._timer = self._turn, None, None
        return turn

    def _fail(self, error: QueryNotStarted) -> None:
        self.error = error
        self.hand_over()

    def _begin(self) -> None:
        self.is_admitted = True
        self.begun = time.perf_counter()
        self.run = self._workers.begin(self.query, self.edition.setup)
        if self.run is None:
            self.hand_over()
        else:
            self.run.listen(self._arrived)

    def _arrived(self) -> None:
        assert self.run is not None  # noqa: S101 - it is what calls
        if self.run.is_pending:
            return
        answer = self.run.whole(self._most)
        if answer is None:
            if not self._is_over:
                self.hand_over()
            return
        self._leave()
        if not self._is_over:
            self._is_over = True
            self._done(answer)

    def hand_over(self) -> None:
        """Let an execution go on from here; one that waits for its turn begins anew."""
        turn = self._stop_waiting()
        if turn is not None:
            self._admission.withdraw(self.record.client, turn)
        self._is_over = True
        if self.run is not None:
            self.run.process.listener = None
        self._done(None)

    def abandon(self) -> None:
        """Nobody waits for the answer any longer: end, and note that in the record."""
        if self._is_over:
            return
        self._is_over = True
        self.record.outcome = LEFT if self.is_admitted else QueryNotStarted.slug
        turn = self._stop_waiting()
        if turn is not None:
            self._admission.withdraw(self.record.client, turn)
        elif self.run is not None:
            asyncio.get_running_loop().call_later(_PATIENCE, self.close)

    def close(self) -> None:
        """Stop the query if it still runs, and give its place back."""
        if self.run is not None:
            self.run.end()
        self._leave()

    def _leave(self) -> None:
        if self.is_admitted:
            self.is_admitted = False
            self._admission.leave(self.record.client)
