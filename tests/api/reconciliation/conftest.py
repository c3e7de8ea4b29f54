# SPDX-License-Identifier: Apache-2.0
"""``/reconcile`` is held to the schemas in COSIGRAPH_SCHEMAS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.api.reconciliation.schemas import Schemas


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    folder = os.environ.get("COSIGRAPH_SCHEMAS")
    if not folder:
        pytest.skip("COSIGRAPH_SCHEMAS names no folder with the published schemas")
    return Schemas(Path(folder) / "reconciliation" / "0.2")
