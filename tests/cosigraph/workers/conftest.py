# SPDX-License-Identifier: Apache-2.0
"""A pool of two processes, which is closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.dataset import Dataset
from cosigraph.store import Snapshot
from cosigraph.workers import WorkerPool
from tests.cosigraph.workers.asking import SIZE, X


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    predicate = NamedNode(X + "p")
    triples = tuple(
        Triple(NamedNode(f"{X}s/{number}"), predicate, Literal(f"value {number}"))
        for number in range(SIZE)
    )
    graphs = {X + "graph/a": triples, X + "graph/reading/a/second": triples[:7]}
    return Dataset(graphs, {X + "graph/reading/a/second": X + "graph/a"}).snapshot()


@pytest.fixture
def pool(snapshot: Snapshot) -> Iterator[WorkerPool]:
    made = WorkerPool(snapshot, size=2, timeout=20)
    yield made
    made.close()
    assert made.process_ids == []
