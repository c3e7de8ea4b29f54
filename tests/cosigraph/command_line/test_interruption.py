# SPDX-License-Identifier: Apache-2.0
"""Work in a thread that the main thread waits for."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from cosigraph.command_line.interruption import interruptible


def test_the_result_comes_back() -> None:
    assert interruptible(lambda: 2 + 3) == 5


def test_an_error_comes_back() -> None:
    with pytest.raises(KeyError, match="missing"):
        interruptible(lambda: dict[str, int]()["missing"])


def test_an_interrupt_ends_the_waiting() -> None:
    never = threading.Event()
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(never.wait)
    never.set()
