# SPDX-License-Identifier: Apache-2.0
"""A project to compare, copies of it that may be changed, and git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cosigraph.project import Project, open_project
from tests.programs import needed

ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"

Change = Callable[[str, str, str], None]


@pytest.fixture
def orchard() -> Project:
    return open_project(ORCHARD)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the orchard."""
    return shutil.copytree(ORCHARD, tmp_path / "orchard")


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace a text in a file of the copy."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


Git = Callable[..., str]


@pytest.fixture
def git(folder: Path) -> Git:
    """Call git in the copy, which is in a repository with one commit."""
    needed("git", "git")
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {
        f"GIT_{who}_{what}": "x@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }

    def call(*arguments: str, written: str | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, **quiet, **names},
            input=written,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    call("init", "--quiet", "--initial-branch", "main", ".")
    call("add", ".")
    call("commit", "--quiet", "--message", "first")
    return call
