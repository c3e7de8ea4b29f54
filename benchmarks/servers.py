# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared, each started as its documentation says."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from cosigraph import open_project

from .memory import Peak, held

JSON = "application/sparql-results+json"
COSIGRAPH, OXIGRAPH, RDFLIB = "cosigraph", "oxigraph serve", "rdflib-endpoint"
_LONGEST_START = 120.0  # seconds


@dataclass
class Server:
    """A server that runs.

    ``started_in`` is the time in seconds to its first answer; ``peak`` is what its processes hold
    at most from the start on, if that is watched.
    """

    name: str
    process: subprocess.Popen[bytes]
    endpoint: str
    started_in: float = 0.0
    peak: Peak | None = None

    def address(self, query: str) -> str:
        """Where ``query`` is asked by GET."""
        return f"{self.endpoint}?query={quote(query)}"

    def memory(self) -> float:
        """What its processes hold now, in mebibytes."""
        return held(self.process.pid)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    name: str, project: Path, data: Path, bench: Path, *options: str, watched: bool = False
) -> Iterator[Server]:
    """A server with a project's data.

    Args:
        name: which
        project: the project's folder
        data: the same data as N-Quads
        bench: the folder with the other servers' programs
        options: further ones, of ours
        watched: whether its memory is watched, which takes a little time
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    ours = Path(sys.executable).with_name("cosigraph")
    command, path = {
        COSIGRAPH: ([ours, "serve", "--project", project, "--port", port, *options], "/sparql"),
        OXIGRAPH: ([bench / "oxigraph", "serve", "--bind", f"127.0.0.1:{port}"], "/query"),
        RDFLIB: ([bench / "rdflib-endpoint", "serve", "--port", port, data], "/"),
    }[name]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with ExitStack() as stack:
        stack.callback(_end, process)
        server = Server(name, process, address + path)
        if watched:
            server.peak = stack.enter_context(Peak(process.pid))
        if name == OXIGRAPH:
            _await(server, "ASK {}")
            _load(address, data)
        _await(server, "ASK { ?s ?p ?o }")
        server.started_in = time.perf_counter() - begun
        yield server


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _load(address: str, data: Path) -> None:
    headers = {"Content-Type": "application/n-quads"}
    request = Request(f"{address}/store", data=data.read_bytes(), headers=headers, method="POST")
    urlopen(request).close()


def _await(server: Server, query: str) -> None:
    deadline = time.perf_counter() + _LONGEST_START
    request = Request(server.address(query), headers={"Accept": JSON})
    while True:
        try:
            urlopen(request).close()
        except OSError:
            if server.process.poll() is not None or time.perf_counter() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def write_data(folder: Path, target: Path, *, quads: bool) -> None:
    """Write a project's data for the other servers: with its graphs, or their union as triples."""
    dataset = open_project(folder).dataset
    if quads:
        target.write_bytes(dataset.nquads())
        return
    lines = dict.fromkeys(f"{triple} .\n" for triple in dataset.default_triples())
    target.write_text("".join(lines), encoding="utf-8")


def make_project(folder: Path, rows: int) -> None:
    """Make a project of ``rows`` things, each with a label."""
    folder.mkdir()
    (folder / "cosigraph.toml").write_text(
        '[project]\nname = "rows"\ntitle = "Rows"\nversion = "1.0.0"\n'
        'base = "https://rows.example/"\n[[graph]]\nname = "rows"\nfiles = ["rows.nt"]\n'
    )
    with (folder / "rows.nt").open("w", encoding="utf-8") as file:
        for number in range(rows):
            file.write(
                f"<https://rows.example/id/{number}> <http://www.w3.org/2000/01/rdf-schema#label> "
                f'"The label of row number {number}"@en .\n'
            )
