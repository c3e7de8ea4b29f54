# SPDX-License-Identifier: Apache-2.0
"""Progress is for a terminal, and for what takes a while."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from cosigraph.command_line import progress as module
from cosigraph.command_line.progress import progress


class Terminal(io.StringIO):
    """A terminal that says when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if "Working" in text:
            self.written.set()
        return super().write(text)


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of standard error; pytest would undo that after a fixture."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_what_is_over_soon_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    with progress() as show:
        show("Working")
    assert "Working" not in shown.getvalue()


def test_what_takes_a_while_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    with progress() as show:
        show("Working")
        assert shown.written.wait(10)


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    with progress() as show:
        show("Working")
    assert pipe.getvalue() == ""
