# SPDX-License-Identifier: Apache-2.0
"""Updates that are ended, and updates and queries at the same time."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from cosigraph import Project
from cosigraph.limits import Limits
from tests.api.asking import http_scope
from tests.api.updates.making import CROSS, RUNAWAY, UPDATE
from tests.api.writing import Writable, writable


def test_a_runaway_update_is_ended_and_nothing_has_changed(
    tmp_path: Path, orchard: Project
) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=1)) as served:
        answer = served.update(RUNAWAY)
        assert answer.status_code == 504
        assert served.versions == 1
        assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204


def test_a_client_that_leaves_takes_its_update_with_it(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=60)) as served:
        scope = http_scope(
            "POST", "/sparql", content_type=UPDATE, authorization=f"Bearer {served.token}"
        )
        body = {"type": "http.request", "body": RUNAWAY.encode(), "more_body": False}
        assert served.asker.exchange(scope, [body, {"type": "http.disconnect"}]) == []
        assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204
        assert served.versions == 2


def test_an_update_whose_process_is_killed_has_changed_nothing(served: Writable) -> None:
    assert served.service.writing is not None
    pool = served.service.writing.pool
    answers: list[Any] = []
    writer = threading.Thread(target=lambda: answers.append(served.update(RUNAWAY)))
    writer.start()
    while writer.is_alive():
        for process in pool.process_ids:
            os.kill(process, signal.SIGKILL)
        writer.join(timeout=0.2)
    assert answers[0].status_code == 503
    assert served.versions == 1
    assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204


def test_queries_are_answered_while_an_update_runs(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=2)) as served:
        statuses = []
        running = threading.Thread(target=lambda: statuses.append(served.update(RUNAWAY)))
        running.start()
        while not statuses:
            assert served.asker.sparql("ASK {}").status_code == 200
        running.join()
        assert statuses[0].status_code == 504


def test_an_update_that_needs_too_much_memory_changes_nothing(
    tmp_path: Path, orchard: Project
) -> None:
    limits = Limits(time=20, memory=64 * 1024 * 1024)
    with writable(tmp_path / "store", orchard, limits=limits) as served:
        answer = served.update(
            f"INSERT {{ ?a <a:p> ?text }} WHERE {{ {CROSS} "
            "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?f), STR(?i)) AS ?text) }"
        )
        assert answer.status_code == 503
        assert served.versions == 1


def test_two_writers_at_a_time_both_write(served: Writable) -> None:
    def write(name: str) -> None:
        answers.extend(
            served.update(f"INSERT DATA {{ <a:{name}> <a:p> {number} }}") for number in range(10)
        )

    answers: list[Any] = []
    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {204}
    assert served.count("?s <a:p> ?o") == 20
    assert served.versions == 21


def test_a_reader_keeps_the_version_that_it_began_with(served: Writable) -> None:
    """What a request is told of the version, and its content, belong together."""
    query = "SELECT ?o { <a:s> <a:p> ?o }"
    before = served.asker.sparql(f"{query} #", accept="text/csv")
    processes = served.service.workers.process_ids
    answers: list[Any] = []
    reader = threading.Thread(
        target=lambda: answers.append(served.asker.sparql(query, accept="text/csv"))
    )
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    reader.start()
    while not served.service.admission.running:
        time.sleep(0.01)
    written = served.update("INSERT DATA { <a:s> <a:p> 1 }")
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # those that had nothing to do are gone
            os.kill(process, signal.SIGCONT)
    reader.join()
    assert written.status_code == 204
    assert answers[0].text == before.text
    assert answers[0].headers["cosigraph-version"] == before.headers["cosigraph-version"]
    after = served.asker.sparql(query, accept="text/csv")
    assert after.text.split() == ["o", "1"]
    assert after.headers["cosigraph-version"] == written.headers["cosigraph-version"]
    assert after.headers["etag"] != answers[0].headers["etag"]
