# SPDX-License-Identifier: Apache-2.0
"""The process that looks for names, which is ended and replaced unnoticed."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api import reconciler, reconciliation_results
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope
from tests.api.reconciliation.asking import SKOS, VARIETY, batch, candidates, post, problem
from tests.api.writing import Writable, writable


def test_a_client_that_leaves_leaves_the_service_to_others(asker: Asker) -> None:
    scope = http_scope("GET", "/reconcile", b"queries=" + quote('{"q":{"query":"B"}}').encode())
    asker.exchange(scope, [{"type": "http.disconnect"}])
    assert candidates(asker, {"query": "Conference"})


@pytest.fixture
def hasty(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    with Asker(Application(Service(orchard, pool, Limits(time=20))), pool) as asker:
        yield asker


def test_a_process_that_ends_is_replaced(hasty: Asker) -> None:
    assert candidates(hasty, {"query": "Conference"})
    endpoint = hasty.application.reconciliation
    (first,) = endpoint.reconciler.process_ids
    os.kill(first, 9)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert candidates(hasty, {"query": "Conference"})
    (second,) = endpoint.reconciler.process_ids
    assert second != first


def test_a_batch_goes_on_when_the_process_ends_with_the_job_of_another(
    hasty: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "CHUNK", 1)
    exchange = reconciler._exchange
    ended: list[int] = []

    def ending(process: subprocess.Popen[bytes], job: dict[str, Any]) -> Any:
        answer = exchange(process, job)
        if "match" in job and not ended:  # as when another leaves between two jobs of the batch
            ended.append(process.pid)
            process.kill()
            process.wait()
        return answer

    monkeypatch.setattr(reconciler, "_exchange", ending)
    found = batch(hasty, a={"query": "Conference"}, b={"query": "Conference"})
    assert ended
    assert found["a"]["result"] == found["b"]["result"] != []


def test_a_batch_that_takes_too_long_is_stopped(
    orchard: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    with Asker(Application(Service(orchard, pool, Limits(time=1.5))), pool) as asker:
        assert candidates(asker, {"query": "Conference"})
        is_over = threading.Event()
        monkeypatch.setattr(reconciler, "_exchange", lambda *_: is_over.wait(20))
        answer = post(asker, queries={"q": {"query": "a"}})
        is_over.set()
        assert "names were looked for" in problem(answer, 504)
        monkeypatch.undo()
        assert candidates(asker, {"query": "Conference"})


def test_holding_a_batch_to_properties_takes_no_longer_than_a_query_may(
    hasty: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation_results, "monotonic", itertools.count(step=30).__next__)
    properties = [{"pid": "rdf:type", "v": "x"}]
    answer = post(hasty, queries={"q": {"properties": properties}})
    assert "held to their properties" in problem(answer, 504)


def test_a_process_that_nobody_waits_for_has_gone_before_another_is_asked() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(reconciler._exchanged(process, {}), timeout=0.1))
        assert process.returncode is not None


def test_what_is_written_is_found_at_once(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard) as served:
        assert candidates(served.asker, {"query": "Victoria"}) == []
        triple = f'<{VARIETY}victoria> <{SKOS}prefLabel> "Victoria"@en .'
        before = served.asker.application.reconciliation.reconciler.process_ids
        _put(served, triple)
        (first,) = candidates(served.asker, {"query": "Victoria"})
        assert first["match"]
        after = served.asker.application.reconciliation.reconciler.process_ids
        assert (len(before), len(after)) == (1, 1)
        assert before != after


def test_a_batch_ends_on_the_data_that_it_began_with(
    tmp_path: Path, orchard: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writable(tmp_path / "store", orchard) as served:
        assert candidates(served.asker, {"query": "Conference"})
        monkeypatch.setattr(reconciler, "CHUNK", 1)
        began, goes_on = threading.Event(), threading.Event()
        exchange = reconciler._exchange

        def waiting(*arguments: Any) -> Any:
            began.set()
            assert goes_on.wait(20)
            return exchange(*arguments)

        monkeypatch.setattr(reconciler, "_exchange", waiting)
        queries = {"a": {"query": "Conference"}, "b": {"query": "Victoria"}}
        found: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: found.append(post(served.asker, queries=queries)))
        asking.start()
        assert began.wait(20)
        _put(served, f'<{VARIETY}victoria> <{SKOS}prefLabel> "Victoria"@en .')
        goes_on.set()
        asking.join(20)
        assert found[0].json()["a"]["result"][0]["match"]
        assert found[0].json()["b"]["result"] == []
        assert candidates(served.asker, {"query": "Victoria"})


def _put(served: Writable, triple: str) -> None:
    assert served.graph("PUT", "/graphs/new", triple).status_code == 201
