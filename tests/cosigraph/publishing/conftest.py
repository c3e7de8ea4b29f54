# SPDX-License-Identifier: Apache-2.0
"""The shipped project and the orchard, as records tell of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from cosigraph import Project, open_project
from cosigraph.publishing import statistics
from cosigraph.publishing.dumps import Dump, dumps
from cosigraph.publishing.record import STATED, main_dataset, record


@dataclass(frozen=True)
class Publishing:
    """A project, and what is published of it."""

    project: Project

    @property
    def dumps(self) -> list[Dump]:
        base = self.project.configuration.base
        return dumps(self.project.dataset.snapshot().nquads, self.project.dataset.graphs, base)

    @property
    def dataset(self) -> NamedNode:
        return main_dataset(self.project.configuration, self.project.query(STATED).rows())

    def record(self) -> list[Triple]:
        stated = self.project.query(STATED).rows()
        project = self.project
        return record(project.configuration, project.version, stated, self.dumps)

    def void(self) -> list[Triple]:
        base = self.project.configuration.base
        asked = {
            name: self.project.query(text).rows() for name, text in statistics.queries(base).items()
        }
        return statistics.void(statistics.asked(asked), base, self.dataset)


@pytest.fixture(scope="session")
def published_note(shipped: Project) -> Publishing:
    return Publishing(shipped)


@pytest.fixture
def orchard_with(root: Path, tmp_path: Path) -> Callable[[str], Publishing]:
    """The orchard with a table [catalogue]; relative to nothing but its own folder."""

    def make(table: str) -> Publishing:
        folder = tmp_path / "orchard"
        folder.mkdir()
        for path in (root / "tests" / "projects" / "orchard").rglob("*"):
            if path.is_file():
                target = folder / path.relative_to(root / "tests" / "projects" / "orchard")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
        with (folder / "cosigraph.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[catalogue]\n{table}\n")
        return Publishing(open_project(folder))

    return make
