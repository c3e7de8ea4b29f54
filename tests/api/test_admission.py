# SPDX-License-Identifier: Apache-2.0
"""Queries run in their turn, and one client's crowd costs no other client its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import QueryNotStarted
from cosigraph_api.admission import Admission


def on_a_loop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run the test on an event loop."""

    def test() -> None:
        asyncio.run(scenario())

    test.__name__ = scenario.__name__
    return test


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def asking(admission: Admission, client: str) -> asyncio.Task[None]:
    return asyncio.create_task(admission.enter(client, None))


async def refusal(work: Awaitable[None]) -> str:
    with pytest.raises(QueryNotStarted) as caught:
        await work
    return caught.value.detail


@on_a_loop
async def test_a_share_is_queued_rather_than_refused() -> None:
    admission = Admission(running=3, waiting=10, share=2)
    tasks = [asking(admission, "a") for _ in range(5)]
    await settled()
    assert [task.done() for task in tasks] == [True, True, False, False, False]
    assert (admission.running, admission.waiting) == (2, 3)
    await admission.enter("b", None)
    admission.leave("a")
    await settled()
    assert [task.done() for task in tasks] == [True, True, True, False, False]
    for _ in range(3):
        admission.leave("a")
        await settled()
    assert all(task.done() for task in tasks)


@on_a_loop
async def test_the_clients_that_wait_take_turns() -> None:
    admission = Admission(running=1, waiting=10, share=1)
    await admission.enter("x", None)
    order: list[str] = []

    async def ask(client: str) -> None:
        await admission.enter(client, None)
        order.append(client)
        admission.leave(client)

    tasks = [asyncio.create_task(ask(client)) for client in "aaaabbc"]
    await settled()
    admission.leave("x")
    await asyncio.gather(*tasks)
    assert "".join(order) == "abcabaa"


@on_a_loop
async def test_one_more_than_may_wait_is_told_to_come_back() -> None:
    admission = Admission(running=1, waiting=1, share=1)
    await admission.enter("a", None)
    waiting = asking(admission, "a")
    await settled()
    assert await refusal(admission.enter("a", None)) == "Too many queries wait for their turn."
    assert await refusal(admission.enter("b", None)) == "Too many queries wait for their turn."
    assert admission.refused == 2
    admission.leave("a")
    await waiting


@on_a_loop
async def test_a_full_queue_costs_the_client_that_filled_it() -> None:
    admission = Admission(running=1, waiting=3, share=1)
    await admission.enter("a", None)
    crowd = [asking(admission, "a") for _ in range(3)]
    await settled()
    other = asking(admission, "b")
    await settled()
    await refusal(crowd[2])
    assert not other.done()
    admission.leave("a")
    await settled()
    admission.leave("a")
    await other


@on_a_loop
async def test_no_queue_refuses_at_once() -> None:
    admission = Admission(running=1, waiting=0, share=1)
    await admission.enter("a", None)
    await refusal(admission.enter("b", None))


@on_a_loop
async def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    admission = Admission(running=1, waiting=1, share=1)
    await admission.enter("a", None)
    assert "as long as it may take" in await refusal(admission.enter("b", 0.01))
    assert admission.waiting == 0
    admission.leave("a")
    await admission.enter("c", None)


@on_a_loop
async def test_a_client_that_leaves_the_queue_takes_no_place_with_it() -> None:
    admission = Admission(running=1, waiting=2, share=1)
    await admission.enter("a", None)
    gone, next_one = asking(admission, "b"), asking(admission, "c")
    await settled()
    gone.cancel()
    admission.leave("a")  # before the task that is cancelled has run
    await settled()
    assert next_one.done()
    late = asking(admission, "d")
    await settled()
    admission.leave("c")
    late.cancel()  # its turn has come, but it does not know yet
    await settled()
    assert (admission.running, admission.waiting) == (0, 0)
    await admission.enter("e", None)


@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=40))
def test_places_are_neither_lost_nor_found(steps: list[tuple[str, int]]) -> None:
    async def scenario() -> None:
        admission = Admission(running=2, waiting=4, share=1)
        tasks: list[tuple[str, asyncio.Task[None]]] = []
        inside: list[str] = []

        async def ask(client: str) -> None:
            await admission.enter(client, None)
            inside.append(client)

        for client, action in steps:
            if action == 0 and inside:
                admission.leave(inside.pop(0))
            elif action == 1 and tasks:
                tasks.pop()[1].cancel()
            else:
                tasks.append((client, asyncio.create_task(ask(client))))
            if action != 3:
                await settled()
            assert len(inside) <= 2
        await settled()
        assert admission.running == len(inside)
        while inside:
            admission.leave(inside.pop())
            await settled()
        await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)
        assert (admission.running, admission.waiting) == (0, 0)

    asyncio.run(scenario())
