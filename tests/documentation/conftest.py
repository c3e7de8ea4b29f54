# SPDX-License-Identifier: Apache-2.0
"""The shipped project, served to be asked what the documentation tells of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.documentation.documents import ROOT
from tests.serving import serving


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving(ROOT, timeout=30) as server:
        yield server.address.rstrip("/")
