# SPDX-License-Identifier: Apache-2.0
"""One server asks another, over HTTP, where it is allowed to."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from cosigraph import open_project
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.stored_project import create_store
from cosigraph.tokens import hash_of, new_token
from cosigraph_api.service_description import SD
from tests.canary import Canary
from tests.endpoint import FarEndpoint, Reply, Request
from tests.serving import Running, serving

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@dataclass
class Both:
    """A server that may ask another, that other, and an endpoint that answers as a test wants."""

    near: Running
    far: Running
    odd: FarEndpoint

    def ask(self, query: str, **fields: str) -> httpx.Response:
        text = query.replace("<FAR>", f"<{self.far.address}sparql>")
        text = text.replace("<ODD>", f"<{self.odd.iri}sparql>")
        address = f"{self.near.address}sparql"
        return httpx.post(address, data={"query": text}, headers=fields, timeout=60)


@pytest.fixture(scope="module")
def standing(root: Path) -> Iterator[Both]:
    odd = FarEndpoint()
    orchard = root / "tests" / "projects" / "orchard"
    with serving(root, 30) as far:
        services = [f"{far.address}sparql", f"{odd.iri}sparql"]
        with serving(orchard, 4, services=services) as near:
            yield Both(near, far, odd)
    odd.close()


@pytest.fixture
def both(standing: Both) -> Both:
    standing.odd.requests.clear()
    standing.odd.reply = lambda _: Reply()
    return standing


def test_a_query_is_answered_from_here_and_from_there(both: Both) -> None:
    expected = httpx.get(f"{both.far.address}sparql", params={"query": COUNT}).json()
    response = both.ask(f"SELECT * {{ SERVICE <FAR> {{ {COUNT} }} }}")
    assert response.status_code == 200
    assert response.json()["results"] == expected["results"]
    joined = both.ask(
        "SELECT ?here ?there { { SELECT (COUNT(*) AS ?here) { ?s ?p ?o } } "
        f"SERVICE <FAR> {{ {COUNT.replace('?n', '?there')} }} }}"
    ).json()["results"]["bindings"]
    assert int(joined[0]["there"]["value"]) > int(joined[0]["here"]["value"]) > 0


def test_such_an_answer_is_never_kept(both: Both) -> None:
    text = "SELECT * { SERVICE <ODD> { ?s ?p ?o } }"
    for number in (1, 2):
        response = both.ask(text)
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
        assert len(both.odd.requests) == number


def test_an_empty_answer_from_elsewhere_leads_to_no_explanation(both: Both) -> None:
    empty = both.ask("SELECT * { ?s <a:nothing> ?o }")
    assert "why-empty" in empty.headers["Link"]
    elsewhere = both.ask("SELECT * { SERVICE <FAR> { ?s <a:nothing> ?o } }")
    assert elsewhere.json()["results"]["bindings"] == []
    assert "Link" not in elsewhere.headers


def test_fields_of_the_client_are_not_passed_on(both: Both) -> None:
    secret = {"Authorization": "Bearer secret", "Cookie": "a=secret", "Request-Id": "secret"}
    assert both.ask("ASK { SERVICE <ODD> { ?s ?p ?o } }", **secret).json()["boolean"]
    (request,) = both.odd.requests
    assert "secret" not in str(request)


def test_another_endpoint_that_fails_is_502_with_what_it_said(both: Both) -> None:
    both.odd.reply = lambda _: Reply(b"out of order", 503, {"Content-Type": "text/plain"})
    response = both.ask("ASK {\n SERVICE <ODD> { ?s ?p ?o } }")
    problem = response.json()
    assert (response.status_code, problem["status"]) == (502, 502)
    assert problem["type"] == "https://w3id.org/cosigraph/problem/service"
    assert problem["title"] == "Another endpoint failed"
    assert problem["detail"] == f"The endpoint <{both.odd.iri}sparql> answered 503: out of order."
    assert problem["position"] == {"line": 2, "column": 2}
    assert both.ask("ASK { SERVICE SILENT <ODD> { ?s ?p ?o } }").json()["boolean"] is True


def test_a_redirect_to_another_server_is_502_and_not_followed(both: Both) -> None:
    canary = Canary()
    both.odd.reply = lambda _: Reply(b"", 307, {"Location": canary.iri})
    assert both.ask("ASK { SERVICE <ODD> { ?s ?p ?o } }").status_code == 502
    assert canary.count() == 0
    canary.close()


def test_every_other_endpoint_is_403_with_the_position(both: Both) -> None:
    canary = Canary()
    for text in (f"ASK {{\nSERVICE <{canary.iri}> {{}} }}", "ASK {\nSERVICE ?x {} }"):
        response = both.ask(text)
        assert response.status_code == 403
        assert response.json()["position"] == {"line": 2, "column": 1}
    refused = httpx.get(
        f"{both.far.address}sparql", params={"query": f"ASK {{ SERVICE <{canary.iri}> {{}} }}"}
    )
    assert refused.status_code == 403
    assert canary.count() == 0
    canary.close()


def test_what_the_other_server_refuses_is_told(both: Both) -> None:
    response = both.ask("ASK { SERVICE <FAR> { ?s ?p ?o SERVICE <ODD> { ?s ?p ?o } } }")
    assert response.status_code == 502
    assert "answered 403" in response.json()["detail"]
    assert "SERVICE is not allowed" in response.json()["detail"]
    assert both.odd.requests == []


def test_a_query_that_waits_for_another_endpoint_is_504_at_its_time(both: Both) -> None:
    gone = threading.Event()

    def late(_: Request) -> Reply:
        gone.wait(30)
        return Reply()

    both.odd.reply = late
    begun = time.monotonic()
    response = both.ask("ASK { SERVICE <ODD> { ?s ?p ?o } }")
    gone.set()
    assert response.status_code == 504
    assert time.monotonic() - begun < 12
    assert httpx.get(f"{both.near.address}sparql", params={"query": COUNT}).status_code == 200


def test_federation_is_described_where_it_is_allowed(both: Both) -> None:
    feature = f"<{SD}BasicFederatedQuery>"
    accept = {"Accept": "application/n-triples"}
    assert feature in httpx.get(f"{both.near.address}sparql", headers=accept).text
    assert feature not in httpx.get(f"{both.far.address}sparql", headers=accept).text


def test_processes_that_may_connect_are_counted_and_end_with_the_server(both: Both) -> None:
    both.ask("ASK { SERVICE <ODD> { ?s ?p ?o } }")
    metrics = httpx.get(f"{both.near.address}metrics").text
    assert f"cosigraph_workers {len(both.near.workers)}.0" in metrics
    assert len(both.near.workers) > 2


def test_what_is_written_is_asked_with_other_endpoints_and_an_update_asks_none(
    root: Path, tmp_path: Path
) -> None:
    orchard = open_project(root / "tests" / "projects" / "orchard")
    create_store(tmp_path / "store", orchard, DefaultGraphKind.UNION)
    token, odd = new_token(), FarEndpoint()
    services = [f"{odd.iri}sparql"]
    options: dict[str, Any] = {"allow_update": True, "gate": None, "token_hash": hash_of(token)}
    text = f"SELECT ?x {{ ?x <a:new> ?y SERVICE <{odd.iri}sparql> {{ ?s ?p ?o }} }}"
    with serving(
        orchard.folder, 20, store=str(tmp_path / "store"), services=services, **options
    ) as server:
        address = f"{server.address}sparql"
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            assert client.post(address, data={"query": text}).json()["results"]["bindings"] == []
            insert = "INSERT DATA { GRAPH <a:g> { <a:x> <a:new> 1 } }"
            assert client.post(address, data={"update": insert}).status_code == 204
            assert (
                len(client.post(address, data={"query": text}).json()["results"]["bindings"]) == 1
            )
            odd.requests.clear()
            for silent in ("", "SILENT"):
                where = f"{{ SERVICE {silent} <{odd.iri}sparql> {{ ?s ?p ?o }} }}"
                update = f"INSERT {{ GRAPH <a:g> {{ ?s <a:b> ?o }} }} WHERE {where}"
                refused = client.post(address, data={"update": update})
                assert refused.status_code == 403
                assert refused.json()["detail"].startswith("SERVICE is not allowed")
            assert odd.requests == []
    odd.close()


CANNED = """\
#+ summary: What is there of everything
#+ federated: true
#+ columns:
#+   there: {description: The number of statements, datatype: integer}
SELECT ?there WHERE { SERVICE <FAR> { SELECT (COUNT(*) AS ?there) { ?s ?p ?o } } }
"""


@pytest.fixture(scope="module")
def canned(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[tuple[Running, str]]:
    """A server with a federated query, and the second server that this asks."""
    folder = tmp_path_factory.mktemp("canned") / "orchard"
    orchard = root / "tests" / "projects" / "orchard"
    shutil.copytree(orchard, folder)
    with serving(orchard, 30) as far:
        service = f"{far.address}sparql"
        text = CANNED.replace("FAR", service)
        (folder / "queries" / "elsewhere.rq").write_text(text, encoding="utf-8")
        with serving(folder, 10, services=[service]) as near:
            yield near, service


def test_a_canned_query_that_is_federated_asks_the_other_server(
    canned: tuple[Running, str],
) -> None:
    near, service = canned
    there = httpx.get(service, params={"query": COUNT}).json()["results"]["bindings"][0]["n"]
    for extension in ("csv", "xlsx", "json"):
        answer = httpx.get(f"{near.address}queries/elsewhere.{extension}", timeout=60)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    assert answer.json()["results"]["bindings"][0]["there"]["value"] == there["value"]


def test_pages_and_descriptions_say_that_a_query_is_federated(canned: tuple[Running, str]) -> None:
    near, service = canned
    html = {"Accept": "text/html"}
    listing = httpx.get(f"{near.address}queries", headers=html, timeout=60).text
    assert listing.count("federated: asks another endpoint") == 1
    page = httpx.get(f"{near.address}queries/elsewhere", headers=html, timeout=60).text
    assert f"<code>{service}</code>" in page
    told = httpx.get(f"{near.address}queries/elsewhere").json()
    assert told["services"] == [service]
    described = httpx.get(f"{near.address}openapi.json").json()["paths"]
    assert "502" in described["/queries/elsewhere.{format}"]["get"]["responses"]
    assert "502" not in described["/queries/trees.{format}"]["get"]["responses"]


def test_a_federated_query_has_neither_an_explanation_nor_a_receipt(
    canned: tuple[Running, str],
) -> None:
    near, _ = canned
    for what in ("explain", "receipt"):
        refused = httpx.get(f"{near.address}queries/elsewhere/{what}", timeout=60)
        assert (what, refused.status_code) == (what, 403)
