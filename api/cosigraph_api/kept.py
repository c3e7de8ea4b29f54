# SPDX-License-Identifier: Apache-2.0
"""What is worked out once for each version of the data, when it is first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """One such value.

    Whoever asks while it is worked out waits for it, and has the same failure if it fails: many
    who ask cost no more than one. The work goes on when the one who began it leaves.
    """

    def __init__(
        self, state: Callable[[], str], make: Callable[[], Coroutine[Any, Any, T]]
    ) -> None:
        self._state = state
        self._make = make
        self._known: tuple[str, asyncio.Task[T]] | None = None

    async def get(self) -> T:
        """Return the value; raises what making it does, which the next one tries again."""
        state = self._state()
        if self._known is None or self._known[0] != state:
            task = asyncio.create_task(self._make())
            task.add_done_callback(self._forget_failure)
            self._known = state, task
        return await asyncio.shield(self._known[1])

    def _forget_failure(self, task: asyncio.Task[T]) -> None:
        has_failed = task.cancelled() or task.exception() is not None
        if has_failed and self._known is not None and self._known[1] is task:
            self._known = None
