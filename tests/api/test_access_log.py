# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cosigraph import Project
from cosigraph.errors import ServerError
from cosigraph.workers import WorkerPool
from cosigraph_api.access_log import AccessLog
from cosigraph_api.application import Application
from cosigraph_api.record import Record
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope

SECRET = 'SELECT ?s { ?s ?p "a name that nobody else shall read" }'


class Logged:
    """An application and the log that it writes."""

    def __init__(self, asker: Asker, log: AccessLog, path: Path) -> None:
        self.asker = asker
        self._log = log
        self._path = path

    def lines(self) -> list[dict[str, Any]]:
        self._log.close()
        return [json.loads(line) for line in self._path.read_text().splitlines()]


@pytest.fixture(params=[False, True])
def logged(
    request: pytest.FixtureRequest, orchard: Project, tmp_path: Path
) -> Iterator[tuple[Logged, bool]]:
    log = AccessLog(str(tmp_path / "log"), with_queries=request.param)
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(orchard, pool), (), log), pool) as asker:
        yield Logged(asker, log, tmp_path / "log"), request.param


def test_each_request_is_a_line_of_json(logged: tuple[Logged, bool]) -> None:
    log, with_queries = logged
    answers = [
        log.asker.request("GET", "/sparql", params={"query": SECRET}, headers={"Request-Id": "r1"}),
        log.asker.sparql("nonsense"),
        log.asker.get("/queries/trees.csv"),
        log.asker.get("/static/style.css"),
        log.asker.request("PUT", "/nowhere/" + "x" * 500),
    ]
    lines = log.lines()
    assert [line["request"] for line in lines] == [each.headers["request-id"] for each in answers]
    assert lines[0]["request"] == "r1"
    assert [line["status"] for line in lines] == [200, 400, 200, 200, 404]
    routes = ["/sparql", "/sparql", "/queries/{name}.{extension}", "/static", "other"]
    assert [line["route"] for line in lines] == routes
    assert lines[2]["path"] == "/queries/trees.csv"
    sent = [int(each.headers["content-length"]) for each in answers]
    assert [line["bytes"] for line in lines] == sent
    assert all(line["complete"] and line["seconds"] > 0 for line in lines)
    assert len(lines[-1]["path"]) == 200
    query = lines[0]["query"]
    assert query["form"] == "SELECT"
    assert query["sha256"] == hashlib.sha256(SECRET.encode()).hexdigest()
    assert (query["outcome"], query["cut"]) == ("answered", False)
    assert query["run"] > 0
    assert query.get("text") == (SECRET if with_queries else None)


def test_neither_the_querys_words_nor_the_clients_address_are_in_it(
    logged: tuple[Logged, bool],
) -> None:
    log, with_queries = logged
    log.asker.sparql(SECRET)
    log.asker.get("/queries/trees.csv?variety=B")
    text = json.dumps(log.lines())
    assert ("nobody else" in text) == with_queries
    assert "127.0.0.1" not in text


def test_a_client_that_left_is_noted(logged: tuple[Logged, bool]) -> None:
    log, _ = logged
    endless = b"query=SELECT+(COUNT(*)%20AS%20?n){?a+?b+?c.?d+?e+?f.?g+?h+?i.?j+?k+?l}"
    body = {"type": "http.request", "body": b"", "more_body": False}
    scope = http_scope("GET", "/sparql", endless)
    assert log.asker.exchange(scope, [body, {"type": "http.disconnect"}]) == []
    (line,) = log.lines()
    assert (line["status"], line["complete"], line["query"]["outcome"]) == (None, False, "left")


def test_a_log_is_added_to(tmp_path: Path) -> None:
    for number in range(2):
        log = AccessLog(str(tmp_path / "log"))
        log.add(Record(str(number), "", "GET", "/"))
        log.close()
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_it_may_go_to_the_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log = AccessLog("-")
    log.add(Record("r", "", "GET", "/\x1b[31m\udcff"))
    log.close()
    line = capsys.readouterr().err
    assert "\x1b" not in line
    assert json.loads(line)["request"] == "r"


def test_a_log_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="cannot be written: No such file"):
        AccessLog(str(tmp_path / "none" / "log"))


def test_a_full_disk_stops_nothing() -> None:
    log = AccessLog("/dev/full")
    log.add(Record("r", "", "GET", "/"))
    log.close()


def test_an_update_is_told_as_one(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"))
    log.add(
        Record("r", "c", "POST", "/sparql", query="PREFIX a: <a:> CLEAR ALL", outcome="answered")
    )
    log.close()
    (line,) = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert line["query"]["form"] == "UPDATE"
    assert "CLEAR" not in json.dumps(line)
