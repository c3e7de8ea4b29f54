# SPDX-License-Identifier: Apache-2.0
"""Measure, print the table, and write the page: ``make bench``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from cosigraph.project import shipped_folder

from .load import MARK, as_much_as_it_takes, ask_many, at_a_rate, download
from .report import Report
from .servers import (
    COSIGRAPH,
    JSON,
    OXIGRAPH,
    RDFLIB,
    Server,
    make_project,
    running,
    write_data,
)

PREFIX = "PREFIX cosi: <https://w3id.org/cosigraph/ontology#> "
SMALL = PREFIX + "SELECT ?goal ?code WHERE { ?goal a cosi:Goal ; cosi:code ?code } LIMIT 20"
NEW = SMALL.replace("} LIMIT", f"BIND({MARK} AS ?number) }} LIMIT")
ROWS = 100_000
LARGE = "SELECT ?thing ?label { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
CONNECTIONS = (1, 8, 32)
MOST_FOR_RDFLIB = 2  # seconds; it is far from either bar
SMALL_CACHE = ("--cache-bytes", str(4 * 1024 * 1024))


def main() -> None:
    """Measure and report."""
    options = _options()
    report = Report(options)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _small_queries(report, options, folder)
        _large_answers(report, options, folder)
        _memory(report, options, folder)
    print(report.text())
    if options.write:
        options.write.write_text(report.page(), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--bench", type=Path, required=True, help="where the other servers are")
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="that are interleaved")
    parser.add_argument("--requests", type=int, default=20_000, help="that memory is watched over")
    parser.add_argument("--write", type=Path, help="the page to write")
    return parser.parse_args()


def _small_queries(report: Report, options: argparse.Namespace, folder: Path) -> None:
    """Throughput, latency at a fixed rate, and the time to the first answer."""
    project = shipped_folder()
    quads, triples = folder / "note.nq", folder / "note.nt"
    write_data(project, quads, quads=True)
    write_data(project, triples, quads=False)
    with ExitStack() as stack:
        _say("starting the servers")
        ours = stack.enter_context(running(COSIGRAPH, project, quads, options.bench))
        oxigraph = stack.enter_context(running(OXIGRAPH, project, quads, options.bench))
        rdflib = stack.enter_context(running(RDFLIB, project, triples, options.bench))
        servers = [ours, oxigraph, rdflib]
        report.start_up({server.name: server.started_in for server in servers})
        for server in servers:
            as_much_as_it_takes(server, SMALL, 8, 1)
        peak = 0.0
        for kind, query in (("cached", SMALL), ("uncached", NEW)):
            for connections in CONNECTIONS:
                rates = _rounds(options, servers, query, connections)
                report.throughput(kind, connections, rates)
                if kind == "uncached":
                    peak = max(peak, median(rates[COSIGRAPH]))
        _latency(report, options, [ours, oxigraph], peak / 2)


def _rounds(
    options: argparse.Namespace, servers: list[Server], query: str, connections: int
) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(options.rounds):
        for server in servers:
            _say(f"round {number + 1}, {connections} connections: {server.name}")
            seconds = options.seconds
            if server.name == RDFLIB:
                seconds = min(seconds, MOST_FOR_RDFLIB)
            load = as_much_as_it_takes(server, query, connections, seconds)
            rates[server.name].append(load.rate)
    return rates


def _latency(
    report: Report, options: argparse.Namespace, servers: list[Server], rate: float
) -> None:
    latencies: dict[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            _say(f"{rate:.0f} requests a second: {server.name}")
            latencies[server.name].append(at_a_rate(server, NEW, rate, options.seconds).p99)
    report.latency(rate, latencies)


def _large_answers(report: Report, options: argparse.Namespace, folder: Path) -> None:
    """A table of many rows: first byte, end, and the memory that it takes at most."""
    project = folder / "rows"
    make_project(project, ROWS)
    quads, triples = folder / "rows.nq", folder / "rows.nt"
    write_data(project, quads, quads=True)
    write_data(project, triples, quads=False)
    for name, data in ((COSIGRAPH, quads), (OXIGRAPH, quads), (RDFLIB, triples)):
        with running(name, project, data, options.bench, watched=True) as server:
            before = server.memory()
            for media_type, kind in (("text/csv", "CSV"), (JSON, "JSON")):
                _say(f"{ROWS} rows as {kind}: {name}")
                times = 1 if name == RDFLIB else options.rounds
                report.large(
                    kind, name, [download(server, LARGE, media_type) for _ in range(times)]
                )
            report.peak(name, before, server.peak.most if server.peak else 0)


def _memory(report: Report, options: argparse.Namespace, folder: Path) -> None:
    """What the server holds before and after many requests, half of them new to it."""
    project = shipped_folder()
    data = folder / "note.nq"
    with running(COSIGRAPH, project, data, options.bench, *SMALL_CACHE) as server:
        _say("memory: until the cache is full")
        ask_many(server, NEW, 10_000)
        before = server.memory()
        _say(f"memory: {options.requests} requests")
        ask_many(server, NEW, options.requests // 2)
        ask_many(server, SMALL, options.requests - options.requests // 2)
        report.flat(options.requests, before, server.memory())


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
