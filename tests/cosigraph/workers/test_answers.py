# SPDX-License-Identifier: Apache-2.0
"""Processes answer as the embedded store does, in pieces, whoever asks."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cosigraph.errors import QueryError, QuerySyntaxError, QueryTimeout, UnknownReadingError
from cosigraph.store import PIECE, EmbeddedStore, Snapshot
from cosigraph.workers import BlockingStore, WorkerPool
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
    until_gone,
)


def test_answers_are_those_of_the_embedded_store(pool: WorkerPool, snapshot: Snapshot) -> None:
    embedded = EmbeddedStore(snapshot)
    for text in (COUNT, "ASK { ?s ?p 1 }", "CONSTRUCT { ?s ?p 1 } { ?s ?p ?o }"):
        assert pool.execute_blocking(query(text)) == b"".join(embedded.execute(query(text)))


@on_a_loop
async def test_a_reading_is_answered_from_its_own_graph(pool: WorkerPool) -> None:
    assert count(await answered(pool, query(COUNT, "second"))) == 7
    assert count(await answered(pool, query(COUNT))) == SIZE


@on_a_loop
async def test_a_wrong_query_raises_before_anything_is_yielded(pool: WorkerPool) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        await anext(pool.execute(query("SELECT * { ?s ?p }")))
    assert str(caught.value) == "line 1, column 18: '}' stands where an object was expected."
    with pytest.raises(QueryError, match="custom function"):
        await anext(pool.execute(query("SELECT (<a:f>(1) AS ?x) {}")))
    with pytest.raises(UnknownReadingError):
        await anext(pool.execute(query(COUNT, "third")))
    assert len(pool.process_ids) == 1


@on_a_loop
async def test_a_large_answer_comes_in_pieces_and_is_not_computed_ahead(
    pool: WorkerPool,
) -> None:
    pieces = pool.execute(query(LARGE))
    for _ in range(20):
        assert len(await anext(pieces)) == PIECE
    (process,) = pool.process_ids
    before = _processor_time(process)
    await asyncio.sleep(0.5)
    assert _processor_time(process) - before < 0.2
    await pieces.aclose()  # type: ignore[attr-defined]
    await until_gone(pool, process)


def _processor_time(process: int) -> float:
    with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@on_a_loop
async def test_an_answer_that_fails_midway_does_not_end_as_if_it_were_whole(
    pool: WorkerPool,
) -> None:
    await pool.start()
    pieces = pool.execute(query(LARGE), 0.7)
    assert len(await anext(pieces)) == PIECE
    with pytest.raises(QueryTimeout):
        await exhausted(pieces)


@on_a_loop
async def test_a_query_reaches_no_other_host_even_when_it_was_not_refused(
    pool: WorkerPool,
) -> None:
    reached = asyncio.Event()

    async def reach(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        writer.close()

    server = await asyncio.start_server(reach, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
    async with server:
        with pytest.raises(QueryError):
            await answered(pool, query(text))
    assert not reached.is_set()


def test_a_caller_without_a_loop_gets_whole_answers_and_errors(pool: WorkerPool) -> None:
    assert count(pool.execute_blocking(query(COUNT))) == SIZE
    with pytest.raises(QuerySyntaxError):
        pool.execute_blocking(query("ASK {"))
    with pytest.raises(QueryTimeout):
        pool.execute_blocking(query(RUNAWAY[0]), 0.3)
    assert count(b"".join(BlockingStore(pool).execute(query(COUNT)))) == SIZE


def test_a_thread_can_ask_while_a_loop_uses_the_pool(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        answers = await asyncio.gather(
            *(asyncio.to_thread(pool.execute_blocking, query(COUNT)) for _ in range(4)),
            *(answered(pool, query(COUNT)) for _ in range(4)),
        )
        assert {count(answer) for answer in answers} == {SIZE}

    asyncio.run(scenario())


def test_the_first_calls_from_several_threads_share_one_loop(snapshot: Snapshot) -> None:
    pool = WorkerPool(snapshot, size=2, timeout=20)
    together = threading.Barrier(8)

    def ask() -> int:
        together.wait()
        return count(pool.execute_blocking(query(COUNT)))

    with ThreadPoolExecutor(8) as threads:
        answers = [future.result(30) for future in [threads.submit(ask) for _ in range(8)]]
    pool.close()
    assert answers == [SIZE] * 8
    assert pool.process_ids == []
