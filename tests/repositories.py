# SPDX-License-Identifier: Apache-2.0
"""Git repositories with a project, as a reviewer has them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ORCHARD = Path(__file__).parent / "projects" / "orchard"
_IDENTITY = (
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
)


@dataclass(frozen=True)
class Repository:
    """A repository whose work tree is ``folder``."""

    folder: Path

    def git(self, *arguments: str) -> str:
        command = ["git", *_IDENTITY, *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message: str = "A change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))


def repository_of_the_orchard(folder: Path, below: str = "") -> Repository:
    """Make a repository on a branch ``main`` with the orchard in it, or in a folder of it."""
    shutil.copytree(ORCHARD, folder / below)
    repository = Repository(folder)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit("The beginning")
    return repository
