# SPDX-License-Identifier: Apache-2.0
"""A small project whose files a test can break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cosigraph.check import Report, check_project

ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"
Edit = Callable[..., Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))


@pytest.fixture
def check_after(folder: Path) -> Edit:
    """Return a function that replaces text in a file of the project, and checks the project."""

    def edit(name: str, old: str = "", new: str = "") -> Report:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
        return check_project(folder)

    return edit
