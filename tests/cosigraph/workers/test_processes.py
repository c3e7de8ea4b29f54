# SPDX-License-Identifier: Apache-2.0
"""Processes start when they are needed, are replaced when they end, and outlive nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from cosigraph.errors import QueryNotStarted, WorkerLost
from cosigraph.store import Snapshot
from cosigraph.workers import Account, WorkerPool
from tests.cosigraph.workers.asking import (
    COUNT,
    RUNAWAY,
    SIZE,
    answered,
    count,
    exhausted,
    on_a_loop,
    query,
    until_full,
    until_gone,
)


@on_a_loop
async def test_the_time_that_a_process_takes_to_start_is_told(pool: WorkerPool) -> None:
    account = Account()
    await exhausted(pool.execute(query(COUNT), account=account))
    assert account.waited > 0.01  # no process had been started
    again = Account()
    await exhausted(pool.execute(query(COUNT), account=again))
    assert again.waited < account.waited


@on_a_loop
async def test_processes_start_when_they_are_needed_or_all_at_once(pool: WorkerPool) -> None:
    assert pool.process_ids == []
    await answered(pool, query(COUNT))
    assert len(pool.process_ids) == 1
    await pool.start()
    assert len(pool.process_ids) == 2


@on_a_loop
async def test_more_queries_than_processes_wait_their_turn(pool: WorkerPool) -> None:
    answers = await asyncio.gather(*(answered(pool, query(COUNT)) for _ in range(50)))
    assert {count(answer) for answer in answers} == {SIZE}
    assert len(pool.process_ids) == pool.size


@on_a_loop
async def test_a_query_that_finds_no_free_process_is_told_so(pool: WorkerPool) -> None:
    await pool.start()
    runaways = [asyncio.create_task(answered(pool, query(RUNAWAY[0]), 3)) for _ in range(2)]
    await asyncio.sleep(0.1)
    with pytest.raises(QueryNotStarted, match="No process was free"):
        await answered(pool, query(COUNT), 0.3)
    for task in runaways:
        task.cancel()
    await asyncio.gather(*runaways, return_exceptions=True)
    assert count(await answered(pool, query(COUNT))) == SIZE


@on_a_loop
async def test_a_process_killed_from_outside_is_one_clear_line(pool: WorkerPool) -> None:
    await pool.start()
    running = asyncio.create_task(answered(pool, query(RUNAWAY[0])))
    await asyncio.sleep(0.2)
    for process in pool.process_ids:
        os.kill(process, signal.SIGKILL)
        await until_gone(pool, process)
    with pytest.raises(WorkerLost, match="The process that ran the query was ended"):
        await running
    answers = await asyncio.gather(*(answered(pool, query(COUNT)) for _ in range(pool.size)))
    assert {count(answer) for answer in answers} == {SIZE}
    await until_full(pool)


def test_what_a_lost_process_said_is_logged(
    snapshot: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    pool = WorkerPool(snapshot, size=1, timeout=20)
    deep = "SELECT * { " + "{" * 20_000 + "}" * 20_000 + " }"  # ends the engine's parser
    try:
        pool.execute_blocking(query(COUNT))
        (worker,) = pool._workers
        noise = f"for i in range(100): print('last words', file=open('/proc/{worker.process.pid}"
        subprocess.run([sys.executable, "-c", f"{noise}/fd/2', 'w'))"], check=True)
        with pytest.raises(WorkerLost, match="ended by signal"):
            pool.execute_blocking(query(deep))
        assert "last words" in caplog.text
        assert pool.kills == {"lost": 1}
        assert count(pool.execute_blocking(query(COUNT))) == SIZE
    finally:
        pool.close()


@on_a_loop
async def test_a_process_that_died_while_idle_is_replaced_unnoticed(pool: WorkerPool) -> None:
    await pool.start()
    before = pool.process_ids
    for process in before:
        os.kill(process, signal.SIGKILL)
        await until_gone(pool, process)
    assert count(await answered(pool, query(COUNT))) == SIZE
    assert not set(before).intersection(pool.process_ids)


@on_a_loop
async def test_a_closed_pool_runs_nothing(pool: WorkerPool) -> None:
    await pool.start()
    running = asyncio.create_task(answered(pool, query(RUNAWAY[0])))
    await asyncio.sleep(0.1)
    pool.close()
    assert pool.process_ids == []
    with pytest.raises(WorkerLost):
        await running
    with pytest.raises(WorkerLost, match="have been closed"):
        await answered(pool, query(COUNT))


def test_an_interrupt_is_the_parents_to_handle(pool: WorkerPool) -> None:
    pool.execute_blocking(query(COUNT))
    (process,) = pool.process_ids
    os.kill(process, signal.SIGINT)
    time.sleep(0.1)
    assert pool.process_ids == [process]


PARENT = """
import asyncio, sys, time
sys.path[:] = {path!r}
from cosigraph.workers import WorkerPool
from cosigraph.store import Query, Snapshot
from cosigraph.formats import ResultFormat
lines = b"".join(b"<a:%d> <a:p> <a:%d> <g:g> .\\n" % (n, n) for n in range(1000))
pool = WorkerPool(Snapshot(lines, {{None: ("g:g",)}}), size=1)
async def main():
    await pool.start()
    print(*pool.process_ids, flush=True)
    async for piece in pool.execute(Query({text!r}, ResultFormat.JSON)):
        pass
asyncio.run(main())
"""


def test_no_process_outlives_a_parent_that_was_killed_during_a_query() -> None:
    program = PARENT.format(path=sys.path, text=RUNAWAY[0])
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    deadline = time.monotonic() + 5
    while _is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_running(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
