# SPDX-License-Identifier: Apache-2.0
"""What a server and all its processes hold: a page that several share counts once.

That is the proportional set size (PSS), which the system tells at a moment and not at most; so the
greatest is that of samples.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_INTERVAL = 0.05  # seconds between samples
_MEBIBYTE = 1024  # in the system's unit


def held(process: int) -> float:
    """Return how many mebibytes a process and all that it has started hold."""
    return sum(map(_proportional, family(process))) / _MEBIBYTE


def family(process: int) -> list[int]:
    """Return a process and all that it has started and that live."""
    found = [process]
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in started:
            found += family(int(child))
    return found


def _proportional(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


class Peak:
    """Watches a process and all that it starts; ``most`` is what they held at most, in MiB."""

    def __init__(self, process: int) -> None:
        self.most = 0.0
        self._process = process
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_INTERVAL):
            self.most = max(self.most, held(self._process))
