# SPDX-License-Identifier: Apache-2.0
"""``/reconcile``, held to the JSON schemas of the Reconciliation API 0.2 in COSIGRAPH_SCHEMAS."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api import reconciler, reconciliation_results
from cosigraph_api.application import Application
from cosigraph_api.problems import ProblemError
from cosigraph_api.reconciliation_queries import MOST_QUERIES, AskedName, read_batch
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope
from tests.api.writing import Writable, writable

VARIETY = "https://orchard.example/id/variety/"
SKOS = "http://www.w3.org/2004/02/skos/core#"


class Schemas:
    """The published schemas by name, of one version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = (folder / "schemas").glob("*.json")
        self._schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in files}
        by_address = {schema["$id"]: schema for schema in self._schemas.values()}
        # The published $id of two is another's; their references are to the files beside them.
        base = "https://reconciliation-api.github.io/specs/0.2/schemas"
        by_address |= {f"{base}/{name}.json": schema for name, schema in self._schemas.items()}
        self._registry = jsonschema_rs.Registry(
            [(address, _modern(schema)) for address, schema in by_address.items()],
            draft=jsonschema_rs.Draft7,
        )

    def hold(self, name: str, content: object) -> None:
        validator = jsonschema_rs.Draft7Validator(
            _modern(self._schemas[name]), registry=self._registry
        )
        errors = [error.message for error in validator.iter_errors(content)]
        assert not errors, errors


