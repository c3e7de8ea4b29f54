# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cosigraph.errors import UsageError
from cosigraph.limits import Limits


def test_the_defaults_leave_every_client_a_process() -> None:
    limits = Limits()
    assert [limits.share_of(workers) for workers in (1, 2, 4)] == [1, 1, 3]
    assert Limits(share=2).share_of(4) == 2
    assert Limits(share=9).share_of(4) == 4


@pytest.mark.parametrize(
    "name", ["time", "rows", "size", "memory", "body", "share", "patience", "explanation_time"]
)
def test_a_limit_that_lets_nothing_through_is_one_clear_line(name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' must be greater than 0"):
        Limits(**{name: 0})


def test_no_queue_and_no_grace_are_limits_too() -> None:
    assert Limits(queue=0, grace=0).queue == 0
    with pytest.raises(UsageError):
        Limits(queue=-1)
