# SPDX-License-Identifier: Apache-2.0
"""Stores that can be written to, served in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.stored_dataset import DefaultGraphKind
from tests.api.writing import Writable, writable


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, orchard: Project) -> Iterator[Writable]:
    """A store for the tests that leave nothing in it, or that do not mind what is."""
    with writable(tmp_path_factory.mktemp("store") / "shared", orchard) as served:
        yield served


@pytest.fixture
def served(tmp_path: Path, orchard: Project) -> Iterator[Writable]:
    with writable(tmp_path / "store", orchard) as served:
        yield served


@pytest.fixture
def alone(tmp_path: Path, orchard: Project) -> Iterator[Writable]:
    """A store whose queries' default graph is the unnamed graph alone."""
    with writable(tmp_path / "alone", orchard, DefaultGraphKind.UNNAMED) as served:
        yield served
