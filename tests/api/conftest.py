# SPDX-License-Identifier: Apache-2.0
"""The orchard, served in this process with real workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import Project, open_project
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker


@pytest.fixture(scope="session")
def orchard(root: Path) -> Project:
    return open_project(root / "tests" / "projects" / "orchard")


@pytest.fixture(scope="session")
def asker(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    with Asker(Application(Service(orchard, pool)), pool) as asker:
        yield asker
