# SPDX-License-Identifier: Apache-2.0
"""How ``/reconcile`` is asked."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.api.asking import Asker

VARIETY = "https://orchard.example/id/variety/"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def post(asker: Asker, **fields: object) -> httpx.Response:
    data = {name: json.dumps(value) for name, value in fields.items()}
    return asker.request("POST", "/reconcile", data=data)


def batch(asker: Asker, **queries: object) -> dict[str, Any]:
    answer = post(asker, queries=queries)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def candidates(asker: Asker, query: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = batch(asker, q=query)["q"]["result"]
    return found


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])
