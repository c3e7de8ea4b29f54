# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cosigraph_api.headers import SECURITY
from tests.api.asking import BROWSER, Asker
from tests.api.asking_pages import read_page

ADDRESSES = [
    "/",
    "/sparql?query=ASK+{}",
    "/sparql",
    "/queries",
    "/queries/trees.csv",
    "/queries/none",
    "/healthz",
    "/openapi.json",
    "/static/style.css",
    "/static/none",
    "/nowhere",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_every_answer_is_safe_to_show_and_may_be_read_from_anywhere(
    asker: Asker, method: str, address: str
) -> None:
    headers = asker.request(method, address).headers
    assert {name: headers[name] for name in SECURITY} == SECURITY
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cosigraph-version"]
    if method != "OPTIONS":
        assert headers["cache-control"] in {"no-cache", "no-store"}


@pytest.mark.parametrize("path", ["/nowhere", "/queries/a/b", "/static/none", "/redoc"])
def test_an_address_that_leads_nowhere_is_404_in_the_one_shape(asker: Asker, path: str) -> None:
    answer = asker.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/not-found")
    assert path in answer.json()["detail"]


def test_people_get_an_error_as_a_page(asker: Asker) -> None:
    answer = asker.request("GET", "/<b>nowhere", headers={"Accept": BROWSER})
    assert answer.status_code == 404
    page = read_page(answer.text)
    assert "404 Not Found" in page.texts("p")
    assert not page.all("b")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/queries", "/queries/trees.csv", "/healthz", "/static/x"])
def test_what_is_only_read_says_so(asker: Asker, method: str, path: str) -> None:
    answer = asker.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


def test_options_is_answered_everywhere(asker: Asker) -> None:
    answer = asker.request("OPTIONS", "/queries/trees.csv")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
