# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cosigraph
from cosigraph import Project
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
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


def test_a_server_is_ready_while_it_has_processes_and_does_not_end(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1)
    service = Service(orchard, pool)
    with Asker(Application(service), pool) as asker:
        answer = asker.get("/readyz")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json() == {"status": "ready", "version": orchard.version, "workers": 1}
        service.is_stopping = True
        assert asker.get("/readyz").status_code == 503
        service.is_stopping = False
        pool.close()
        answer = asker.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/not-ready")
        assert asker.get("/healthz").status_code == 200
