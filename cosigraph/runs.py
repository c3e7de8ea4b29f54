# SPDX-License-Identifier: Apache-2.0
"""One query on a process of its own, from its beginning until the process is given back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from cosigraph import worker as child

_PIECE_AND_END = child.DATA + child.END
_WHOLE = {child.END, _PIECE_AND_END, child.CUT + child.END, child.CUT + _PIECE_AND_END}


class Process(Protocol):
    """What runs it, of ``cosigraph.workers``."""

    frames: deque[tuple[bytes, bytes]]
    listener: Callable[[], None] | None
    is_awaited: bool
    has_ended: bool

    def watch(self) -> None:
        """Let the loop read what the process answers."""
        ...


class Run:
    """A query that a process has been asked.

    Args:
        process: runs it
        seconds: how long it may run; None for no limit
        overrun: is called when that time is over
        release: takes the process back, and is told whether it can be asked again

    Attributes:
        process: as given
        seconds: as given
        is_done: whether the answer has been taken to its end
    """

    def __init__(
        self,
        process: Process,
        seconds: float | None,
        overrun: Callable[[], None],
        release: Callable[[bool], None],
    ) -> None:
        self.process = process
        self.seconds = seconds
        self.is_done = False
        self._release = release
        # One timer for the whole answer: a reader that stands still holds no place for ever.
        loop = asyncio.get_running_loop()
        self._timer = None if seconds is None else loop.call_later(seconds, overrun)
        self._is_ended = False

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever something of the answer has come, or the process has ended."""
        self.process.is_awaited = True
        self.process.listener = listener
        self.process.watch()

    @property
    def is_pending(self) -> bool:
        """Whether nothing of the answer itself is here yet, and it may still come."""
        frames = self.process.frames
        is_begun = bool(frames) and frames[-1][0] != child.CUT
        return not is_begun and not self.process.has_ended

    def whole(self, most: int | None = None) -> tuple[bytes, bool] | None:
        """Take the answer, and whether it is cut off, if it is here in one piece; else None.

        The run has ended with that. A piece of more than ``most`` bytes is not taken.
        """
        frames = self.process.frames
        kinds = b"".join([kind for kind, _ in frames])
        if kinds not in _WHOLE:
            return None
        content = frames[-2][1] if child.DATA in kinds else b""
        if most is not None and len(content) > most:
            return None
        frames.clear()
        self.is_done = True
        self.end()
        return content, child.CUT in kinds

    def end(self) -> None:
        """Give the process back; one whose answer was not taken to its end is ended."""
        if self._is_ended:
            return
        self._is_ended = True
        self.process.listener = None
        self.process.is_awaited = False
        if self._timer is not None:
            self._timer.cancel()
        self._release(self.is_done)
