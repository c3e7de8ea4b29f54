# SPDX-License-Identifier: Apache-2.0
"""What is worked out once: for all who ask at the same time, and again for another version."""

from __future__ import annotations

import asyncio

import pytest

from cosigraph_api.kept import Kept


class Work:
    """Something that is worked out when it is let go, and counts how often."""

    def __init__(self) -> None:
        self.state, self.times, self.fails = "one", 0, False
        self.may_end = asyncio.Event()
        self.kept = Kept(lambda: self.state, self.make)

    async def make(self) -> int:
        self.times += 1
        await self.may_end.wait()
        if self.fails:
            raise ValueError(self.times)
        return self.times


def test_many_who_ask_at_the_same_time_cost_one() -> None:
    async def ask() -> None:
        work = Work()
        asking = [asyncio.create_task(work.kept.get()) for _ in range(5)]
        await asyncio.sleep(0)
        work.may_end.set()
        assert await asyncio.gather(*asking) == [1] * 5
        assert await work.kept.get() == 1

    asyncio.run(ask())


def test_all_who_wait_have_the_same_failure_and_the_next_one_tries_again() -> None:
    async def ask() -> None:
        work = Work()
        work.fails = True
        asking = [asyncio.create_task(work.kept.get()) for _ in range(5)]
        await asyncio.sleep(0)
        work.may_end.set()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert [str(outcome) for outcome in outcomes] == ["1"] * 5
        work.fails = False
        assert await work.kept.get() == 2

    asyncio.run(ask())


def test_another_version_is_worked_out_anew() -> None:
    async def ask() -> None:
        work = Work()
        work.may_end.set()
        assert await work.kept.get() == 1
        work.state = "two"
        assert await work.kept.get() == 2

    asyncio.run(ask())


def test_the_work_goes_on_when_the_one_who_began_it_leaves() -> None:
    async def ask() -> None:
        work = Work()
        first = asyncio.create_task(work.kept.get())
        second = asyncio.create_task(work.kept.get())
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        work.may_end.set()
        assert await second == 1

    asyncio.run(ask())
