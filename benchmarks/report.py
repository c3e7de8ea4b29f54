# SPDX-License-Identifier: Apache-2.0
"""What was measured, as a table and as a page; ratios count, as they hold on other machines too."""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from statistics import median
from typing import Any

from .load import Download
from .servers import COSIGRAPH, OXIGRAPH, RDFLIB

NAMES = (COSIGRAPH, OXIGRAPH, RDFLIB)
NOISY = 1.5  # a ratio that varies by more than this factor between rounds is marked


@dataclass
class Table:
    """A table of the page."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def text(self) -> str:
        """The table in Markdown."""
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def spread(ratios: list[float]) -> str:
    """A ratio as its median, with the least and the greatest of the rounds."""
    mark = " (noisy)" if max(ratios) > NOISY * min(ratios) else ""
    return f"**{median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f}){mark}"


class Report:
    """Gathers what was measured."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._bars: list[list[str]] = []
        self._throughput = Table(
            "Small queries, requests a second",
            ["answer", "connections", *NAMES, f"to {OXIGRAPH}", f"to {RDFLIB}"],
        )
        self._latency = Table("", ["", COSIGRAPH, OXIGRAPH, "ratio"])
        self._large = Table("", ["100,000 rows as", "", *NAMES])
        self._start: dict[str, float] = {}
        self._peaks: dict[str, str] = {}
        self._flat = ""

    def throughput(self, kind: str, connections: int, rates: dict[str, list[float]]) -> None:
        """Note the rates of the rounds."""
        ours = rates[COSIGRAPH]
        to_oxigraph, to_rdflib = (_ratios(ours, rates[name]) for name in (OXIGRAPH, RDFLIB))
        self._throughput.rows.append(
            [
                *(kind, str(connections)),
                *(f"{median(rates[name]):,.0f}" for name in NAMES),
                *(spread(to_oxigraph), spread(to_rdflib)),
            ]
        )
        least = 1.1 if kind == "cached" else 0.5
        at = f"{kind}, {connections} connection{'s' * (connections > 1)}"
        self._bar(f"{at}: to {OXIGRAPH}", median(to_oxigraph), at_least=least)
        self._bar(f"{at}: to {RDFLIB}", median(to_rdflib), at_least=8)

    def latency(self, rate: float, latencies: dict[str, list[float]]) -> None:
        """Note the latencies at a fixed rate."""
        ours, theirs = latencies[COSIGRAPH], latencies[OXIGRAPH]
        ratios = _ratios(ours, theirs)
        self._latency.rows.append(
            [f"99 in 100 at {rate:,.0f} requests a second", _ms(ours), _ms(theirs), spread(ratios)]
        )
        self._bar(f"99 in 100: to {OXIGRAPH}", median(ratios), at_most=2)

    def start_up(self, seconds: dict[str, float]) -> None:
        """Note the times to the first answer."""
        self._start = seconds

    def large(self, kind: str, name: str, downloads: list[Download]) -> None:
        """Note the times of large answers."""
        column = self._large.head.index(name)
        for what, values in (
            ("first byte, ms", [each.first_byte for each in downloads]),
            ("all, ms", [each.total for each in downloads]),
        ):
            row = next((row for row in self._large.rows if row[:2] == [kind, what]), None)
            if row is None:
                row = [kind, what, *([""] * len(NAMES))]
                self._large.rows.append(row)
            row[column] = f"{median(values) * 1000:,.0f}"

    def peak(self, name: str, before: float, peak: float) -> None:
        """Note the memory at most, in megabytes."""
        self._peaks[name] = f"{peak:,.0f} (idle {before:,.0f})"

    def flat(self, requests: int, before: float, after: float) -> None:
        """Note the memory before and after many requests, in megabytes."""
        change = 100 * (after / before - 1)
        self._flat = f"{requests:,} requests: {before:.1f} MB before, {after:.1f} MB after"
        self._flat += f" ({change:+.1f} %)."
        self._bar("memory, change in %", abs(change), at_most=5)

    def _bar(
        self,
        what: str,
        value: float,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        bar = f"≥ {at_least:g}" if at_least is not None else f"≤ {at_most:g}"
        is_met = value >= at_least if at_least is not None else value <= (at_most or 0)
        self._bars.append([what, bar, f"{value:.2f}", "yes" if is_met else "**no**"])

    def text(self) -> str:
        """All tables."""
        large = Table("", self._large.head, self._large.rows)
        large.rows.append(["both", "peak memory, MB", *(self._peaks[name] for name in NAMES)])
        seconds = [f"{self._start[name]:.2f}" for name in NAMES]
        start = Table("", ["", *NAMES], [["start to first answer, s", *seconds]])
        bars = Table("", ["", "aimed at", "measured", "met"], self._bars)
        sections = [
            ("Small queries", self._throughput),
            ("Latency", self._latency),
            ("A large answer", large),
            ("Start", start),
        ]
        parts = [f"## {title}\n\n{table.text()}" for title, table in sections]
        parts.append(f"## Memory\n\n{self._flat}")
        parts.append(f"## What is aimed at\n\n{bars.text()}")
        return "\n\n".join(parts)

    def page(self) -> str:
        """The page."""
        options: Any = self._options
        facts = {
            "rounds": options.rounds,
            "seconds": options.seconds,
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "engine": version("pyoxigraph"),
        }
        return PAGE.format(tables=self.text(), **facts)


PAGE = """\
# How fast

Written by `make bench`: the server and two others on the same {cores} cores, which the load shares
with them, in {rounds} interleaved rounds of {seconds} s each. What counts is the ratio: the median
of the rounds, with the least and the greatest. The figures themselves are of one machine. Python
{python}, Oxigraph {engine} on both sides.

- **cosigraph** is `cosigraph serve` as it starts: with processes that run queries and can be
  stopped, and with its cache.
- **oxigraph serve** holds the same data in memory, and cannot stop a query's sort or aggregate.
- **rdflib-endpoint** serves the union of the graphs from rdflib's memory store.

*Cached* is one query again and again; *uncached* is a query that no server has seen before, each
time. Both have 20 rows as JSON, over connections that stay open. The requests of the
latency come when they are due, whether or not answers have.

Memory is that of a server and all its processes, sampled from the start on, with pages that several
share counted once (proportional set size): to add up their resident sizes would count the data of
cosigraph once for each process.

{tables}

`make bench BENCH_REQUESTS=200000` watches the memory over more requests.
"""


def _ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def _ms(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.1f} ms"
