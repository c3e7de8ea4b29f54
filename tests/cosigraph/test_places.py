# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio

import pytest

from cosigraph.places import Places


def test_the_place_given_back_last_is_taken_first() -> None:
    places: Places[str] = Places()
    for place in "ab":
        places.put_nowait(place)
    assert (places.qsize(), places.get_nowait(), places.get_nowait()) == (2, "b", "a")
    assert places.empty()


def test_who_came_first_is_served_first_also_before_who_comes_later() -> None:
    async def scenario() -> list[str]:
        places: Places[None] = Places()
        served: list[str] = []

        async def take(name: str) -> None:
            await places.get()
            served.append(name)

        tasks = [asyncio.ensure_future(take(name)) for name in "ab"]
        await asyncio.sleep(0)
        places.put_nowait(None)
        tasks.append(asyncio.ensure_future(take("late")))
        assert places.empty()
        await asyncio.sleep(0)
        for _ in range(2):
            places.put_nowait(None)
        await asyncio.gather(*tasks)
        return served

    assert asyncio.run(scenario()) == ["a", "b", "late"]


@pytest.mark.parametrize("is_given", [True, False])
def test_a_place_is_not_lost_with_who_waited_for_it(*, is_given: bool) -> None:
    async def scenario() -> None:
        places: Places[str] = Places()
        waiting = asyncio.ensure_future(places.get())
        await asyncio.sleep(0)
        if is_given:
            places.put_nowait("place")
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        if not is_given:
            places.put_nowait("place")
        assert await places.get() == "place"

    asyncio.run(scenario())