def _modern(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema in the draft that its keywords are of; it names whichever is the latest."""
    return {**schema, "$schema": "http://json-schema.org/draft-07/schema#"}


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    folder = os.environ.get("COSIGRAPH_SCHEMAS")
    if not folder:
        pytest.skip("COSIGRAPH_SCHEMAS names no folder with the published schemas")
    return Schemas(Path(folder) / "reconciliation" / "0.2")


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


# --- the manifest ---------------------------------------------------------------------------


def test_without_parameters_the_manifest_is_answered(asker: Asker, schemas: Schemas) -> None:
    answer = asker.get("/reconcile")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    schemas.hold("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://orchard.example/"
    assert manifest["batchSize"] == MOST_QUERIES
    assert {"id": "https://orchard.example/ontology#Tree", "name": "tree"} in manifest[
        "defaultTypes"
    ]


def test_the_addresses_of_the_manifest_answer(asker: Asker) -> None:
    manifest = asker.get("/reconcile").json()
    identifier = quote(f"{VARIETY}reine-claude", safe="")
    for template in (manifest["preview"]["url"], manifest["view"]["url"]):
        assert asker.get(template.replace("{{id}}", identifier)).status_code in {200, 303}
    for kind, suggest in manifest["suggest"].items():
        found = asker.get(f"{suggest['service_url']}{suggest['service_path']}?prefix=").json()
        path = suggest["flyout_service_path"].replace("${id}", quote(found["result"][0]["id"]))
        assert asker.get(suggest["flyout_service_url"] + path).status_code == 200, kind
    proposing = manifest["extend"]["propose_properties"]
    assert asker.get(proposing["service_url"] + proposing["service_path"]).status_code == 200


def test_the_schemas_would_find_a_fault(schemas: Schemas) -> None:
    for path in sorted(schemas.folder.glob("examples/*/valid/*.json")):
        if path.parts[-3] in {"manifest", "reconciliation-result-batch", "data-extension-response"}:
            schemas.hold(path.parts[-3], json.loads(path.read_text("utf-8")))
    with pytest.raises(AssertionError):
        schemas.hold("reconciliation-result-batch", {"q": {"result": [{"id": "a"}]}})
    with pytest.raises(AssertionError):
        schemas.hold("suggest-types-response", {"result": [{"id": "a"}]})


# --- batches --------------------------------------------------------------------------------


def test_a_batch_is_answered_by_get_and_by_post_alike(asker: Asker, schemas: Schemas) -> None:
    queries = {"a": {"query": "Reine Claude"}, "b": {"query": "Granny Smith"}, "c": {"query": "-"}}
    schemas.hold("reconciliation-query-batch", queries)
    posted = post(asker, queries=queries)
    got = asker.get("/reconcile", params={"queries": json.dumps(queries)})
    assert posted.content == got.content
    found = posted.json()
    schemas.hold("reconciliation-result-batch", found)
    assert set(found) == {"a", "b", "c"}
    first = found["a"]["result"][0]
    assert (first["id"], first["name"], first["match"]) == (
        f"{VARIETY}reine-claude",
        "Greengage",
        True,
    )
    assert {"id": "https://orchard.example/ontology#Variety", "name": "variety"} in first["type"]
    assert found["b"]["result"] == found["c"]["result"] == []


def test_the_score_is_explained(asker: Asker) -> None:
    (first, *_) = candidates(asker, {"query": "Confrence"})
    features = {feature["id"]: feature for feature in first["features"]}
    assert features["name"]["value"] == first["score"]
    assert features["name"]["how"] == "misspelt"
    assert features["name"]["name"] == "Conference"
    assert features["name"]["property"] == f"{SKOS}prefLabel"
    assert features["name"]["language"] == "en"
    assert features["exact"]["value"] is False


def test_types_and_limits_are_kept_to(asker: Asker) -> None:
    variety = "https://orchard.example/ontology#Variety"
    for type_ in (variety, [variety], "orch:Variety", [variety, "orch:Nothing"]):
        assert candidates(asker, {"query": "Conference", "type": type_})[0]["match"]
    assert candidates(asker, {"query": "Conference", "type": "orch:Nothing"}) == []
    both = {"query": "Conference", "type": [variety, "orch:Nothing"], "type_strict": "all"}
    assert candidates(asker, both) == []
    rather = candidates(asker, {"query": "B", "type": "orch:Tree", "type_strict": "should"})
    assert {"id": "type", "value": False} in rather[0]["features"]
    assert not rather[0]["match"]
    assert len(candidates(asker, {"query": "orchard tree T", "limit": 1})) <= 1


def test_an_identifier_is_a_query_too(asker: Asker) -> None:
    for identifier in (f"{VARIETY}boskoop", "variety:boskoop"):
        (first,) = candidates(asker, {"query": identifier})
        assert (first["id"], first["score"], first["match"]) == (f"{VARIETY}boskoop", 100, True)


def test_candidates_are_held_to_properties(asker: Asker) -> None:
    apple = "https://orchard.example/id/species/apple"
    right = {"pid": "orch:species", "v": {"id": apple}}
    wrong = {"pid": "orch:species", "v": ["pear", {"id": "x:y"}]}
    for held, share, is_match in ((right, 1.0, True), (wrong, 0.0, False)):
        (first, *_) = candidates(asker, {"query": "Belle de Boskoop", "properties": [held]})
        assert first["match"] is is_match
        assert {"id": "properties", "value": share} in first["features"]


def test_without_a_name_the_properties_alone_are_looked_for(asker: Asker, schemas: Schemas) -> None:
    code = {"properties": [{"pid": f"{SKOS}notation", "v": "G"}]}
    found = batch(asker, q=code)
    schemas.hold("reconciliation-result-batch", found)
    assert [each["id"] for each in found["q"]["result"]] == [f"{VARIETY}reine-claude"]
    assert not found["q"]["result"][0]["match"]


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ("{", "is no JSON"),
        ("[]", "queries is no object"),
        ('{"q": NaN}', "is no JSON"),
        ("[" * 100_000, "queries is"),
        ('{"q": []}', "queries['q'] is no object"),
        ('{"q": {}}', "neither query nor properties"),
        ('{"q": {"query": 1}}', "queries['q'].query is no string"),
        ('{"q": {"query": "a", "quary": 1}}', "'quary'"),
        ('{"q": {"query": "a", "limit": 0}}', "limit"),
        ('{"q": {"query": "a", "limit": true}}', "limit"),
        ('{"q": {"query": "a", "limit": 1e999}}', "limit"),
        ('{"q": {"query": "a", "type": 1}}', "type"),
        ('{"q": {"query": "a", "type_strict": "x"}}', "any, all, should"),
        ('{"q": {"query": "a", "properties": {}}}', "properties"),
        ('{"q": {"query": "a", "properties": [{"pid": "a"}]}}', "has no v"),
        ('{"q": {"query": "a", "properties": [{"pid": "a", "v": null}]}}', "neither a string"),
        ('{"q": {"query": "' + "x" * 10_240 + '"}}', "10,240 characters, more than 1,000"),
    ],
)
def test_what_is_no_batch_is_refused_with_where(asker: Asker, queries: str, told: str) -> None:
    answer = asker.request("POST", "/reconcile", data={"queries": queries})
    assert told in problem(answer, 400)


def test_a_batch_that_is_too_large_is_413(asker: Asker) -> None:
    many = {str(number): {"query": ""} for number in range(MOST_QUERIES + 1)}
    assert "10,001 queries" in problem(post(asker, queries=many), 413)


@pytest.mark.parametrize(
    "name",
    ["\x00\x07", "\ud800", "\u202eegaggneerG", "\u0645\u0634\u0645\u0634", "a\nb", "\U0010ffff"],
)
def test_odd_names_are_answered(asker: Asker, schemas: Schemas, name: str) -> None:
    schemas.hold("reconciliation-result-batch", batch(asker, q={"query": name}))


def test_ten_thousand_names_are_answered_and_others_meanwhile(asker: Asker) -> None:
    many = {str(number): {"query": f"Confrence {number}"} for number in range(MOST_QUERIES)}
    body = urlencode({"queries": json.dumps(many)})
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async def both() -> tuple[httpx.Response, int]:
        client = asker._client
        large = asyncio.ensure_future(client.post("/reconcile", content=body, headers=form))
        meanwhile = 0
        while not large.done():
            one = await client.get("/reconcile", params={"queries": '{"q": {"query": "G"}}'})
            assert one.status_code == 200
            meanwhile += not large.done()
        return await large, meanwhile

    answer, meanwhile = asker.wait(both())
    assert answer.status_code == 200, answer.text[:300]
    assert len(answer.json()) == MOST_QUERIES
    assert meanwhile >= 3


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "q"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_the_batch_it_is_read_or_refused(value: object) -> None:
    asked: list[AskedName] = []
    status = None
    try:
        asked = read_batch(json.dumps(value))
    except ProblemError as error:
        status = error.problem.status
    assert status in {None, 400}
    assert all(each.name is not None or each.properties for each in asked)


# --- other requests -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/reconcile?callback=x", "JSONP"),
        ("/reconcile?queries={}&extend={}", "Both"),
        ("/reconcile?queries={}&queries={}", "2 times"),
        ("/reconcile/preview", "No id"),
        ("/reconcile/suggest/entity", "prefix"),
        ("/reconcile/suggest/entity?prefix=a&cursor=x", "cursor"),
        ("/reconcile/suggest/entity?prefix=a&limit=0", "limit"),
        ("/reconcile/suggest/entity?prefix=" + "a" * 201, "prefix"),
        ("/reconcile/properties?type=a b", "no identifier"),
        ("/reconcile?extend={}", "extend.ids"),
        ('/reconcile?extend={"ids":[]}', "extend.properties"),
        ('/reconcile?extend={"ids":[],"properties":[{}]}', "extend.properties[0].id"),
    ],
)
def test_what_is_asked_wrongly_is_400(asker: Asker, path: str, told: str) -> None:
    assert told in problem(asker.get(path), 400)


def test_what_is_not_there_is_404(asker: Asker) -> None:
    for path in (
        "/reconcile/preview?id=a:b",
        "/reconcile/flyout/type?id=a",
        "/reconcile/view?id=a",
    ):
        problem(asker.get(path), 404)
    assert asker.get("/reconcile/suggest/nothing?prefix=a").status_code == 404


def test_bodies_and_methods_that_are_not_read_are_told(asker: Asker) -> None:
    problem(asker.request("POST", "/reconcile", json={"queries": {}}), 415)
    problem(asker.request("POST", "/reconcile", data={"query": "x"}), 400)
    problem(asker.request("PUT", "/reconcile"), 405)
    problem(asker.request("POST", "/reconcile/preview"), 405)
    allowed = asker.request("OPTIONS", "/reconcile")
    assert (allowed.status_code, allowed.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_a_client_that_leaves_leaves_the_service_to_others(asker: Asker) -> None:
    scope = http_scope("GET", "/reconcile", b"queries=" + quote('{"q":{"query":"B"}}').encode())
    asker.exchange(scope, [{"type": "http.disconnect"}])
    assert candidates(asker, {"query": "Conference"})


# --- suggesting -----------------------------------------------------------------------------


def test_what_begins_so_is_suggested(asker: Asker, schemas: Schemas) -> None:
    entities = asker.get("/reconcile/suggest/entity?prefix=reine").json()
    schemas.hold("suggest-entities-response", entities)
    assert [each["id"] for each in entities["result"]] == [f"{VARIETY}reine-claude"]
    types = asker.get("/reconcile/suggest/type?prefix=var").json()
    schemas.hold("suggest-types-response", types)
    assert types["result"][0]["id"] == "https://orchard.example/ontology#Variety"
    properties = asker.get("/reconcile/suggest/property?prefix=plant").json()
    schemas.hold("suggest-properties-response", properties)
    assert properties["result"]
    identified = asker.get(f"/reconcile/suggest/entity?prefix={VARIETY}boskoop").json()
    assert len(identified["result"]) == 1


def test_more_suggestions_can_be_fetched(asker: Asker) -> None:
    every = asker.get("/reconcile/suggest/entity?prefix=&limit=100").json()["result"]
    path = "/reconcile/suggest/entity?prefix=&limit=2&cursor={}"
    paged = [each for start in (0, 2) for each in asker.get(path.format(start)).json()["result"]]
    assert paged == every[:4]
    assert asker.get(path.format(1_000_000)).json()["result"] == []


def test_a_flyout_and_a_preview_show_a_thing_and_run_nothing(asker: Asker) -> None:
    identifier = f"{VARIETY}reine-claude"
    flyout = asker.get("/reconcile/flyout/entity", params={"id": identifier}).json()
    assert flyout["id"] == identifier
    assert "<strong>Greengage</strong>" in flyout["html"]
    preview = asker.get("/reconcile/preview", params={"id": identifier})
    assert preview.headers["content-type"] == "text/html; charset=utf-8"
    assert flyout["html"] in preview.text
    policy = preview.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "x-frame-options" not in preview.headers
    assert asker.get("/reconcile").headers["x-frame-options"] == "DENY"


def test_a_view_leads_to_the_thing_and_nowhere_else(asker: Asker) -> None:
    identifier = f"{VARIETY}boskoop"
    answer = asker.get("/reconcile/view", params={"id": identifier})
    assert (answer.status_code, answer.headers["location"]) == (303, identifier)
    assert asker.get("/reconcile/view?id=https://elsewhere.example/").status_code == 404


# --- data extension -------------------------------------------------------------------------


def test_values_of_properties_are_fetched(asker: Asker, schemas: Schemas) -> None:
    tree, strange = "https://orchard.example/id/tree/1", "nowhere> <x"
    asked: dict[str, list[Any]] = {
        "ids": [tree, "variety:boskoop", strange],
        "properties": [{"id": f"{SKOS}notation"}, {"id": "orch:species"}, {"id": "orch:height"}],
    }
    schemas.hold("data-extension-query", asked)
    answer = post(asker, extend=asked)
    assert answer.content == asker.get("/reconcile", params={"extend": json.dumps(asked)}).content
    told = answer.json()
    schemas.hold("data-extension-response", told)
    assert [each["id"] for each in told["meta"]] == [each["id"] for each in asked["properties"]]
    assert told["rows"][tree][f"{SKOS}notation"] == [{"str": "T-1"}]
    assert set(told["rows"][tree]["orch:height"][0]) == {"float"}
    (species,) = told["rows"]["variety:boskoop"]["orch:species"]
    assert species["id"] == "https://orchard.example/id/species/apple"
    assert all(values == [] for values in told["rows"][strange].values())


def test_every_property_can_be_extended(asker: Asker, schemas: Schemas) -> None:
    proposed = asker.get("/reconcile/properties?type=orch:Tree").json()
    schemas.hold("data-extension-property-proposal", proposed)
    assert proposed["type"] == "orch:Tree"
    found = [each["id"] for each in proposed["properties"]]
    assert "https://orchard.example/ontology#height" in found
    properties = [{"id": each} for each in found[:20]]
    ids = [f"https://orchard.example/id/tree/{number}" for number in range(1, 9)]
    schemas.hold(
        "data-extension-response",
        post(asker, extend={"ids": ids, "properties": properties}).json(),
    )
    one = asker.get("/reconcile/properties?limit=1").json()
    schemas.hold("data-extension-property-proposal", one)
    assert (len(one["properties"]), one["limit"]) == (1, 1)


# --- the process ----------------------------------------------------------------------------


@pytest.fixture
def hasty(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    with Asker(Application(Service(orchard, pool, Limits(time=20))), pool) as asker:
        yield asker


def test_a_process_that_ends_is_replaced(hasty: Asker) -> None:
    assert candidates(hasty, {"query": "Conference"})
    endpoint = hasty.application.reconciliation
    (first,) = endpoint.reconciler.process_ids
    os.kill(first, 9)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert candidates(hasty, {"query": "Conference"})
    (second,) = endpoint.reconciler.process_ids
    assert second != first


def test_a_batch_goes_on_when_the_process_ends_with_the_job_of_another(
    hasty: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "CHUNK", 1)
    exchange = reconciler._exchange
    ended: list[int] = []

    def ending(process: subprocess.Popen[bytes], job: dict[str, Any]) -> Any:
        answer = exchange(process, job)
        if "match" in job and not ended:  # as when another leaves between two jobs of the batch
            ended.append(process.pid)
            process.kill()
            process.wait()
        return answer

    monkeypatch.setattr(reconciler, "_exchange", ending)
    found = batch(hasty, a={"query": "Conference"}, b={"query": "Conference"})
    assert ended
    assert found["a"]["result"] == found["b"]["result"] != []


def test_a_batch_that_takes_too_long_is_stopped(
    orchard: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    with Asker(Application(Service(orchard, pool, Limits(time=1.5))), pool) as asker:
        assert candidates(asker, {"query": "Conference"})
        is_over = threading.Event()
        monkeypatch.setattr(reconciler, "_exchange", lambda *_: is_over.wait(20))
        answer = post(asker, queries={"q": {"query": "a"}})
        is_over.set()
        assert "names were looked for" in problem(answer, 504)
        monkeypatch.undo()
        assert candidates(asker, {"query": "Conference"})


def test_holding_a_batch_to_properties_takes_no_longer_than_a_query_may(
    hasty: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation_results, "monotonic", itertools.count(step=30).__next__)
    properties = [{"pid": "rdf:type", "v": "x"}]
    answer = post(hasty, queries={"q": {"properties": properties}})
    assert "held to their properties" in problem(answer, 504)


def test_a_process_that_nobody_waits_for_has_gone_before_another_is_asked() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(reconciler._exchanged(process, {}), timeout=0.1))
        assert process.returncode is not None


def test_what_is_written_is_found_at_once(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard) as served:
        assert candidates(served.asker, {"query": "Victoria"}) == []
        triple = f'<{VARIETY}victoria> <{SKOS}prefLabel> "Victoria"@en .'
        before = served.asker.application.reconciliation.reconciler.process_ids
        _put(served, triple)
        (first,) = candidates(served.asker, {"query": "Victoria"})
        assert first["match"]
        after = served.asker.application.reconciliation.reconciler.process_ids
        assert (len(before), len(after)) == (1, 1)
        assert before != after


def test_a_batch_ends_on_the_data_that_it_began_with(
    tmp_path: Path, orchard: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writable(tmp_path / "store", orchard) as served:
        assert candidates(served.asker, {"query": "Conference"})
        monkeypatch.setattr(reconciler, "CHUNK", 1)
        began, goes_on = threading.Event(), threading.Event()
        exchange = reconciler._exchange

        def waiting(*arguments: Any) -> Any:
            began.set()
            assert goes_on.wait(20)
            return exchange(*arguments)

        monkeypatch.setattr(reconciler, "_exchange", waiting)
        queries = {"a": {"query": "Conference"}, "b": {"query": "Victoria"}}
        found: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: found.append(post(served.asker, queries=queries)))
        asking.start()
        assert began.wait(20)
        _put(served, f'<{VARIETY}victoria> <{SKOS}prefLabel> "Victoria"@en .')
        goes_on.set()
        asking.join(20)
        assert found[0].json()["a"]["result"][0]["match"]
        assert found[0].json()["b"]["result"] == []
        assert candidates(served.asker, {"query": "Victoria"})


def _put(served: Writable, triple: str) -> None:
    assert served.graph("PUT", "/graphs/new", triple).status_code == 201
