# SPDX-License-Identifier: Apache-2.0
"""An answer that goes without a task is the one that goes with it, and so is all that is noted."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Message, Scope

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api.access_log import AccessLog
from cosigraph_api.application import Application
from cosigraph_api.attempts import Attempt
from cosigraph_api.record import ATTEMPT
from cosigraph_api.service import Service
from tests.api.asking import BROWSER, Asker, http_scope
from tests.serving import Running, serving

ALL = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
HUGE = "SELECT (GROUP_CONCAT(STR(?c)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PAUSE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
PIECE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 160"  # nearly 64 KB
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"
PASSING = {b"request-id", b"server-timing"}
QUERIES = [
    ALL,
    "SELECT ?s { ?s ?p ?o } LIMIT 2",
    "SELECT * { ?s ?p ?o FILTER(false) }",
    "SELECT * {}",
    "SELECT (NOW() AS ?now) (1 AS ?one) { FILTER(?now = 1) }",
    "ASK {}",
    "ASK { ?s ?p 'nothing at all' }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(false) }",
    "DESCRIBE ?s { ?s ?p ?o } LIMIT 1",
    "PREFIX x: <http://x.example/#> SELECT ('ü\\u00FC \\\"&%+#' AS ?x) {}",
    "SELECT * FROM <http://nowhere.example/> { ?s ?p ?o }",
    "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }",
    "SELECT (<x:y>() AS ?x) {}",
    "SELECT * { nonsense",
    "INSERT DATA { <x:a> <x:b> 1 }",
    "",
    LONG,
]
PARAMETERS: list[dict[str, str]] = [
    {},
    {"format": "csv"},
    {"format": "tsv"},
    {"format": "xml"},
    {"format": "turtle"},
    {"format": "xlsx"},
    {"format": "html"},
    {"format": "no such"},
    {"reading": "no such"},
    {"default-graph-uri": "http://nowhere.example/"},
    {"update": "CLEAR ALL"},
]
HEADERS: list[dict[str, str]] = [
    {},
    {"accept": "text/csv, */*;q=0.1"},
    {"accept": "application/n-triples, text/tab-separated-values"},
    {"accept": "image/png"},
    {"accept": BROWSER},
    {"accept_encoding": "gzip, deflate"},
    {"accept_encoding": "zstd, gzip"},
    {"if_none_match": '"x"'},
    {"request_id": "mine"},
]

Response = tuple[int, dict[bytes, bytes], bytes]


class Ways:
    """One application that answers without a task what can be, and one that never does."""

    def __init__(self, asker: Asker, direct: Application, ordinary: Application) -> None:
        self.asker = asker
        self.direct = direct
        self.ordinary = ordinary
        self.gone_direct = 0  # how many answers went without a task

    def both(self, scope: Scope) -> tuple[Response, Response]:
        return (
            self.asker.wait(self._directly(scope)),
            self.asker.wait(_asked(self.ordinary, scope)),
        )

    async def attempt(self, scope: Scope) -> tuple[Attempt | bytes | None, asyncio.Future[bytes]]:
        """What begins, and what is told of it in the end."""
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        begun = self.direct.at_once(scope, lambda response: answered.set_result(response or b""))
        if isinstance(begun, Attempt):
            begun.start()
        return begun, answered

    async def _directly(self, scope: Scope) -> Response:
        begun, answered = await self.attempt(scope)
        if isinstance(begun, Attempt):
            response = await answered
            if not response:
                return await _asked(self.direct, {**scope, ATTEMPT: begun})
        elif begun is None:
            return await _asked(self.direct, scope)
        else:
            response = begun
        self.gone_direct += 1
        head, _, content = response.partition(b"\r\n\r\n")
        pairs = [line.split(b": ", 1) for line in head.split(b"\r\n")]
        fields = {pair[0]: pair[1] for pair in pairs}
        assert len(fields) == len(pairs)
        return 200, _lasting(fields), content


async def _asked(application: Application, scope: Scope) -> Response:
    sent: list[Message] = []
    pending: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not pending:
            await asyncio.Event().wait()
        return pending.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], _lasting(dict(sent[0]["headers"])), content


def _lasting(fields: dict[bytes, bytes]) -> dict[bytes, bytes]:
    assert fields.keys() >= PASSING
    return {name: value for name, value in fields.items() if name not in PASSING}


@contextmanager
def ways(
    project: Project, limits: Limits, size: int = 2, log: Path | None = None
) -> Iterator[Ways]:
    pool = WorkerPool(
        project.dataset.snapshot(), size=size, timeout=limits.time, memory=limits.memory
    )
    other = WorkerPool(
        project.dataset.snapshot(), size=size, timeout=limits.time, memory=limits.memory
    )
    logs = [None if log is None else AccessLog(str(log / name)) for name in ("direct", "ordinary")]
    direct, ordinary = (
        Application(Service(project, each, limits), (), written)
        for each, written in zip((pool, other), logs, strict=True)
    )
    with Asker(direct, pool) as asker:
        asker.wait(other.start())
        try:
            yield Ways(asker, direct, ordinary)
        finally:
            other.close()
            for written in logs:
                if written is not None:
                    written.close()


@pytest.fixture(scope="module")
def running(orchard: Project) -> Iterator[Running]:
    with serving(orchard.folder, timeout=60) as server:
        yield server


@pytest.fixture(scope="module")
def limited(orchard: Project) -> Iterator[Ways]:
    with ways(orchard, Limits(rows=5, time=20)) as both:
        yield both


def asking(query: str, client: str = "192.0.2.1", **headers: str) -> Scope:
    return {
        **http_scope("GET", "/sparql", urlencode({"query": query}).encode(), **headers),
        "client": (client, 50000),
    }


@pytest.mark.parametrize("headers", HEADERS, ids=str)
@pytest.mark.parametrize("query", QUERIES)
def test_both_ways_give_the_same(limited: Ways, query: str, headers: dict[str, str]) -> None:
    scope = asking(query, **headers)
    for _ in range(2):  # the second time it may have been kept
        direct, ordinary = limited.both(scope)
        assert direct == ordinary


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize("query", [ALL, "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_parameters_do_the_same(limited: Ways, query: str, parameters: dict[str, str]) -> None:
    raw = urlencode({"query": query, **parameters}).encode()
    direct, ordinary = limited.both(http_scope("GET", "/sparql", raw))
    if "xlsx" in parameters.values() and direct[0] == 200:  # it tells the address that was asked
        assert direct[:2] == ordinary[:2]
    else:
        assert direct == ordinary


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=20),
    spelling=st.sampled_from(["&", "&&", "&a&", "&a=%", "&a=%zz", "&a=%ff", "&a=+%2B", "&query=x"]),
    safe=st.sampled_from(["", "/?:@", "'()*"]),
)
def test_however_a_query_is_spelt_both_ways_read_the_same(
    limited: Ways, text: str, spelling: str, safe: str
) -> None:
    query = f"SELECT ({json.dumps(text)} AS ?x) {{}}"
    raw = f"query={quote(query, safe, errors='surrogatepass')}{spelling}".encode()
    direct, ordinary = limited.both(http_scope("GET", "/sparql", raw))
    assert direct == ordinary


def test_small_answers_go_directly_and_no_others(orchard: Project) -> None:
    with ways(orchard, Limits()) as both:
        for number, (query, is_small) in enumerate(
            [(ALL, True), ("ASK {}", True), (PIECE, True), (LONG, False), ("nonsense", False)]
        ):
            before = both.gone_direct
            direct, ordinary = both.both(asking(query))
            assert direct == ordinary, number
            assert (both.gone_direct > before) is is_small
        begun, _ = both.asker.wait(both.attempt(asking(LONG)))
        assert begun is None  # it is kept, and goes in pieces


def test_an_answer_that_is_long_to_compress_is_handed_over(orchard: Project) -> None:
    with ways(orchard, Limits()) as both:
        scope = asking(f"{LONG.split('LIMIT', maxsplit=1)[0]} LIMIT 60", accept_encoding="gzip")
        direct, ordinary = both.both(scope)
        assert direct == ordinary
        assert both.gone_direct == 0
        direct, ordinary = both.both(asking(f"{ALL} LIMIT 20", accept_encoding="gzip"))
        assert direct == ordinary
        assert direct[1][b"content-encoding"] == b"gzip"
        assert both.gone_direct == 1


@pytest.mark.parametrize(
    ("query", "status", "reason"), [(ENDLESS, 504, "time"), (HUGE, 503, "memory")]
)
def test_a_query_is_stopped_at_its_limits(
    orchard: Project, query: str, status: int, reason: str
) -> None:
    limits = Limits(time=1 if reason == "time" else 30, memory=100 << 20)
    with ways(orchard, limits, size=1) as both:
        direct, ordinary = both.both(asking(query))
        assert direct == ordinary
        assert direct[0] == status
        for application in (both.direct, both.ordinary):
            kills = application._service.workers.kills
            assert {name: number for name, number in kills.items() if number} == {reason: 1}
        assert both.both(asking("ASK {}"))[0][0] == 200
        assert both.direct._service.admission.running == 0


async def _until(is_so: object) -> None:
    assert callable(is_so)
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


def test_a_query_whose_client_left_is_stopped_and_a_short_one_is_not(orchard: Project) -> None:
    with ways(orchard, Limits(time=20), size=1) as both:
        service = both.direct._service

        async def leave(query: str, expected: int) -> None:
            begun, answered = await both.attempt(asking(query))
            assert isinstance(begun, Attempt)
            assert service.admission.running == 1
            begun.abandon()
            await _until(lambda: service.admission.running == 0)
            assert not answered.done()
            assert service.workers.kills["left"] == expected

        both.asker.wait(leave("ASK {}", 0))
        both.asker.wait(leave(ENDLESS, 1))
        assert both.both(asking("ASK { ?s ?p ?o }"))[0][0] == 200


def test_one_client_has_its_share_on_both_ways_together(orchard: Project) -> None:
    limits = Limits(time=20, share=1)
    with ways(orchard, limits, size=2) as both:
        service = both.direct._service

        async def crowd() -> None:
            first, _ = await both.attempt(asking(ENDLESS, "192.0.2.1"))
            assert isinstance(first, Attempt)
            second, answered = await both.attempt(asking("ASK { ?x ?y 1 }", "192.0.2.1"))
            third = asyncio.create_task(_asked(both.direct, asking("ASK { ?x ?y 2 }", "192.0.2.1")))
            fourth, gone = await both.attempt(asking("ASK { ?x ?y 3 }", "192.0.2.1"))
            await _until(lambda: service.admission.waiting == 3)
            status, _, _ = await _asked(both.direct, asking("ASK { ?x ?y 4 }", "192.0.2.2"))
            assert status == 200
            _, other = await both.attempt(asking("ASK { ?x ?y 5 }", "192.0.2.2"))
            assert await other
            assert (service.admission.running, service.admission.waiting) == (1, 3)
            assert isinstance(fourth, Attempt)
            fourth.abandon()
            assert service.admission.waiting == 2
            first.abandon()
            assert await answered
            assert (await third)[0] == 200
            await _until(lambda: service.admission.running == 0)
            assert not gone.done()
            assert isinstance(second, Attempt)

        both.asker.wait(crowd())


def test_who_waits_too_long_or_behind_too_many_is_told_so(orchard: Project) -> None:
    with ways(orchard, Limits(time=0.5, queue=1, share=1), size=1) as both:
        service = both.direct._service

        async def crowd() -> list[Response]:
            await service.admission.enter("192.0.2.1", None)
            both.ordinary._service.admission._free = 0
            responses = []
            waiting = asyncio.create_task(both._directly(asking("ASK { ?x ?y 1 }")))
            await _until(lambda: service.admission.waiting == 1)
            responses.append(await both._directly(asking("ASK { ?x ?y 2 }")))
            responses.append(await waiting)
            return responses

        responses = both.asker.wait(crowd())
        assert [status for status, _, _ in responses] == [503, 503]
        assert [json.loads(content)["type"].rpartition("/")[2] for _, _, content in responses] == [
            "busy",
            "busy",
        ]
        assert service.admission.refused == 2
        assert service.admission.waiting == 0


def test_the_same_is_counted_and_logged(orchard: Project, tmp_path: Path) -> None:
    def samples(application: Application) -> dict[tuple[str, ...], float]:
        _, _, content = both.asker.wait(_asked(application, http_scope("GET", "/metrics")))
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(content.decode())
            for sample in family.samples
            if not sample.name.endswith(("_seconds_sum", "_seconds_bucket"))
        }

    with ways(orchard, Limits(rows=5, time=20), log=tmp_path) as both:
        for query in (ALL, ALL, f" {ALL}", "SELECT (RAND() AS ?r) {}", "nonsense", LONG):
            both.both(asking(query, request_id="mine"))
        assert both.gone_direct >= 3
        direct, ordinary = samples(both.direct), samples(both.ordinary)
        assert direct.pop(("cosigraph_answer_bytes_total", "/sparql")) == pytest.approx(
            ordinary.pop(("cosigraph_answer_bytes_total", "/sparql")), abs=10
        )  # a random number may have a digit less
        assert direct == ordinary
        assert direct["cosigraph_queries_total", "answered"] == 4
    lines = [
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        for name in ("direct", "ordinary")
    ]
    for each in (line for log in lines for line in log):
        for passing in ("time", "seconds", "bytes"):
            del each[passing]
        for passing in ("wait", "run"):
            each.get("query", {}).pop(passing, None)
        if each["route"] == "/metrics":
            each["request"] = ""
    assert lines[0] == lines[1]
    assert {line["query"]["form"] for line in lines[0] if "query" in line} == {"SELECT"}


def test_what_a_client_left_is_counted_and_logged_as_left(
    running: Running,
) -> None:
    address = urlsplit(running.address)

    def count(sample: str) -> float:
        text = httpx.get(f"{running.address}metrics").text
        found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    with socket.create_connection((address.hostname, address.port or 80), 20) as connection:
        target = f"/sparql?{urlencode({'query': ENDLESS})}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        begun = time.monotonic()
        while not count("cosigraph_queries_running") and time.monotonic() < begun + 20:
            time.sleep(0.01)
    while not count('cosigraph_kills_total{reason="left"}') and time.monotonic() < begun + 20:
        time.sleep(0.01)
    assert count('cosigraph_kills_total{reason="left"}') == 1
    assert count('cosigraph_queries_total{outcome="left"}') == 1
    assert count("cosigraph_queries_running") == 0


def test_the_last_answer_of_a_connection_says_so(running: Running) -> None:
    address = urlsplit(running.address)
    with socket.create_connection((address.hostname, address.port or 80), 20) as connection:
        target = f"/sparql?{urlencode({'query': PAUSE})}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n".encode())
        received = b""
        while more := connection.recv(1 << 16):
            received += more
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.count(b"HTTP/1.1") == 1
    assert b"\r\nconnection: close\r\n" in received


def test_a_version_that_was_written_meanwhile_is_not_mixed_in(orchard: Project) -> None:
    with ways(orchard, Limits(time=20), size=1) as both:
        service = both.direct._service

        async def answered() -> Response:
            begun, told = await both.attempt(asking(LONG))
            assert isinstance(begun, Attempt)
            edition = service.latest
            assert begun.edition is edition
            assert await told == b""
            return await _asked(both.direct, {**asking(LONG), ATTEMPT: begun})

        before = time.monotonic()
        assert both.asker.wait(answered())[0] == 200
        assert service.workers.kills.total() == 0, time.monotonic() - before
