# SPDX-License-Identifier: Apache-2.0
"""What has been answered once is not worked out again, and nothing else is given instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from cosigraph import Project
from cosigraph.changes import Change
from cosigraph.formats import ResultFormat
from cosigraph.limits import Limits
from cosigraph.store import PIECE, Query, Snapshot
from cosigraph.workers import Account, WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.cache import Cache, CachedAnswers, CachedResponses
from cosigraph_api.codings import Coding
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope

SELECT = "SELECT ?code WHERE { ?tree a orch:Tree ; skos:notation ?code } ORDER BY ?code"
SPELT_ANEW = f"# the trees\n{SELECT.replace(' ', '  ')}\n"
FORM = "application/x-www-form-urlencoded"


class CountingPool(WorkerPool):
    """Remembers which queries it has run."""

    asked: list[Query | Change]

    async def execute(
        self,
        query: Query | Change,
        timeout: float | None = None,
        account: Account | None = None,
        setup: Snapshot | None = None,
    ) -> AsyncIterator[bytes]:
        self.asked.append(query)
        async for piece in super().execute(query, timeout, account, setup):
            yield piece


class Counted:
    """The orchard's server, and how many queries its engine was asked."""

    def __init__(self, asker: Asker, pool: CountingPool) -> None:
        self.asker = asker
        self._pool = pool

    def queries(self) -> int:
        """How many queries were run since this was asked last."""
        number = len(self._pool.asked)
        self._pool.asked.clear()
        return number


def counted(orchard: Project, cache_bytes: int) -> Iterator[Counted]:
    pool = CountingPool(orchard.dataset.snapshot(), size=1, timeout=20)
    pool.asked = []
    with Asker(Application(Service(orchard, pool, cache_bytes=cache_bytes)), pool) as asker:
        yield Counted(asker, pool)


@pytest.fixture
def server(orchard: Project) -> Iterator[Counted]:
    yield from counted(orchard, 1024 * 1024)


@pytest.fixture
def forgetful(orchard: Project) -> Iterator[Counted]:
    yield from counted(orchard, 0)


def lasting(answer: httpx.Response) -> dict[str, str]:
    """The fields of an answer without those that are of the request alone."""
    own = {"request-id", "server-timing"}
    return {name: value for name, value in answer.headers.items() if name not in own}


# Requests


def test_the_same_request_is_run_once_and_answered_alike(server: Counted) -> None:
    first, second = server.asker.sparql(SELECT), server.asker.sparql(SELECT)
    assert server.queries() == 1
    assert second.content == first.content
    assert lasting(second) == lasting(first)


def test_a_post_is_run_once_however_its_body_comes(server: Counted) -> None:
    for _ in range(2):
        assert server.asker.request("POST", "/sparql", data={"query": SELECT}).status_code == 200
    headers = {"Content-Type": "application/sparql-query"}
    for _ in range(2):
        answer = server.asker.request("POST", "/sparql", content=SELECT, headers=headers)
        assert answer.status_code == 200
    assert server.queries() == 1


def test_what_is_wrong_with_a_request_is_told_although_another_was_right(server: Counted) -> None:
    query = {"query": SELECT}
    assert server.asker.request("GET", "/sparql", params=query).status_code == 200
    assert server.asker.request("POST", "/sparql", params=query).status_code == 415
    headers = {"Content-Type": FORM}
    assert server.asker.request("POST", "/sparql", data=query, headers=headers).status_code == 200
    headers = {"Content-Type": "text/plain"}
    answer = server.asker.request("POST", "/sparql", content=b"query=", headers=headers)
    assert answer.status_code == 415
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    answer = server.asker.request("POST", "/sparql", data=query, headers=headers)
    assert answer.status_code == 415


def test_head_is_answered_by_what_get_has_left(server: Counted) -> None:
    answer = server.asker.sparql(SELECT)
    head = server.asker.request("HEAD", "/sparql", params={"query": SELECT})
    assert server.queries() == 1
    assert (head.content, lasting(head)) == (b"", lasting(answer))


def test_head_leaves_nothing_for_get(server: Counted) -> None:
    server.asker.request("HEAD", "/sparql", params={"query": SELECT})
    assert server.asker.sparql(SELECT).json()["results"]["bindings"]


