# SPDX-License-Identifier: Apache-2.0
"""What is worked out once for each version of the data, when it is first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """One such value; whoever asks while it is worked out waits for it."""

    def __init__(self, state: Callable[[], str], make: Callable[[], Awaitable[T]]) -> None:
        self._state = state
        self._make = make
        self._lock = asyncio.Lock()
        self._known: tuple[str, T] | None = None

    async def get(self) -> T:
        """Return the value; raises what making it does, and then makes it the next time."""
        state = self._state()
        async with self._lock:
            if self._known is None or self._known[0] != state:
                self._known = state, await self._make()
            return self._known[1]
