# SPDX-License-Identifier: Apache-2.0
"""What a client may ask of the server, and how it is told where that ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.row_limit import REACHED
from cosigraph.workers import WorkerPool
from cosigraph_api.addresses import networks
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope
from tests.api.asking_pages import read_page

ALL = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?i LIMIT 1"
GRAPH = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ANEW = "ASK { FILTER (RAND() < 2) }"  # never answered from a cache
MEBIBYTE = 1024 * 1024
LIMITS = Limits(rows=5, size=MEBIBYTE, memory=50 * MEBIBYTE, share=1, queue=1, body=2000)


@pytest.fixture(scope="module")
def limited(orchard: Project) -> Iterator[Asker]:
    snapshot = orchard.dataset.snapshot()
    pool = WorkerPool(snapshot, size=2, timeout=5, memory=LIMITS.memory)
    service = Service(orchard, pool, LIMITS)
    with Asker(Application(service, networks(["127.0.0.1"])), pool) as asker:
        yield asker


# Rows


def test_the_limit_of_rows_is_told_before_the_first(limited: Asker, asker: Asker) -> None:
    assert limited.sparql("SELECT * {}").headers["cosigraph-row-limit"] == "5"
    assert asker.sparql("SELECT * {}").headers["cosigraph-row-limit"] == "1000000"
    assert "cosigraph-truncated" not in limited.sparql("SELECT * {}").headers


def test_a_table_that_was_cut_off_says_so_wherever_there_is_room(limited: Asker) -> None:
    answer = limited.sparql(ALL)
    assert answer.headers["cosigraph-truncated"] == "true"
    assert len(answer.json()["results"]["bindings"]) == 5
    assert answer.json()["head"]["link"] == [REACHED]
    answer = limited.sparql(ALL, accept="application/sparql-results+xml")
    assert answer.text.count("<result>") == 5
    assert "<!-- Cut off here" in answer.text
    for accept in ("text/csv", "text/tab-separated-values"):
        answer = limited.sparql(ALL, accept=accept)
        assert len(answer.text.splitlines()) == 6
        assert answer.headers["cosigraph-truncated"] == "true"


@pytest.mark.parametrize("format_", ["turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"])
def test_a_graph_that_was_cut_off_says_so_in_its_head(limited: Asker, format_: str) -> None:
    answer = limited.sparql(GRAPH, format=format_)
    assert answer.headers["cosigraph-row-limit"] == "5"
    assert answer.headers["cosigraph-truncated"] == "true"
    assert ("Cut off here" in answer.text) == (format_ != "jsonld")


def test_an_answer_within_the_limit_is_not_called_cut_off(limited: Asker) -> None:
    answer = limited.sparql(f"{ALL} LIMIT 5")
    assert len(answer.json()["results"]["bindings"]) == 5
    assert "link" not in answer.json()["head"]
    assert "cosigraph-truncated" not in answer.headers


def test_a_page_shows_no_more_rows_than_the_limit(limited: Asker) -> None:
    page = read_page(limited.page("/sparql", params={"query": ALL}).text)
    assert len(page.all("tr")) == 6


def test_a_canned_answer_is_never_cut_off(limited: Asker, asker: Asker) -> None:
    whole = asker.get("/queries/trees.json")
    assert len(whole.json()) > 0
    assert limited.get("/queries/trees.json").content == whole.content


def test_the_limit_is_one_of_the_things_that_a_tag_stands_for(limited: Asker, asker: Asker) -> None:
    assert limited.sparql(ALL).headers["etag"] != asker.sparql(ALL).headers["etag"]


# Bytes and memory


def test_an_answer_that_is_too_large_never_looks_complete(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    service = Service(orchard, pool, Limits(rows=None, size=MEBIBYTE))
    with Asker(Application(service), pool) as asker:
        query = f"query={httpx.QueryParams({'q': LARGE})['q']}".replace(" ", "+").encode()
        body = {"type": "http.request", "body": b"", "more_body": False}
        start, *bodies = asker.exchange(http_scope("GET", "/sparql", query), [body])
        assert start["status"] == 200
        assert bodies[-1]["more_body"]
        assert "cosigraph-row-limit" not in dict(start["headers"])
        processes = pool.process_ids
        assert asker.sparql("ASK {}").status_code == 200
        assert pool.process_ids == processes


def test_an_answer_that_is_known_to_be_too_large_is_503(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(orchard, pool, Limits(size=100))), pool) as asker:
        answer = asker.sparql(ALL)
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/answer-too-large")


def test_a_query_that_needs_too_much_memory_is_503_and_others_do_not_notice(
    limited: Asker,
) -> None:
    answer = limited.sparql(SORT)
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/query-memory")
    assert "retry-after" not in answer.headers
    assert limited.sparql("ASK {}").json()["boolean"] is True


# How many at once


def ask_as(client: str, asker: Asker, query: str) -> httpx.Response:
    headers = {"X-Forwarded-For": client}
    return asker.request("GET", "/sparql", params={"query": query}, headers=headers)


def test_beyond_its_share_a_client_waits_and_beyond_the_queue_it_is_told_to_come_back(
    limited: Asker,
) -> None:
    answers: dict[str, httpx.Response] = {}

    def ask(name: str, query: str) -> threading.Thread:
        def run() -> None:
            answers[name] = ask_as("198.51.100.1", limited, query)

        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(0.3)
        return thread

    threads = [ask("runs", ENDLESS), ask("waits", ANEW), ask("comes back", ANEW)]
    begun = time.monotonic()
    assert ask_as("198.51.100.2", limited, "ASK {}").status_code == 200  # another client
    assert limited.get("/healthz").status_code == 200
    assert time.monotonic() - begun < 1
    for thread in threads:
        thread.join()
    assert answers["runs"].status_code == 504
    assert answers["comes back"].status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answers["comes back"].headers["retry-after"] == "10"
    assert answers["comes back"].json()["type"].endswith("/busy")
    assert answers["waits"].status_code in {200, 503}  # its wait is over at about that moment
    assert "wait;dur=" in answers["waits"].headers["server-timing"]


def test_what_is_not_modified_takes_no_turn(limited: Asker) -> None:
    tag = ask_as("198.51.100.1", limited, "ASK {}").headers["etag"]
    running = threading.Thread(target=ask_as, args=("198.51.100.1", limited, ENDLESS))
    running.start()
    time.sleep(0.3)
    begun = time.monotonic()
    headers = {"X-Forwarded-For": "198.51.100.1", "If-None-Match": tag}
    answer = limited.request("GET", "/sparql", params={"query": "ASK {}"}, headers=headers)
    assert answer.status_code == 304
    assert time.monotonic() - begun < 1
    running.join()


def test_the_body_has_a_limit_of_its_own(limited: Asker) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    body = json.dumps("x" * 3000)
    answer = limited.request("POST", "/sparql", content=body, headers=headers)
    assert answer.status_code == 413
    assert "2,000 bytes" in answer.json()["detail"]
    assert answer.headers["connection"] == "close"
