# SPDX-License-Identifier: Apache-2.0
"""A pool of processes that may call a far endpoint, and how it is asked."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.answers import Answer, Surroundings, prepare
from cosigraph.dataset import Dataset
from cosigraph.federation import FederatedPool
from cosigraph.store import Query
from cosigraph.workers import BlockingStore
from tests.endpoint import FarEndpoint

GRAPH = "https://x.example/graph/a"
S, P = NamedNode("a:a"), NamedNode("a:b")
SNAPSHOT = Dataset({GRAPH: (Triple(S, P, Literal("here")),)}).snapshot()


class Asker:
    """Asks a pool, which may call the far endpoint by these names."""

    def __init__(self, far: FarEndpoint, timeout: float = 20, **options: Any) -> None:
        self.services = (f"{far.iri}sparql", f"{far.iri}other", f"{far.iri}a%20b?x=1")
        self.far = far
        self.pool = FederatedPool(SNAPSHOT, self.services, timeout=timeout, **options)
        self.store = BlockingStore(self.pool)

    def prepared(self, text: str) -> Query:
        surroundings = Surroundings((GRAPH,), {"far": self.far.iri}, self.far.iri)
        return prepare(
            text.replace("<U>", f"<{self.services[0]}>"), surroundings, services=self.services
        )

    def rows(self, text: str) -> list[list[str | None]]:
        answer = Answer(self.store, self.prepared(text))
        return [[getattr(term, "value", None) for term in row] for row in answer.rows()]

    def boolean(self, text: str) -> bool | None:
        return Answer(self.store, self.prepared(text)).boolean
