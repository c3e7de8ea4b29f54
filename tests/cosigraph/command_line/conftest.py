# SPDX-License-Identifier: Apache-2.0
"""The command line, called as a person calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cosigraph.command_line import main

ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    output: str
    errors: str


Call = Callable[..., Outcome]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process, on the orchard."""

    def run(*arguments: str, project: Path | None = ORCHARD) -> Outcome:
        chosen = [] if project is None else ["--project", str(project)]
        code = main([*arguments, *chosen])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[bytes]]:
    """Start the command line in a process of its own, on the orchard."""

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "cosigraph", *arguments, "--project", str(ORCHARD)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return run
