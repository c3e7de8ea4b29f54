# SPDX-License-Identifier: Apache-2.0
"""Workers are forked from a template, share its memory, and outlive it when it is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph import template as child
from cosigraph.dataset import Dataset
from cosigraph.errors import QueryTimeout, WorkerLost
from cosigraph.formats import ResultFormat
from cosigraph.store import Query, Snapshot
from cosigraph.templates import Templates
from cosigraph.workers import WorkerPool

X = "https://x.example/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT ?a ?c ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SIZE, OTHER, LARGE = 2000, 7, 40_000


def made(size: int) -> Snapshot:
    predicate = NamedNode(X + "p")
    triples = tuple(
        Triple(NamedNode(f"{X}s/{number}"), predicate, Literal(f"value {number}"))
        for number in range(size)
    )
    return Dataset({X + "graph/a": triples}).snapshot()


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return made(SIZE)


@pytest.fixture
def pool(snapshot: Snapshot) -> Iterator[WorkerPool]:
    pool = WorkerPool(snapshot, size=3, timeout=30)
    yield pool
    pool.close()
    assert (pool.process_ids, pool.templates.process_ids) == ([], [])


def query(text: str) -> Query:
    return Query(text, ResultFormat.JSON)


async def answered(
    pool: WorkerPool,
    text: str = COUNT,
    timeout: float | None = None,
    setup: Snapshot | None = None,
) -> str:
    """The value of an answer of one row and one column."""
    pieces = pool.execute(query(text), timeout, setup=setup)
    content = json.loads(b"".join([piece async for piece in pieces]))
    (row,) = content["results"]["bindings"]
    (cell,) = row.values()
    return str(cell["value"])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def memory(process: int, *fields: str) -> int:
    """Kilobytes of memory by the system's account."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(fields))


def test_workers_share_the_memory_of_the_data() -> None:
    pool = WorkerPool(made(LARGE), size=3, timeout=30)

    async def scenario() -> None:
        await pool.start()
        for process in pool.process_ids:
            (template,) = pool.templates.process_ids
            whole = memory(template, "Rss:")
            assert memory(process, "Private_Dirty:", "Private_Clean:") < whole / 8

    try:
        asyncio.run(scenario())
    finally:
        pool.close()


def test_a_template_has_one_thread_as_a_fork_copies_no_other(pool: WorkerPool) -> None:
    asyncio.run(pool.start())
    (template,) = pool.templates.process_ids
    assert len(os.listdir(f"/proc/{template}/task")) == 1  # noqa: PTH208


