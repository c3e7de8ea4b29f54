# SPDX-License-Identifier: Apache-2.0
"""Who may make updates by the SPARQL 1.1 Protocol, and what a server tells of it."""

from __future__ import annotations

import json

import pytest

from cosigraph.tokens import hash_of
from tests.api.asking import Asker
from tests.api.updates.making import FORM, TURTLE, UPDATE
from tests.api.writing import Writable


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer wrong", "Bearer", "Bearer ", "Basic d3Jvbmc6", "bearer \xe9", "Bearer a b"],
)
@pytest.mark.parametrize("kind", [UPDATE, FORM])
def test_without_the_token_it_is_401_and_always_the_same(
    shared: Writable, authorization: str | None, kind: str
) -> None:
    headers = {"Content-Type": kind}
    if authorization is not None:
        headers["Authorization"] = authorization
    before = shared.versions
    content = b"CLEAR ALL" if kind == UPDATE else b"update=CLEAR+ALL"
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = shared.asker.request("POST", "/sparql", content=content, headers=raw)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="cosigraph"'
    assert answer.json()["detail"] == "The request carries no token that may write here."
    assert shared.versions == before


def test_the_tokens_hash_is_no_token(shared: Writable) -> None:
    headers = {"Authorization": f"Bearer {hash_of(shared.token)}", "Content-Type": UPDATE}
    answer = shared.asker.request("POST", "/sparql", content=b"CLEAR ALL", headers=headers)
    assert answer.status_code == 401


def test_a_token_is_asked_for_before_the_update_is_looked_at(shared: Writable) -> None:
    headers = {"Content-Type": UPDATE}
    answer = shared.asker.request("POST", "/sparql", content=b"no update", headers=headers)
    assert answer.status_code == 401


def test_the_project_folder_is_never_written_to(asker: Asker) -> None:
    headers = {"Content-Type": UPDATE, "Authorization": "Bearer x"}
    answer = asker.request("POST", "/sparql", content=b"CLEAR ALL", headers=headers)
    assert answer.status_code == 403
    assert asker.request("PUT", "/graphs?default", content=b"").status_code == 405


def test_queries_need_no_token(shared: Writable) -> None:
    assert shared.asker.sparql("ASK {}").status_code == 200


def test_the_service_description_says_that_updates_are_on(shared: Writable, asker: Asker) -> None:
    on, off = (each.get("/sparql", accept=TURTLE).text for each in (shared.asker, asker))
    assert "sd:SPARQL11Update" in on
    assert "sd:SPARQL11Update" not in off


def test_a_browser_may_send_the_token_only_where_writing_is_on(
    shared: Writable, asker: Asker
) -> None:
    headers = {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    for path in ("/sparql", "/graphs"):
        for each, is_on in ((shared.asker, True), (asker, False)):
            answer = each.request("OPTIONS", path, headers=headers)
            allowed = answer.headers["access-control-allow-headers"]
            assert ("Authorization" in allowed) == is_on
            assert answer.status_code == 204


def test_the_openapi_description_tells_of_writing_only_where_it_is_on(
    shared: Writable, asker: Asker
) -> None:
    on, off = (each.get("/openapi.json").json() for each in (shared.asker, asker))
    assert set(on["paths"]["/graphs"]) == {"get", "put", "post", "delete"}
    assert set(off["paths"]["/graphs"]) == {"get"}
    bodies = [each["paths"]["/sparql"]["post"]["requestBody"]["content"] for each in (on, off)]
    assert [UPDATE in each for each in bodies] == [True, False]
    assert "token" in json.dumps(on["components"])
    assert "token" not in json.dumps(off["components"])
