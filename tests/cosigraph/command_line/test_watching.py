# SPDX-License-Identifier: Apache-2.0
"""Checking again whenever a file changes."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cosigraph.command_line import watching as watching_module
from tests.cosigraph.command_line.conftest import ORCHARD

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    shutil.rmtree(folder / "queries")
    return folder


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "cosigraph", "check", "--watch", "--project", str(folder)]


@pytest.fixture
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(folder),
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process
        process.kill()


def summary(process: subprocess.Popen[str]) -> str:
    """The next line that sums a check up."""
    assert process.stdout is not None
    return next(line for line in process.stdout if line.endswith("checked.\n"))


def test_it_checks_again_when_a_file_changes_until_it_is_interrupted(
    folder: Path, watching: subprocess.Popen[str]
) -> None:
    assert summary(watching).startswith("No findings")
    path = folder / "data" / "trees.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("7.25", "72.5"), encoding="utf-8")
    assert summary(watching).startswith("1 finding: 1 warning")
    (folder / "data" / "extra.ttl").write_text("", encoding="utf-8")
    assert summary(watching).startswith("2 findings: 2 warnings")
    (folder / "data" / "extra.ttl").unlink()
    assert summary(watching).startswith("1 finding")
    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 130


def test_what_it_writes_itself_is_no_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    report = folder / "report.txt"

    def work() -> None:
        steps.append("worked")
        report.write_text("x" * len(steps), encoding="utf-8")

    def sleep(_seconds: float) -> None:
        steps.append("slept")
        if steps.count("slept") == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        watching_module.watching(folder, work, [report])
    assert steps == ["worked", "slept", "slept", "slept"]


def test_a_project_that_cannot_be_used_for_a_while_ends_nothing(
    folder: Path, watching: subprocess.Popen[str]
) -> None:
    assert summary(watching).startswith("No findings")
    toml = folder / "cosigraph.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text("[", encoding="utf-8")
    while watching.poll() is None and toml.read_text(encoding="utf-8") == "[":
        toml.write_text(text + "# mended\n", encoding="utf-8")
    assert summary(watching).startswith("No findings")


def test_a_terminal_is_cleared_before_each_check(folder: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(folder), env=ENVIRONMENT, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        written = b""
        with suppress(OSError):
            while b"Watching" not in written:
                written += os.read(ours, 65536)
            process.send_signal(signal.SIGINT)
            while piece := os.read(ours, 65536):
                written += piece
        assert written.startswith(b"\x1b[2J")
        assert b"Traceback" not in written
        assert process.wait(20) == 130
        os.close(ours)
