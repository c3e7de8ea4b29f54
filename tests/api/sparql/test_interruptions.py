# SPDX-License-Identifier: Apache-2.0
"""Queries that take too long, clients that leave, and answers that break off."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from cosigraph import Project
from cosigraph.changes import Change
from cosigraph.errors import QueryTimeout
from cosigraph.store import Query, Snapshot
from cosigraph.workers import Account, WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope
from tests.api.sparql.queries import SELECT, codes

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(scope="module")
def hasty(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=3)
    with Asker(Application(Service(orchard, pool)), pool) as asker:
        yield asker


def test_a_query_that_takes_too_long_is_504_and_its_process_is_gone(hasty: Asker) -> None:
    before = hasty.pool.process_ids
    start = time.monotonic()
    answer = hasty.sparql(ENDLESS)
    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/query-timeout")
    assert time.monotonic() - start < 5
    assert codes(hasty.sparql(SELECT).content) == ["T-1", "T-2"]
    assert not set(before) & set(hasty.pool.process_ids)


def test_a_client_that_leaves_takes_its_query_with_it(asker: Asker) -> None:
    before = set(asker.pool.process_ids)
    query = b"query=" + ENDLESS.replace(" ", "+").replace("+AS", "%20AS").encode()
    start = time.monotonic()
    sent = asker.exchange(
        http_scope("GET", "/sparql", query),
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}],
    )
    assert sent == []
    assert time.monotonic() - start < 5
    deadline = time.monotonic() + 10
    while len(before & set(asker.pool.process_ids)) == 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(before & set(asker.pool.process_ids)) == 1
    assert codes(asker.sparql(SELECT).content) == ["T-1", "T-2"]


class BrokenWorkers(WorkerPool):
    """Workers whose answer breaks off after as many pieces as it is told."""

    pieces = 0
    error: Exception = QueryTimeout("The query was stopped.")

    async def execute(
        self,
        query: Query | Change,
        timeout: float | None = None,
        account: Account | None = None,
        setup: Snapshot | None = None,
    ) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            yield b"piece"
        raise self.error


@pytest.fixture
def broken(orchard: Project) -> Iterator[tuple[Asker, BrokenWorkers]]:
    pool = BrokenWorkers(orchard.dataset.snapshot(), size=1)
    with Asker(Application(Service(orchard, pool)), pool) as asker:
        yield asker, pool


@pytest.mark.parametrize("pieces", [0, 1])
def test_an_early_failure_has_its_own_status(
    broken: tuple[Asker, BrokenWorkers], pieces: int
) -> None:
    asker, pool = broken
    pool.pieces = pieces
    assert asker.sparql(SELECT).status_code == 504


def test_an_answer_that_breaks_off_never_looks_complete(
    broken: tuple[Asker, BrokenWorkers], caplog: pytest.LogCaptureFixture
) -> None:
    asker, pool = broken
    pool.pieces = 4
    sent = asker.exchange(
        http_scope("GET", "/sparql", b"query=ASK+{}"),
        [{"type": "http.request", "body": b"", "more_body": False}],
    )
    assert sent[0]["status"] == 200
    assert all(name != b"content-length" for name, _ in sent[0]["headers"])
    assert sent[-1]["more_body"] is True
    assert "cut off" in caplog.text


def test_what_was_not_foreseen_is_500_with_an_identifier_and_no_trace(
    broken: tuple[Asker, BrokenWorkers], caplog: pytest.LogCaptureFixture
) -> None:
    asker, pool = broken
    pool.error = RuntimeError("secret")
    answer = asker.sparql(SELECT)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["request-id"] in answer.json()["detail"]
    assert answer.headers["request-id"] in caplog.text
