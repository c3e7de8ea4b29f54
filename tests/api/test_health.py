# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cosigraph
from cosigraph import Project
from tests.api.asking import Asker


def test_the_health_names_the_versions(asker: Asker, orchard: Project) -> None:
    answer = asker.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "ok",
        "software": cosigraph.__version__,
        "version": orchard.version,
    }
