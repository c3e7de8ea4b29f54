# SPDX-License-Identifier: Apache-2.0
"""Places that are taken and given back, in the order in which they are asked for.

``asyncio.Queue`` wakes who waits but lets whoever comes meanwhile take the place first; under load
a query would wait behind those that came after it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

_Place = TypeVar("_Place")


class Places(Generic[_Place]):
    """The free ones, of which the last given back is taken first, and those who wait for one."""

    def __init__(self) -> None:
        self._free: list[_Place] = []
        self._waiting: deque[asyncio.Future[_Place]] = deque()

    def qsize(self) -> int:
        """How many are free."""
        return len(self._free)

    def empty(self) -> bool:
        """Whether none is free; if somebody waits, none is."""
        return not self._free

    def get_nowait(self) -> _Place:
        """Take a place; raises IndexError when none is free."""
        return self._free.pop()

    async def get(self) -> _Place:
        """Take a place when it is one's turn."""
        if self._free:
            return self._free.pop()
        turn: asyncio.Future[_Place] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came, but too late
                self.put_nowait(turn.result())
            raise

    def put_nowait(self, place: _Place) -> None:
        """Give a place back, to the one who has waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(place)
                return
        self._free.append(place)
