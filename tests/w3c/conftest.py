# SPDX-License-Identifier: Apache-2.0
"""The suites' folder, and one server for all of their tests in a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.w3c.manifests import VARIABLE, suites_folder
from tests.w3c.running import Servers, running_servers


@pytest.fixture(scope="session")
def suites() -> Path:
    folder = suites_folder()
    if folder is None:
        pytest.skip(f"{VARIABLE} is not set, so the W3C suites are not run")
    return folder


@pytest.fixture(scope="session")
def servers(suites: Path) -> Iterator[Servers]:
    with running_servers(suites) as running:
        yield running
