# SPDX-License-Identifier: Apache-2.0
"""A far endpoint that may be called, and another that never may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.canary import Canary
from tests.cosigraph.federation.asking import Asker
from tests.endpoint import FarEndpoint, Reply


@pytest.fixture(scope="module")
def standing() -> Iterator[Asker]:
    far = FarEndpoint()
    asker = Asker(far)
    yield asker
    asker.pool.close()
    far.close()


@pytest.fixture
def asker(standing: Asker) -> Asker:
    standing.far.requests.clear()
    standing.far.reply = lambda _: Reply()
    return standing


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()
