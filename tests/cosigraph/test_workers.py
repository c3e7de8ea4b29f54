# SPDX-License-Identifier: Apache-2.0
"""Queries run in processes that can be killed, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.dataset import Dataset
from cosigraph.errors import (
    QueryError,
    QueryMemory,
    QueryNotStarted,
    QuerySyntaxError,
    QueryTimeout,
    UnknownReadingError,
    WorkerLost,
)
from cosigraph.formats import ResultFormat
from cosigraph.store import PIECE, EmbeddedStore, Query, Snapshot
from cosigraph.workers import Account, BlockingStore, WorkerPool

X = "https://x.example/"
SIZE = 3000
RUNAWAY = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY DESC(?i) ?f ?c",
    "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?s ?p " + "(" * 200 + ")" * 200 + " }",  # the engine's parser itself
]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LARGE = "SELECT ?a ?c ?f { ?a ?b ?c . ?d ?e ?f }"  # more than a gigabyte


def query(text: str, reading: str | None = None) -> Query:
    graph = text.startswith("CONSTRUCT")
    return Query(text, ResultFormat.NTRIPLES if graph else ResultFormat.JSON, reading)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    predicate = NamedNode(X + "p")
    triples = tuple(
        Triple(NamedNode(f"{X}s/{number}"), predicate, Literal(f"value {number}"))
        for number in range(SIZE)
    )
    graphs = {X + "graph/a": triples, X + "graph/reading/a/second": triples[:7]}
    return Dataset(graphs, {X + "graph/reading/a/second": X + "graph/a"}).snapshot()


@pytest.fixture
def pool(snapshot: Snapshot) -> Iterator[WorkerPool]:
    made = WorkerPool(snapshot, size=2, timeout=20)
    yield made
    made.close()
    assert made.process_ids == []


Scenario = Callable[[WorkerPool], Coroutine[Any, Any, None]]


def on_a_loop(scenario: Scenario) -> Callable[[WorkerPool], None]:
    """Run the test on an event loop."""

    def test(pool: WorkerPool) -> None:
        asyncio.run(scenario(pool))

    test.__name__ = scenario.__name__
    return test


async def answered(pool: WorkerPool, asked: Query, timeout: float | None = None) -> bytes:
    return b"".join([piece async for piece in pool.execute(asked, timeout)])


def count(answer: bytes) -> int:
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])


async def exhausted(pieces: AsyncIterator[bytes]) -> None:
    async for _ in pieces:
        pass


@on_a_loop
async def test_the_time_that_a_process_takes_to_start_is_told(pool: WorkerPool) -> None:
    account = Account()
    await exhausted(pool.execute(query(COUNT), account=account))
    assert account.waited > 0.01  # no process had been started
    again = Account()
    await exhausted(pool.execute(query(COUNT), account=again))
    assert again.waited < account.waited


async def until_full(pool: WorkerPool) -> None:
    """Wait until every process that was lost has been replaced."""
    async with asyncio.timeout(20):
        while len(pool.process_ids) < pool.size or pool._replacements:
            await asyncio.sleep(0.01)


def test_answers_are_those_of_the_embedded_store(pool: WorkerPool, snapshot: Snapshot) -> None:
    embedded = EmbeddedStore(snapshot)
    for text in (COUNT, "ASK { ?s ?p 1 }", "CONSTRUCT { ?s ?p 1 } { ?s ?p ?o }"):
        assert pool.execute_blocking(query(text)) == b"".join(embedded.execute(query(text)))


@on_a_loop
async def test_a_reading_is_answered_from_its_own_graph(pool: WorkerPool) -> None:
    assert count(await answered(pool, query(COUNT, "second"))) == 7
    assert count(await answered(pool, query(COUNT))) == SIZE


@on_a_loop
async def test_processes_start_when_they_are_needed_or_all_at_once(pool: WorkerPool) -> None:
    assert pool.process_ids == []
    await answered(pool, query(COUNT))
    assert len(pool.process_ids) == 1
    await pool.start()
    assert len(pool.process_ids) == 2


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


async def until_gone(pool: WorkerPool, process: int) -> None:
    async with asyncio.timeout(10):
        while process in pool.process_ids:
            await asyncio.sleep(0.01)


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
