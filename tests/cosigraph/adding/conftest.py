# SPDX-License-Identifier: Apache-2.0
"""A folder to be added to, and what lies outside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cosigraph.adding.beside import orchard


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return orchard(tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
