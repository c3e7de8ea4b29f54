# SPDX-License-Identifier: Apache-2.0
"""Work in a thread that the main thread waits for."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from cosigraph.command_line.interruption import interruptible


def test_the_result_comes_back() -> None:
    assert interruptible(lambda: 2 + 3) == 5


def test_an_error_comes_back() -> None:
    with pytest.raises(KeyError, match="missing"):
        interruptible(lambda: dict[str, int]()["missing"])


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Let interrupts through, which a start in the background shuts out."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_ends_the_waiting() -> None:
    never = threading.Event()
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(never.wait)
    never.set()