def test_a_worker_holds_no_file_of_its_template_or_of_another_worker(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        await asyncio.gather(*(answered(pool) for _ in range(3)))  # each has come to itself

    asyncio.run(scenario())
    (template,) = pool.templates.process_ids

    def files(process: int) -> dict[str, str]:
        return {path.name: str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir()}

    its = [files(process) for process in (template, *pool.process_ids)]
    assert {frozenset(each) for each in its} == {frozenset("012")}
    assert len({each["0"] for each in its}) == len({each["2"] for each in its}) == 4


def test_no_two_workers_give_the_same_random_numbers(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        texts = ["SELECT (RAND() AS ?r) {}", "SELECT (STRUUID() AS ?u) {}"]
        for text in texts * 2:
            # Together, so that each runs in a worker of its own.
            numbers = await asyncio.gather(*(answered(pool, text) for _ in range(3)))
            assert len(set(numbers)) == 3

    asyncio.run(scenario())


def test_a_template_that_was_killed_is_replaced_and_no_query_notices(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        (template,) = pool.templates.process_ids
        workers = pool.process_ids
        running = pool.execute(query(ENDLESS))
        await anext(running)
        os.kill(template, signal.SIGKILL)
        await until(lambda: not is_running(template))
        async with aclosing(cast(AsyncGenerator[bytes], running)):
            for _ in range(5):
                await anext(running)
        await until(lambda: not pool._replacements)
        answers = await asyncio.gather(*(answered(pool) for _ in range(3)))
        assert set(answers) == {str(SIZE)}
        assert len(pool.process_ids) == pool.size
        assert len(set(workers).intersection(pool.process_ids)) == 2
        (successor,) = pool.templates.process_ids
        assert successor != template

    asyncio.run(scenario())


def test_a_template_that_stands_still_is_replaced(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosigraph.templates._PATIENCE", 0.2)

    async def scenario() -> None:
        assert await answered(pool) == str(SIZE)
        (template,) = pool.templates.process_ids
        os.kill(template, signal.SIGSTOP)
        await pool.start()
        assert len(pool.process_ids) == pool.size
        assert template not in pool.templates.process_ids
        assert await answered(pool) == str(SIZE)

    asyncio.run(scenario())


def test_a_worker_of_a_template_that_has_gone_is_let_go_of_while_the_next_one_loads(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = Templates()
    templates.use(snapshot)
    is_loading, goes_on = threading.Event(), threading.Event()
    with Path(os.devnull).open("wb") as errors:
        process, connection = templates.fork(snapshot, errors.fileno(), None, 0)
        os.kill(templates.process_ids[0], signal.SIGKILL)
        setup_of = child.setup_of

        def waiting(data: Snapshot) -> bytes:
            is_loading.set()
            assert goes_on.wait(30)
            return setup_of(data)

        monkeypatch.setattr(child, "setup_of", waiting)
        others: list[socket.socket] = []

        def fork() -> None:
            others.append(templates.fork(snapshot, errors.fileno(), None, 0)[1])

        forking, leaving = threading.Thread(target=fork), threading.Thread(target=process.wait)
        forking.start()
        try:
            assert is_loading.wait(30)
            process.kill()
            leaving.start()
            leaving.join(20)
            is_let_go_of = not leaving.is_alive()
        finally:
            goes_on.set()
            forking.join(30)
            leaving.join(30)
    for each in (connection, *others):
        each.close()
    templates.close()
    assert is_let_go_of


def test_a_query_that_outlives_its_template_is_still_stopped_at_its_deadline(
    pool: WorkerPool,
) -> None:
    async def scenario() -> None:
        await pool.start()
        (template,) = pool.templates.process_ids
        running = asyncio.create_task(answered(pool, RUNAWAY, 0.5))
        await asyncio.sleep(0)  # it has its worker
        os.kill(template, signal.SIGKILL)
        with pytest.raises(QueryTimeout):
            await running
        await until(lambda: len(pool.process_ids) == pool.size and not pool._replacements)

    asyncio.run(scenario())


def test_a_storm_of_kills_leaves_as_many_processes_and_open_files(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        (template,) = pool.templates.process_ids

        def open_files() -> list[int]:
            folders = [f"/proc/{process}/fd" for process in (template, os.getpid())]
            return [len(os.listdir(folder)) for folder in folders]  # noqa: PTH208

        before = open_files()
        for _ in range(20):
            tasks = [asyncio.create_task(answered(pool, RUNAWAY)) for _ in range(3)]
            await asyncio.sleep(0.02)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await until(lambda: len(pool.process_ids) == pool.size and not pool._replacements)
        assert pool.templates.process_ids == [template]
        assert await answered(pool) == str(SIZE)
        assert open_files() == before
        children = Path(f"/proc/{template}/task/{template}/children").read_text().split()
        assert set(map(int, children)) == set(pool.process_ids)  # none is left to be waited for

    asyncio.run(scenario())


def test_another_version_is_used_at_once_and_the_former_goes_with_its_last_query(
    pool: WorkerPool,
) -> None:
    async def scenario() -> None:
        await pool.start()
        (template,) = pool.templates.process_ids
        former = set(pool.process_ids)
        running = pool.execute(query(ENDLESS))
        await anext(running)
        other = made(OTHER)
        await asyncio.to_thread(pool.prepare, other)
        pool.use(other)
        answers = await asyncio.gather(*(answered(pool) for _ in range(6)))
        assert set(answers) == {str(OTHER)}
        async with aclosing(cast(AsyncGenerator[bytes], running)):
            await anext(running)
            assert is_running(template)
            assert len(former.intersection(pool.process_ids)) == 1
        await until(lambda: not is_running(template))
        await until(lambda: len(pool.process_ids) == pool.size)
        assert len(pool.templates.process_ids) == 1
        assert former.isdisjoint(pool.process_ids)

    asyncio.run(scenario())


def test_data_that_are_no_longer_current_can_still_be_asked(
    pool: WorkerPool, snapshot: Snapshot
) -> None:
    async def scenario() -> None:
        await pool.start()
        other = made(OTHER)
        pool.use(other)
        for _ in range(3):
            assert await answered(pool, setup=snapshot) == str(SIZE)
            assert await answered(pool) == str(OTHER)
        await until(lambda: not pool._replacements)
        assert await answered(pool) == str(OTHER)
        await until(lambda: len(pool.templates.process_ids) == 1)

    asyncio.run(scenario())


def test_a_caller_without_a_loop_uses_other_data_at_once(pool: WorkerPool) -> None:
    def count() -> int:
        content = json.loads(pool.execute_blocking(query(COUNT)))
        return int(content["results"]["bindings"][0]["n"]["value"])

    assert count() == SIZE
    pool.use(made(OTHER))
    assert count() == OTHER


def test_data_that_were_prepared_and_never_used_are_let_go_of(pool: WorkerPool) -> None:
    asyncio.run(pool.start())
    pool.prepare(made(OTHER))
    assert len(pool.templates.process_ids) == 2
    pool.prepare(made(OTHER + 1))
    assert len(pool.templates.process_ids) == 2
    pool.templates.use(pool.setup)
    assert len(pool.templates.process_ids) == 1


def test_pools_with_the_same_data_have_one_template(pool: WorkerPool, snapshot: Snapshot) -> None:
    beside = WorkerPool(snapshot, size=1, timeout=20, templates=pool.templates)

    async def scenario() -> None:
        await asyncio.gather(pool.start(), beside.start())
        assert len(pool.templates.process_ids) == 1
        assert await answered(beside) == str(SIZE)
        beside.close()
        assert await answered(pool) == str(SIZE)

    asyncio.run(scenario())


def test_a_process_that_was_started_early_is_the_template(snapshot: Snapshot) -> None:
    templates = Templates()
    templates.begin()
    assert templates._spare is not None
    spare = templates._spare[0].pid
    pool = WorkerPool(snapshot, size=1, timeout=20, templates=templates)
    try:
        assert pool.execute_blocking(query(COUNT))
        assert templates.process_ids == [spare]
    finally:
        pool.close()
        templates.close()
    assert not is_running(spare)


@pytest.mark.parametrize("is_used", [True, False])
def test_a_process_that_was_started_early_may_have_ended(snapshot: Snapshot, is_used: bool) -> None:
    templates = Templates()
    templates.begin()
    assert templates._spare is not None
    templates._spare[0].kill()
    templates._spare[0].wait()
    pool = WorkerPool(snapshot, size=1, timeout=20, templates=templates)
    try:
        if is_used:
            assert pool.execute_blocking(query(COUNT))
    finally:
        pool.close()
        templates.close()


def test_workers_that_have_nothing_to_do_are_replaced_unasked(pool: WorkerPool) -> None:
    async def scenario() -> None:
        await pool.start()
        former = pool.process_ids
        pool.use(made(OTHER))
        await until(lambda: not any(map(is_running, former)))
        await until(lambda: len(pool.process_ids) == pool.size)
        assert len(pool.templates.process_ids) == 1

    asyncio.run(scenario())


def test_a_template_that_was_closed_is_not_started_again(pool: WorkerPool) -> None:
    asyncio.run(pool.start())
    (template,) = pool.templates._templates.values()
    pool.close()
    with pytest.raises(WorkerLost, match="have been closed"):
        template.start()


def test_closed_templates_start_nothing(snapshot: Snapshot) -> None:
    templates = Templates()
    templates.close()
    with pytest.raises(WorkerLost, match="have been closed"):
        templates.prepare(snapshot)


PARENT = """
import asyncio, sys
sys.path[:] = {path!r}
from cosigraph.workers import WorkerPool
from cosigraph.store import Query, Snapshot
from cosigraph.formats import ResultFormat
lines = b"".join(b"<a:%d> <a:p> <a:%d> <g:g> .\\n" % (n, n) for n in range(1000))
pool = WorkerPool(Snapshot(lines, {{None: ("g:g",)}}), size=3)
async def main():
    await pool.start()
    running = pool.execute(Query({text!r}, ResultFormat.JSON))
    task = asyncio.create_task(anext(running))
    await asyncio.sleep(0.1)
    print(*pool.templates.process_ids, *pool.process_ids, flush=True)
    await task
asyncio.run(main())
"""


@pytest.mark.parametrize("is_template_killed_first", [False, True])
def test_no_process_outlives_the_one_that_asked(is_template_killed_first: bool) -> None:
    program = PARENT.format(path=sys.path, text=RUNAWAY)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        template, *workers = map(int, parent.stdout.readline().split())
        assert len(workers) == 3
        if is_template_killed_first:
            os.kill(template, signal.SIGKILL)
        parent.kill()
    deadline = time.monotonic() + 10
    while any(map(is_running, (template, *workers))):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_workers_die_with_their_template_even_when_they_are_stopped() -> None:
    program = PARENT.format(path=sys.path, text=RUNAWAY)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        template, *workers = map(int, parent.stdout.readline().split())
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)  # it cannot see that its socket has closed
        parent.kill()
    try:
        deadline = time.monotonic() + 10
        while any(map(is_running, (template, *workers))):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
