# SPDX-License-Identifier: Apache-2.0
"""Processes that run queries and can be killed without hurting any other query.

Oxigraph has neither a timeout nor a way to cancel: only ending its process stops a sort or an
aggregate. Each worker is a process with the whole dataset (``cosigraph.worker``) that runs one
query at a time; a killed one is replaced in the background. They are copies of one process, whose
data they share (``cosigraph.templates``).
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from cosigraph import worker as child
from cosigraph.changes import Change
from cosigraph.errors import CosigraphError, QueryMemory, QueryNotStarted, QueryTimeout, WorkerLost
from cosigraph.places import Places
from cosigraph.pool_worker import PoolWorker
from cosigraph.store import Query, Snapshot
from cosigraph.templates import Templates

DEFAULT_TIMEOUT = 30.0
"""How long a query may take unless the caller says otherwise, in seconds."""


@dataclass(slots=True)
class Account:
    """What is known of an answer beside its bytes.

    Attributes:
        is_cut: whether it ends at its limit of rows; of a graph that is known with its first
            piece, of a table with its last.
        waited: seconds until a process was free for the query, which may have had to be started.
    """

    is_cut: bool = False
    waited: float = 0.0


class WorkerPool:
    """A number of processes that answer queries from one dataset.

    Processes start with ``start``, or when they are first needed. Use a pool from one event loop
    at a time; ``execute_blocking`` may be called from any thread but that loop's.
    """

    def __init__(  # noqa: PLR0913 - all but the first have a default
        self,
        snapshot: Snapshot,
        *,
        size: int = 2,
        timeout: float | None = DEFAULT_TIMEOUT,
        memory: int | None = None,
        connections: int = 0,
        templates: Templates | None = None,
    ) -> None:
        """Make a pool of ``size`` processes.

        Args:
            snapshot: the data that each process holds.
            size: how many queries can run at the same time.
            timeout: seconds that a query may wait for a free process, and then take, if
                ``execute`` is not told; None for no limit.
            memory: bytes that one query may need beyond the data; None for no limit.
            connections: how many a process may open.
            templates: those of whoever closes them, as other pools with the same data use them;
                its own unless given.
        """
        self.size = size
        self.timeout = timeout
        # How many processes were ended: out of time, of memory, left by their reader, or lost.
        self.kills: Counter[str] = Counter()
        self._memory = memory
        self._connections = connections
        self._setup = snapshot
        self._owns_templates = templates is None
        self.templates = templates or Templates()
        self.templates.use(snapshot)
        # A place is a worker that is free, or None for one that has yet to be started.
        self._places: Places[PoolWorker | None] = Places()
        for _ in range(size):
            self._places.put_nowait(None)
        self._workers: set[PoolWorker] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._is_closed = False

    @property
    def process_ids(self) -> list[int]:
        """The identifiers of the processes that live now."""
        return [worker.process.pid for worker in list(self._workers) if worker.is_alive()]

    @property
    def setup(self) -> Snapshot:
        """The data that are answered from."""
        return self._setup

    def prepare(self, setup: Snapshot) -> None:
        """Load data before they are used, so that no query waits for them; it may be long.

        Raises:
            WorkerLost: they cannot be loaded.
        """
        self.templates.prepare(setup)

    def use(self, setup: Snapshot) -> None:
        """Answer from these data from now on; what runs ends on those that it began with."""
        self._setup = setup
        self.templates.use(setup)
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._renew)

    def _renew(self) -> None:
        """Replace the workers that have nothing to do and hold data of before."""
        for place in [self._places.get_nowait() for _ in range(self._places.qsize())]:
            if place is None or place.setup is self._setup or self._is_closed:
                self._places.put_nowait(place)
            else:  # the memory of the former data becomes free
                self._refill(place)

    async def start(self) -> None:
        """Start every process and wait until all can answer; raises WorkerLost."""
        self._use_loop(asyncio.get_running_loop())
        places = [self._places.get_nowait() for _ in range(self._places.qsize())]
        living = (self._living(place, self._setup) for place in places)
        outcomes = await asyncio.gather(*living, return_exceptions=True)
        for outcome in outcomes:
            self._places.put_nowait(outcome if isinstance(outcome, PoolWorker) else None)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def execute(
        self,
        query: Query | Change,
        timeout: float | None = None,
        account: Account | None = None,
        setup: Snapshot | None = None,
    ) -> AsyncIterator[bytes]:
        """Run ``query`` and yield its answer in pieces of at most 64 KB.

        The first piece comes when it is full or the answer is complete, so that a query that fails
        early raises before anything is yielded. If it fails later the iteration raises: never end
        such an answer as if it were whole. Closing the generator, or cancelling the task that
        reads it, stops the query.

        Args:
            query: what to run; a change is not made, its answer is the dataset as it would be.
            timeout: seconds that it may wait, and then run; the pool's unless given.
            account: is told what is known of the answer.
            setup: the data to answer from; the pool's unless given.

        Raises:
            QueryNotStarted: no process was free in time.
            QueryTimeout: it took too long, and its process has been killed.
            QueryMemory: it needed too much memory, and its process has ended.
            AnswerTooLarge: its answer has more bytes than the query allows.
            WorkerLost: its process ended.
            QueryError: the engine cannot read or run it.
        """
        loop = asyncio.get_running_loop()
        self._use_loop(loop)
        seconds = self.timeout if timeout is None else timeout
        asked = loop.time()
        worker = await self._acquire(seconds, setup or self._setup)
        if account is not None:
            account.waited = loop.time() - asked
        deadline = None if seconds is None else loop.time() + seconds
        # One timer for the whole answer: a reader that stands still holds no place for ever.
        timer = None if deadline is None else loop.call_at(deadline, self._overrun, worker)
        is_done = False
        try:
            await worker.send(child.encode_job(query))
            while not is_done:
                kind, content = await worker.receive()
                is_done = kind not in {child.DATA, child.CUT}
                if kind == child.DATA:
                    yield content
                elif kind == child.CUT and account is not None:
                    account.is_cut = True
                elif kind == child.ERROR:
                    raise child.decode_error(content)
        except (WorkerLost, QueryMemory):
            if worker.is_overdue:
                raise _too_slow(seconds) from None
            raise
        finally:
            if timer is not None:
                timer.cancel()
            self._release(worker, is_reusable=is_done)

    def execute_blocking(
        self, query: Query, timeout: float | None = None, setup: Snapshot | None = None
    ) -> bytes:
        """Run ``query`` and return its whole answer; for callers without an event loop.

        Raises as ``execute``.
        """

        async def collect() -> bytes:
            return b"".join([piece async for piece in self.execute(query, timeout, setup=setup)])

        return asyncio.run_coroutine_threadsafe(collect(), self._running_loop()).result()

    def close(self) -> None:
        """Kill every process; a query that still runs raises WorkerLost."""
        if self._thread is None or self._loop is None:
            self._end_all()
            return
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._thread = None

    async def _finish(self) -> None:
        """End all processes, and let the queries that waited for them raise."""
        self._end_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    def _end_all(self) -> None:
        self._is_closed = True
        for worker in list(self._workers):
            worker.kill()
            if not worker.is_awaited:  # else the task that waits sees the end, and discards it
                self._discard(worker)
        if self._owns_templates:
            self.templates.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop that uses the pool, or start one in a thread of its own."""
        with self._starting:
            if self._loop is None or not self._loop.is_running():
                is_running = threading.Event()
                self._loop = asyncio.new_event_loop()
                self._loop.call_soon(is_running.set)
                self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
                self._thread.start()
                is_running.wait()
            return self._loop

    def _use_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the caller's loop as the pool's, unless the pool has one of its own."""
        if self._thread is None:
            self._loop = loop

    async def _acquire(self, seconds: float | None, setup: Snapshot) -> PoolWorker:
        """Take a place within so many seconds, and start its worker if it has none that fits."""
        if not self._places.empty():  # the common case, without the cost of a timeout
            place = self._places.get_nowait()
            if place is not None and place.fits(setup):
                return place
            self._places.put_nowait(place)
        try:
            async with asyncio.timeout(seconds):
                place = await self._places.get()
                try:
                    return await self._living(place, setup)
                except BaseException:
                    self._places.put_nowait(None)
                    raise
        except TimeoutError:
            raise QueryNotStarted(
                f"No process was free for {seconds:g} s.", advice="Try again in a minute."
            ) from None

    async def _living(self, place: PoolWorker | None, setup: Snapshot) -> PoolWorker:
        """Return the worker itself if it fits, else a new one; raises WorkerLost."""
        if self._is_closed:
            raise WorkerLost("The processes that run queries have been closed.")
        if place is not None and place.fits(setup):
            return place
        return await self._started(place, setup)

    async def _started(self, replaced: PoolWorker | None, setup: Snapshot) -> PoolWorker:
        """Start a worker in the place of another; raises WorkerLost."""
        if replaced is not None:
            replaced.detach()
        spawning = asyncio.get_running_loop().run_in_executor(None, self._spawn, replaced, setup)
        try:
            return await asyncio.shield(spawning)
        except asyncio.CancelledError:  # nobody waits for the process that the thread is starting
            spawning.add_done_callback(self._discard_spawned)
            raise

    def _discard_spawned(self, spawned: asyncio.Future[PoolWorker]) -> None:
        if not spawned.cancelled() and spawned.exception() is None:
            self._discard(spawned.result())

    def _spawn(self, replaced: PoolWorker | None, setup: Snapshot) -> PoolWorker:
        """Start a process, after the one that it replaces has gone; runs in a thread."""
        if replaced is not None:
            self._discard(replaced)
        worker = PoolWorker(self.templates, setup, self._memory, self._connections)
        self._workers.add(worker)
        if self._is_closed:
            self._discard(worker)
        return worker

    def _release(self, worker: PoolWorker, *, is_reusable: bool) -> None:
        """Give the place back; a worker that was left in the midst of an answer is killed."""
        if self._is_closed:
            self._discard(worker)
            self._places.put_nowait(None)  # whoever waits for a place shall see that it is closed
        elif worker.is_overdue:
            self._discard(worker)  # its place was given back when its time was over
        elif is_reusable and worker.setup is self._setup:
            self._places.put_nowait(worker)
        elif is_reusable:
            self._refill(worker)
        else:
            self.kills[worker.fate()] += 1
            worker.process.kill()
            self._refill(worker)

    def _overrun(self, worker: PoolWorker) -> None:
        """Kill a worker that is out of time, and give its place back though nobody may read on."""
        self.kills["time"] += 1
        worker.is_overdue = True
        worker.process.kill()
        if not self._is_closed:
            self._refill(None)

    def _refill(self, replaced: PoolWorker | None) -> None:
        """Fill a place with a new worker, in the background."""
        task = asyncio.get_running_loop().create_task(self._replace(replaced))
        self._replacements.add(task)
        task.add_done_callback(self._replacements.discard)

    async def _replace(self, worker: PoolWorker | None) -> None:
        successor: PoolWorker | None = None
        try:
            successor = await self._started(worker, self._setup)
        except CosigraphError:
            pass  # whoever takes the place tries again, and is told why it fails
        finally:
            self._places.put_nowait(successor)

    def _discard(self, worker: PoolWorker) -> None:
        worker.end()
        self._workers.discard(worker)


class BlockingStore:
    """A store whose queries run in a pool's processes; for the library and the command line.

    ``setup`` is the data that it answers from, the pool's unless given.
    """

    def __init__(self, pool: WorkerPool, setup: Snapshot | None = None) -> None:
        self._pool = pool
        self._setup = setup

    def execute(self, query: Query) -> Iterator[bytes]:
        """Run ``query`` and yield its answer; raises as ``WorkerPool.execute``."""
        yield self._pool.execute_blocking(query, setup=self._setup)

    def close(self) -> None:
        """Kill the pool's processes."""
        self._pool.close()


def _too_slow(seconds: float | None) -> QueryTimeout:
    return QueryTimeout(
        f"The query was stopped after {seconds:g} s.",
        advice="Ask for less at a time, or allow more time.",
    )