def test_the_answer_is_in_the_format_that_is_accepted(server: Counted) -> None:
    media_types = ["text/csv", "application/sparql-results+json", "text/csv", "text/html"]
    for media_type in media_types:
        answer = server.asker.sparql(SELECT, accept=media_type)
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("coding", Coding)
def test_the_answer_is_in_the_coding_that_is_accepted(server: Counted, coding: Coding) -> None:
    plain = server.asker.sparql(SELECT)
    headers = {"Accept-Encoding": coding}
    request = {"params": {"query": SELECT + " # longer than a kilobyte"}, "headers": headers}
    tags = {server.asker.request("GET", "/sparql", **request).headers["etag"] for _ in range(2)}
    assert len(tags) == 1
    assert plain.headers["etag"] not in tags


def test_a_client_that_has_the_answer_is_told_so(server: Counted) -> None:
    tag = server.asker.sparql(SELECT).headers["etag"]
    for have in (tag, f'"other", {tag}', f"W/{tag}"):
        headers = {"If-None-Match": have}
        answer = server.asker.request("GET", "/sparql", params={"query": SELECT}, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert answer.headers["cache-control"] == "no-cache"
    for have in ('"other"', "*"):
        headers = {"If-None-Match": have}
        answer = server.asker.request("GET", "/sparql", params={"query": SELECT}, headers=headers)
        assert answer.status_code == 200
    headers = {"If-None-Match": tag}
    for _ in range(2):
        form = {"query": SELECT}
        answer = server.asker.request("POST", "/sparql", data=form, headers=headers)
        assert answer.status_code == 200
    assert server.queries() == 1


def test_a_canned_query_is_run_once_and_in_every_format(server: Counted) -> None:
    first = server.asker.get("/queries/trees.csv")
    server.queries()
    assert server.asker.get("/queries/trees.csv").content == first.content
    assert server.asker.get("/queries/trees.json").status_code == 200
    assert server.queries() == 0
    old = server.asker.get("/queries/trees.csv", params={"planted-before": "1900-01-01"})
    assert old.content != first.content


def test_what_names_the_server_names_it_as_it_was_asked(server: Counted) -> None:
    for host in ("one.example", "two.example"):
        answer = server.asker.request("GET", "/sparql", headers={"Host": host})
        assert f"<http://{host}/sparql>" in answer.text


def test_errors_are_not_kept(server: Counted) -> None:
    for _ in range(2):
        assert server.asker.sparql("SELECT ?a { ?a }").status_code == 400
    assert server.queries() == 2


def test_nothing_is_kept_without_room(forgetful: Counted) -> None:
    assert forgetful.asker.sparql(SELECT).content == forgetful.asker.sparql(SELECT).content
    assert forgetful.queries() == 2


# Queries


def test_spellings_share_an_answer(server: Counted) -> None:
    assert server.asker.sparql(SELECT).content == server.asker.sparql(SPELT_ANEW).content
    assert server.asker.sparql(SELECT, unknown="parameter").status_code == 200
    assert server.queries() == 1


def test_dataset_reading_and_format_make_other_answers(server: Counted, orchard: Project) -> None:
    graph = orchard.configuration.base + "graph/trees"
    query = "SELECT (COUNT(*) AS ?n) { ?tree orch:flavour ?flavour }"
    asked: list[dict[str, str]] = [
        {},
        {"reading": "second"},
        {"default-graph-uri": graph},
        {"named-graph-uri": graph},
        {"format": "csv"},
    ]
    for _ in range(2):
        answers = [server.asker.sparql(query, **parameters).content for parameters in asked]
        assert answers[2] != answers[0]
        assert answers[4] != answers[0]
    assert server.queries() == len(asked)


@pytest.mark.parametrize("expression", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_is_run_each_time(server: Counted, expression: str) -> None:
    query = f"SELECT ({expression} AS ?x) {{}}"
    answers = {server.asker.sparql(query).content for _ in range(3)}
    assert server.queries() == 3
    assert len(answers) > 1 or expression == "BNODE()"


ASK = Query("ASK {}", ResultFormat.JSON)


def test_an_answer_that_failed_is_not_kept() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"beginning"
        raise LookupError

    async def scenario() -> None:
        answers = CachedAnswers(lambda: "1", 1024 * 1024)
        key = answers.key(ASK)
        assert key is not None
        pieces = answers.keeping(key, failing(), Account())
        assert await anext(pieces) == b"beginning"
        with pytest.raises(LookupError):
            await anext(pieces)
        assert answers.cache.get(key) is None

    asyncio.run(scenario())


def test_a_reader_that_leaves_leaves_no_answer() -> None:
    async def answered() -> AsyncIterator[bytes]:
        yield b"beginning"
        yield b"end"

    async def scenario() -> None:
        answers = CachedAnswers(lambda: "1", 1024 * 1024)
        key = answers.key(ASK)
        assert key is not None
        left: Any = answers.keeping(key, answered(), Account())
        await anext(left)
        await left.aclose()
        assert answers.cache.get(key) is None
        assert [piece async for piece in answers.keeping(key, answered(), Account())]
        kept = answers.cache.get(key)
        assert kept is not None
        assert [piece async for piece in kept.pieces()] == [b"beginningend"]

    asyncio.run(scenario())


def test_an_answer_from_the_cache_takes_no_turn_and_still_says_that_it_was_cut_off(
    orchard: Project,
) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    service = Service(orchard, pool, Limits(rows=2, queue=0))
    with Asker(Application(service), pool) as asker:
        first = asker.sparql(SELECT)
        running = service.admission.enter("somebody", None)
        asyncio.run(running)
        again = asker.sparql(SPELT_ANEW)
        assert again.content == first.content
        assert again.headers["cosigraph-truncated"] == first.headers["cosigraph-truncated"]
        other = asker.sparql("SELECT * {}")
        assert other.status_code == 503


# Versions


def responses(version: str, said: bytes) -> CachedResponses:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        fields = [(b"etag", b'"t"'), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": said, "more_body": False})

    return CachedResponses(application, lambda: version, 1024 * 1024, ("/sparql",))


def sent_by(application: CachedResponses, scope: Scope) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    asyncio.run(application(scope, receive, send))
    return sent


def test_another_version_is_never_answered_from_the_old_one() -> None:
    old, new = responses("1", b"old"), responses("2", b"new")
    new.cache = old.cache
    scope = http_scope("GET", "/sparql", b"query=ASK+{}")
    for _ in range(2):
        assert sent_by(old, scope)[1]["body"] == b"old"
        assert sent_by(new, scope)[1]["body"] == b"new"


def test_another_version_of_the_data_has_other_tags(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot())
    service, other = Service(orchard, pool), Service(orchard, pool)
    assert service.entity_tag("x") == other.entity_tag("x")
    other.latest.state = "of another version"
    assert service.entity_tag("x") != other.entity_tag("x")


def test_a_long_answer_that_is_kept_goes_in_pieces() -> None:
    long = bytes(3 * PIECE + 7)
    kept = responses("1", long)
    kept.cache = Cache(100 * len(long))
    scope = http_scope("GET", "/sparql", b"query=ASK+{}")
    sent_by(kept, scope)
    start, *bodies = sent_by(kept, scope)
    assert b"".join(body["body"] for body in bodies) == long
    assert max(len(body["body"]) for body in bodies) == PIECE
    assert [body["more_body"] for body in bodies] == [True, True, True, False]
    assert (b"content-length", str(len(long)).encode()) in start["headers"]


# Room


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9000)), max_size=80))
def test_it_never_holds_more_than_it_may(puts: list[tuple[int, int]]) -> None:
    cache: Cache[int] = Cache(40_000)
    for key, size in puts:
        cache.put(key, size, size)
        assert 0 <= cache.size <= cache.capacity
        assert cache.size == sum(kept for _, kept in cache._entries.values())
        assert cache.get(key) in {size, None} or size > cache.largest - 1024


def test_what_was_used_longest_ago_goes_first() -> None:
    cache: Cache[str] = Cache(10 * 2024)
    for key in "abcdefghij":
        cache.put(key, key, 1000)
    assert cache.get("a") == "a"
    cache.put("k", "k", 1000)
    assert (cache.get("a"), cache.get("b"), cache.get("k")) == ("a", None, "k")


def test_what_is_too_large_pushes_nothing_out() -> None:
    cache: Cache[str] = Cache(100_000)
    cache.put("small", "small", 10)
    cache.put("large", "large", 50_000)
    assert (cache.get("small"), cache.get("large")) == ("small", None)
