# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from tests.programs import VARIABLE, needed


def test_a_program_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    needed("sh", "dash")


@pytest.mark.parametrize(
    ("value", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_missing_program_fails_where_clients_are_to_be_tested(
    monkeypatch: pytest.MonkeyPatch, value: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(outcome, match=r"no-such-program is missing.*apt-get install nothing"):
        needed("no-such-program", "nothing")
