# SPDX-License-Identifier: Apache-2.0
"""What is counted for each request, in plain numbers that only the event loop's thread touches.

A counter of prometheus_client takes a lock and a microsecond for each number, and a request has a
dozen of them; here they become its metrics only when somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from .record import Record

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_BOUNDS = [*(str(float(bound)) for bound in _SECONDS), "+Inf"]
_LEFT = "none"  # the status where the client left before it had one


class _Durations:
    """A histogram of seconds."""

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * len(_BOUNDS)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(_SECONDS, seconds)] += 1
        self.sum += seconds

    def add_to(self, metric: HistogramMetricFamily, *labels: str) -> None:
        """Add the state now to the metric."""
        buckets = list(zip(_BOUNDS, accumulate(self.counts), strict=True))
        metric.add_metric(labels, buckets, self.sum)


class Tallies(Collector):
    """The counters of the requests to one server."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._bytes: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._seconds: defaultdict[str, _Durations] = defaultdict(_Durations)
        self._wait, self._run = _Durations(), _Durations()
        self._cut = 0

    def observe(self, record: Record) -> None:
        """Count a request that is over."""
        route = record.route
        self._requests[route, record.method, record.status] += 1
        self._bytes[route] += record.bytes
        self._seconds[route].observe(record.duration)
        if record.outcome:
            self._outcomes[record.outcome] += 1
            self._wait.observe(record.wait)
            self._run.observe(record.run)
        self._cut += record.is_cut

    def collect(self) -> Iterable[Metric]:
        """The state now."""
        requests = CounterMetricFamily(
            "cosigraph_requests", "Requests", labels=["route", "method", "status"]
        )
        for (route, method, status), number in self._requests.items():
            requests.add_metric([route, method, str(status or _LEFT)], number)
        seconds = HistogramMetricFamily(
            "cosigraph_request_seconds",
            "Seconds from a request to the end of its answer",
            labels=["route"],
        )
        for route, durations in self._seconds.items():
            durations.add_to(seconds, route)
        content = CounterMetricFamily(
            "cosigraph_answer_bytes", "Bytes of content sent", labels=["route"]
        )
        for route, number in self._bytes.items():
            content.add_metric([route], number)
        return [requests, seconds, content, *self._of_queries()]

    def _of_queries(self) -> Iterable[Metric]:
        outcomes = CounterMetricFamily(
            "cosigraph_queries", "Queries that were run, by outcome", labels=["outcome"]
        )
        for outcome, number in self._outcomes.items():
            outcomes.add_metric([outcome], number)
        wait = HistogramMetricFamily(
            "cosigraph_query_wait_seconds", "Seconds that a query waited for its turn"
        )
        self._wait.add_to(wait)
        run = HistogramMetricFamily(
            "cosigraph_query_seconds",
            "Seconds that a query ran, its answer's way to the client included",
        )
        self._run.add_to(run)
        cut = CounterMetricFamily(
            "cosigraph_answers_cut_off", "Answers that reached the limit of rows", value=self._cut
        )
        return [outcomes, wait, run, cut]
