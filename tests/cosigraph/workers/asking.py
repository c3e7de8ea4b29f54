# SPDX-License-Identifier: Apache-2.0
"""What a pool of processes is asked, and how its answers are awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from cosigraph.formats import ResultFormat
from cosigraph.store import Query
from cosigraph.workers import WorkerPool

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


async def until_full(pool: WorkerPool) -> None:
    """Wait until every process that was lost has been replaced."""
    async with asyncio.timeout(20):
        while len(pool.process_ids) < pool.size or pool._replacements:
            await asyncio.sleep(0.01)


async def until_gone(pool: WorkerPool, process: int) -> None:
    async with asyncio.timeout(10):
        while process in pool.process_ids:
            await asyncio.sleep(0.01)
