# SPDX-License-Identifier: Apache-2.0
"""``/metrics``: the server's counters in the format of Prometheus.

Each part of the server may add its own to ``Metrics.registry``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from cosigraph.workers import WorkerPool

from .admission import Admission
from .cache import Cache
from .methods import READING_METHODS
from .record import Record

if TYPE_CHECKING:
    from fastapi import FastAPI

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_LEFT = "none"  # the status where the client left before it had one


class Metrics:
    """The counters of one server.

    Args:
        pools: what runs queries
        admission: what lets them run
        facts: labels that tell software and data apart

    Attributes:
        registry: where all counters are; others may be added
    """

    def __init__(
        self,
        pools: Sequence[WorkerPool],
        admission: Admission,
        facts: Callable[[], dict[str, str]],
    ) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "cosigraph_requests", "Requests", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "cosigraph_request_seconds",
            "Seconds from a request to the end of its answer",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._bytes = Counter(
            "cosigraph_answer_bytes", "Bytes of content sent", ["route"], registry=registry
        )
        self._queries = Counter(
            "cosigraph_queries", "Queries that were run, by outcome", ["outcome"], registry=registry
        )
        self._wait = Histogram(
            "cosigraph_query_wait_seconds",
            "Seconds that a query waited for its turn",
            buckets=_SECONDS,
            registry=registry,
        )
        self._run = Histogram(
            "cosigraph_query_seconds",
            "Seconds that a query ran, its answer's way to the client included",
            buckets=_SECONDS,
            registry=registry,
        )
        self._cut = Counter(
            "cosigraph_answers_cut_off", "Answers that reached the limit of rows", registry=registry
        )
        self._request = lru_cache(maxsize=1024)(self._requests.labels)
        self._by_route = lru_cache(maxsize=64)(self._route)
        registry.register(_State(pools, admission, facts))
        self._caches = _Caches()
        registry.register(self._caches)

    def add_cache(self, name: str, cache: Cache[Any]) -> None:
        """Tell of a cache as well."""
        self._caches.by_name[name] = cache

    def observe(self, record: Record) -> None:
        """Count a request that is over."""
        self._request(record.route, record.method, str(record.status or _LEFT)).inc()
        seconds, content = self._by_route(record.route)
        seconds.observe(record.duration)
        content.inc(record.bytes)
        if record.outcome:
            self._queries.labels(record.outcome).inc()
            self._wait.observe(record.wait)
            self._run.observe(record.run)
        if record.is_cut:
            self._cut.inc()

    def _route(self, route: str) -> tuple[Histogram, Counter]:
        return self._seconds.labels(route), self._bytes.labels(route)


class _State(Collector):
    """What is looked up when it is asked for."""

    def __init__(
        self,
        pools: Sequence[WorkerPool],
        admission: Admission,
        facts: Callable[[], dict[str, str]],
    ) -> None:
        self._pools = pools
        self._admission = admission
        self._facts = facts

    def collect(self) -> Iterable[Metric]:
        """The state now."""
        for name, told, value in self._gauges():
            yield GaugeMetricFamily(name, told, value=value())
        kills = CounterMetricFamily(
            "cosigraph_kills", "Processes that were ended, by the reason", labels=["reason"]
        )
        for reason in ("time", "memory", "left", "lost"):
            kills.add_metric([reason], sum(pool.kills[reason] for pool in self._pools))
        yield kills
        yield CounterMetricFamily(
            "cosigraph_queries_refused", "Queries told to come back", value=self._admission.refused
        )
        facts = self._facts()
        dataset = GaugeMetricFamily("cosigraph_dataset_info", "What is served", labels=list(facts))
        dataset.add_metric(list(facts.values()), 1)
        yield dataset

    def _gauges(self) -> list[tuple[str, str, Callable[[], int]]]:
        pools, admission = self._pools, self._admission
        return [
            ("cosigraph_queries_running", "Queries that run", lambda: admission.running),
            ("cosigraph_queries_waiting", "Queries that wait", lambda: admission.waiting),
            (
                "cosigraph_workers",
                "Processes that live",
                lambda: sum(len(pool.process_ids) for pool in pools),
            ),
        ]


class _Caches(Collector):
    """What the caches hold and have given."""

    def __init__(self) -> None:
        self.by_name: dict[str, Cache[Any]] = {}

    def collect(self) -> Iterable[Metric]:
        """The state now."""
        lookups = CounterMetricFamily(
            "cosigraph_cache_lookups", "Times an answer was looked for", labels=["cache", "result"]
        )
        size = GaugeMetricFamily("cosigraph_cache_bytes", "Bytes kept", labels=["cache"])
        for name, cache in self.by_name.items():
            lookups.add_metric([name, "hit"], cache.hits)
            lookups.add_metric([name, "miss"], cache.misses)
            size.add_metric([name], cache.size)
        yield lookups
        yield size


def add_metrics(app: FastAPI, metrics: Metrics) -> None:
    """Add the route to ``app``."""

    @app.api_route("/metrics", methods=READING_METHODS, include_in_schema=False)
    async def all_metrics() -> Response:
        content = generate_latest(metrics.registry)
        fields = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return Response(content, headers=fields)
