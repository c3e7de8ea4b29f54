# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families

import cosigraph
from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def service(orchard: Project) -> Service:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=1)
    return Service(orchard, pool, Limits(rows=3))


@pytest.fixture
def counted(service: Service) -> Iterator[Asker]:
    with Asker(Application(service), service.workers) as asker:
        yield asker


def values(asker: Asker) -> dict[tuple[str, ...], float]:
    answer = asker.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(counted: Asker) -> None:
    for _ in range(2):
        counted.sparql("ASK {}")
    counted.request("HEAD", "/queries/trees.csv")
    counted.request("BREW", "/" + "x" * 100)
    now = values(counted)
    assert now["cosigraph_requests_total", *sorted(["/sparql", "GET", "200"])] == 2
    route = "/queries/{name}.{extension}"
    assert now["cosigraph_requests_total", *sorted([route, "HEAD", "200"])] == 1
    assert now["cosigraph_requests_total", "404", "other", "other"] == 1
    assert now["cosigraph_request_seconds_count", "/sparql"] == 2
    assert now["cosigraph_answer_bytes_total", "/sparql"] == 2 * len(b'{"head":{},"boolean":true}')
    assert now["cosigraph_answer_bytes_total", route] == 0


def test_queries_are_counted_by_what_became_of_them(counted: Asker) -> None:
    counted.sparql("SELECT * { ?s ?p ?o }")
    counted.sparql("SELECT (<x:y>() AS ?x) {}")
    assert counted.sparql(ENDLESS).status_code == 504
    now = values(counted)
    assert now["cosigraph_queries_total", "answered"] == 1
    assert now["cosigraph_queries_total", "query"] == 1
    assert now["cosigraph_queries_total", "query-timeout"] == 1
    assert now["cosigraph_answers_cut_off_total",] == 1
    assert now["cosigraph_kills_total", "time"] == 1
    assert now["cosigraph_kills_total", "memory"] == 0
    assert now["cosigraph_query_seconds_sum",] > 1
    assert now["cosigraph_query_wait_seconds_count",] == 3
    assert now["cosigraph_queries_refused_total",] == 0


def test_the_state_is_that_of_now(counted: Asker, orchard: Project) -> None:
    now = values(counted)
    assert now["cosigraph_queries_running",] == 0
    assert now["cosigraph_queries_waiting",] == 0
    assert now["cosigraph_workers",] == 1
    assert now["cosigraph_dataset_info", *sorted([cosigraph.__version__, orchard.version])] == 1


def test_other_parts_may_add_counters(counted: Asker, service: Service) -> None:
    hits = Counter("cosigraph_cache_hits", "Hits", registry=service.metrics.registry)
    hits.inc(3)
    assert values(counted)["cosigraph_cache_hits_total",] == 3
