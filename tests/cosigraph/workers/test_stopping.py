# SPDX-License-Identifier: Apache-2.0
"""Queries that take too long, or too much, are stopped, and others do not notice."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from cosigraph.errors import QueryMemory, QueryTimeout
from cosigraph.store import Snapshot
from cosigraph.workers import WorkerPool
from tests.cosigraph.workers.asking import (
    COUNT,
    LARGE,
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


@pytest.mark.parametrize("text", RUNAWAY)
def test_a_runaway_query_is_stopped_at_its_deadline(pool: WorkerPool, text: str) -> None:
    async def scenario() -> None:
        await pool.start()
        begun = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"The query was stopped after 0\.5 s\."):
            await answered(pool, query(text), 0.5)
        assert 0.4 < time.monotonic() - begun < 1.5
        await until_full(pool)
        assert count(await answered(pool, query(COUNT))) == SIZE

    asyncio.run(scenario())


@on_a_loop
async def test_other_queries_do_not_notice_a_runaway(pool: WorkerPool) -> None:
    await pool.start()
    runaway = asyncio.create_task(answered(pool, query(RUNAWAY[0]), 0.5))
    good = [await answered(pool, query(COUNT)) for _ in range(20)]
    assert not runaway.done()
    assert {count(answer) for answer in good} == {SIZE}
    with pytest.raises(QueryTimeout):
        await runaway


@on_a_loop
async def test_a_reader_that_stands_still_holds_no_process_beyond_the_deadline(
    pool: WorkerPool,
) -> None:
    await answered(pool, query(COUNT), 15)
    (process,) = pool.process_ids
    pieces = pool.execute(query(LARGE), 0.5)
    await anext(pieces)
    await until_gone(pool, process)
    with pytest.raises(QueryTimeout):
        await exhausted(pieces)


@on_a_loop
async def test_readers_that_stand_still_hold_no_place_beyond_the_deadline(
    pool: WorkerPool,
) -> None:
    await pool.start()
    standing = [pool.execute(query(LARGE), 0.5) for _ in range(pool.size)]
    for pieces in standing:
        await anext(pieces)
    assert count(await answered(pool, query(COUNT), 15)) == SIZE
    for pieces in standing:
        with pytest.raises(QueryTimeout):
            await exhausted(pieces)
    await until_full(pool)
    assert len(pool.process_ids) == pool.size


@on_a_loop
async def test_a_reader_that_goes_away_stops_the_query(pool: WorkerPool) -> None:
    await pool.start()
    before = set(pool.process_ids)
    task = asyncio.create_task(answered(pool, query(RUNAWAY[0])))
    await asyncio.sleep(0.2)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await until_full(pool)
    assert len(before.intersection(pool.process_ids)) == 1


def test_a_process_that_needs_too_much_memory_ends_alone(snapshot: Snapshot) -> None:
    pool = WorkerPool(snapshot, size=1, timeout=20, memory=200 * 2**20)
    text = "SELECT ?a { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(CONCAT(?f, STR(?a), ?c))"
    try:
        with pytest.raises(QueryMemory, match="too much memory"):
            pool.execute_blocking(query(text))
        assert pool.kills == {"memory": 1}
        assert count(pool.execute_blocking(query(COUNT))) == SIZE
    finally:
        pool.close()
