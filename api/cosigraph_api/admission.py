# SPDX-License-Identifier: Apache-2.0
"""Who may run a query now, who waits, and who is told to come back.

A client has a share of the processes; what it asks beyond waits, and the processes that become
free go round the clients that wait. When too many wait, the client that has most of them waiting
loses its latest: a crowd of one client costs no other client its turn.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

from cosigraph.errors import QueryNotStarted


def busy(detail: str) -> QueryNotStarted:
    """The server has no room for a query now."""
    return QueryNotStarted(detail, advice="Ask again in a while, and fewer queries at a time.")


class Admission:
    """Admits queries to a number of processes.

    Args:
        running: how many queries may run at the same time
        waiting: how many may wait
        share: how many of one client may run at the same time

    Attributes:
        refused: how many queries were told to come back
    """

    def __init__(self, running: int, waiting: int, share: int) -> None:
        self.refused = 0
        self._free = running
        self._most_waiting = waiting
        self._share = share
        self._running: Counter[str] = Counter()
        # The clients that wait, the one whose turn is next first.
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def running(self) -> int:
        """How many queries run."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return sum(map(len, self._waiting.values()))

    async def enter(self, client: str, timeout: float | None) -> None:
        """Wait for the client's turn; whoever has entered must leave.

        Raises:
            QueryNotStarted: too many wait, or the turn did not come in ``timeout`` seconds
        """
        turn = self.turn(client)
        if turn is None:
            return
        try:
            async with asyncio.timeout(timeout):
                await turn
        except TimeoutError:
            raise self.too_late(client, turn) from None
        except BaseException:
            self.withdraw(client, turn)
            raise

    def turn(self, client: str) -> asyncio.Future[None] | None:
        """The client's turn, which is to be awaited; None if it has come.

        Raises:
            QueryNotStarted: too many wait; the turn may also end in that
        """
        if self._free and self._running[client] < self._share:
            self._admit(client)
            return None
        turn = asyncio.get_running_loop().create_future()
        self._line_up(client, turn)
        return turn

    def too_late(self, client: str, turn: asyncio.Future[None]) -> QueryNotStarted:
        """Forget a turn that did not come in time; what its query is told."""
        self.withdraw(client, turn)
        self.refused += 1
        return busy("The query waited for its turn as long as it may take.")

    def leave(self, client: str) -> None:
        """Give the place back, to the next who waits."""
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        while self._free and (chosen := self._next()) is not None:
            turns = self._waiting.pop(chosen)
            turn = turns.popleft()
            if not turn.done():  # else it is waited for no longer
                self._admit(chosen)
                turn.set_result(None)
            if turns:
                self._waiting[chosen] = turns  # behind all others

    def _admit(self, client: str) -> None:
        self._free -= 1
        self._running[client] += 1

    def _next(self) -> str | None:
        """Of the clients that wait and have not their share, one with the fewest that run."""
        entitled = [client for client in self._waiting if self._running[client] < self._share]
        return min(entitled, key=lambda client: self._running[client], default=None)

    def _line_up(self, client: str, turn: asyncio.Future[None]) -> None:
        if self.waiting >= self._most_waiting:
            self._make_room(client)
        self._waiting.setdefault(client, deque()).append(turn)

    def _make_room(self, client: str) -> None:
        """Refuse one of the client that has most waiting; raises QueryNotStarted if it is this."""
        self.refused += 1
        error = busy("Too many queries wait for their turn.")
        own = len(self._waiting.get(client, ()))
        greedy = max(self._waiting, key=lambda each: len(self._waiting[each]), default=client)
        if own + 1 >= len(self._waiting.get(greedy, ())):
            raise error
        latest = self._waiting[greedy].pop()
        if not latest.done():
            latest.set_exception(error)

    def withdraw(self, client: str, turn: asyncio.Future[None]) -> None:
        """Forget a turn that is waited for no longer; one that has come is given back."""
        turns = self._waiting.get(client)
        if turns is not None and turn in turns:
            turns.remove(turn)
            if not turns:
                del self._waiting[client]
        elif turn.done() and not turn.cancelled() and turn.exception() is None:
            self.leave(client)
