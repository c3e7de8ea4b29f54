# SPDX-License-Identifier: Apache-2.0
"""A store that can be written to, served in this process with real workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.stored_project import create_store
from cosigraph.tokens import hash_of, new_token
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.opening import opening
from cosigraph_api.service import Service
from tests.api.asking import Asker

TURTLE = "text/turtle"


@dataclass
class Writable:
    """The server, the token that may write, and the store's folder."""

    asker: Asker
    service: Service
    token: str
    folder: Path

    @property
    def authorisation(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def update(self, text: str, **params: Any) -> httpx.Response:
        return self._update(text, {}, params)

    def update_with(self, text: str, **headers: str | bytes) -> httpx.Response:
        """Make an update; underscores in names of headers stand for hyphens."""
        fields = {name.strip("_").replace("_", "-"): value for name, value in headers.items()}
        return self._update(text, fields, {})

    def _update(
        self, text: str, fields: dict[str, str | bytes], params: dict[str, Any]
    ) -> httpx.Response:
        given = {**self.authorisation, "Content-Type": "application/sparql-update", **fields}
        headers = [
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in given.items()
        ]
        return self.asker.request(
            "POST", "/sparql", content=text.encode(), headers=headers, params=params
        )

    def graph(
        self, method: str, path: str, content: str | bytes | None = None, **headers: str
    ) -> httpx.Response:
        """Ask the graph store; underscores in names of headers stand for hyphens."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": TURTLE} if content is not None else {}
        return self.asker.request(
            method, path, content=content, headers={**self.authorisation, **kind, **fields}
        )

    def count(self, pattern: str = "?s ?p ?o") -> int:
        answer = self.asker.sparql(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", accept="text/csv")
        return int(answer.text.split()[1])

    @property
    def versions(self) -> int:
        return len(list((self.folder / "versions").iterdir()))


@contextmanager
def writable(
    folder: Path,
    project: Project,
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION,
    limits: Limits | None = None,
    gate: str | None = None,
) -> Iterator[Writable]:
    """Make a store of ``project`` in ``folder``, and serve it."""
    create_store(folder, project, default_graph)
    with serving_store(folder, project, limits, gate) as served:
        yield served


@contextmanager
def serving_store(
    folder: Path, project: Project, limits: Limits | None = None, gate: str | None = None
) -> Iterator[Writable]:
    """Serve the store in ``folder``; without a ``gate``, no write is checked."""
    limits = limits or Limits(time=20)
    token = new_token()
    with opening(folder, project, hash_of(token), writes=True, threshold=gate) as opened:
        snapshot = opened.project.dataset.snapshot()
        pool = WorkerPool(snapshot, size=2, timeout=limits.time, memory=limits.memory)
        writing = opened.writing(pool, limits)
        assert writing is not None
        service = Service(opened.project, pool, limits, writing=writing, stored=opened.stored)
        with Asker(Application(service), pool) as asker:
            try:
                yield Writable(asker, service, token, folder)
            finally:
                asker.wait(_close(writing.pool))


async def _close(pool: WorkerPool) -> None:
    pool.close()
