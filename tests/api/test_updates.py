# SPDX-License-Identifier: Apache-2.0
"""Updates by the SPARQL 1.1 Protocol: who may make them, what they change, what is refused."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.tokens import hash_of
from cosigraph.versioned_store import VersionedStore
from tests.api.asking import Asker, http_scope
from tests.api.writing import Writable, serving_store, writable

TURTLE = "text/turtle"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
CROSS = "GRAPH ?w { ?a ?b ?c } GRAPH ?x { ?d ?e ?f } GRAPH ?y { ?g ?h ?i }"
NEVER = "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = '')"
RUNAWAY = f"INSERT {{ ?a <a:p> 1 }} WHERE {{ {CROSS} GRAPH ?z {{ ?j ?k ?l }} {NEVER} }}"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, orchard: Project) -> Iterator[Writable]:
    """A store for the tests that leave nothing in it, or that do not mind what is."""
    with writable(tmp_path_factory.mktemp("store") / "shared", orchard) as served:
        yield served


@pytest.fixture
def served(tmp_path: Path, orchard: Project) -> Iterator[Writable]:
    with writable(tmp_path / "store", orchard) as served:
        yield served


@pytest.fixture
def alone(tmp_path: Path, orchard: Project) -> Iterator[Writable]:
    """A store whose queries' default graph is the unnamed graph alone."""
    with writable(tmp_path / "alone", orchard, DefaultGraphKind.UNNAMED) as served:
        yield served


def position_of(problem: dict[str, Any]) -> tuple[int, int]:
    return problem["position"]["line"], problem["position"]["column"]


# Who may


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


# What it does


def test_an_update_is_seen_by_the_next_query(served: Writable) -> None:
    version = served.asker.sparql("ASK {}").headers["cosigraph-version"]
    answer = served.update("INSERT DATA { <a:s> <a:p> <a:o> }")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cosigraph-version"] != version
    asked = served.asker.sparql("ASK { <a:s> <a:p> <a:o> }")
    assert asked.json()["boolean"] is True
    assert asked.headers["cosigraph-version"] == answer.headers["cosigraph-version"]


@pytest.mark.parametrize("kind", [UPDATE, FORM])
def test_it_comes_by_post_of_itself_or_of_a_form(served: Writable, kind: str) -> None:
    text = "INSERT DATA { <a:s> <a:p> 'é' }"
    headers = {**served.authorisation}
    if kind == FORM:
        answer = served.asker.request("POST", "/sparql", data={"update": text}, headers=headers)
    else:
        answer = served.update(text)
    assert answer.status_code == 204
    assert served.count("<a:s> <a:p> 'é'") == 1


def test_answers_and_tags_of_the_version_before_are_not_given_any_more(served: Writable) -> None:
    query = "SELECT ?o { <a:s> <a:p> ?o }"
    before = [served.asker.sparql(query) for _ in range(2)]
    assert before[0].headers["etag"] == before[1].headers["etag"]
    served.update("INSERT DATA { <a:s> <a:p> 1 }")
    headers = {"If-None-Match": before[0].headers["etag"]}
    after = served.asker.request("GET", "/sparql", params={"query": query}, headers=headers)
    assert after.status_code == 200
    assert len(after.json()["results"]["bindings"]) == 1


def test_canned_queries_pages_and_the_description_follow_too(served: Writable) -> None:
    trees = served.asker.get("/queries/trees.csv")
    description = served.asker.get("/sparql", accept=TURTLE).text
    assert served.asker.page("/").status_code == 200
    served.update("DROP ALL ; CREATE GRAPH <a:new>")
    emptied = served.asker.get("/queries/trees.csv")
    assert len(emptied.text.splitlines()) == 1 < len(trees.text.splitlines())
    assert emptied.headers["etag"] != trees.headers["etag"]
    assert "<a:new>" in served.asker.get("/sparql", accept=TURTLE).text
    assert "<a:new>" not in description
    version = served.asker.get("/healthz").json()["version"]
    assert version == emptied.headers["cosigraph-version"]
    assert f'version="{version}"' in served.asker.get("/metrics").text


def test_what_changes_nothing_makes_no_version(served: Writable) -> None:
    served.update("DELETE DATA { <a:s> <a:p> <a:o> }")
    assert served.versions == 1


def test_all_operations_are_done_or_none(served: Writable) -> None:
    before = served.count()
    answer = served.update("CLEAR ALL ; INSERT DATA { <a:s> <a:p> 1 } ; DROP GRAPH <a:nowhere>")
    assert answer.status_code == 400
    assert "does not exist" in answer.json()["detail"]
    assert (served.count(), served.versions) == (before, 1)


def test_the_default_graph_is_the_union_with_the_unnamed_graph(served: Writable) -> None:
    before = served.count()
    served.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> { <a:s> <a:p> 1, 2 } }")
    assert served.count() == before + 2
    assert served.count("GRAPH <a:g> { ?s ?p ?o }") == 2
    # An update works on the graphs by themselves: what names none is the unnamed one.
    served.update("DELETE WHERE { <a:s> ?p ?o }")
    assert served.count("<a:s> ?p ?o") == 2


def test_a_store_may_have_the_unnamed_graph_alone_for_its_default_graph(alone: Writable) -> None:
    alone.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> { <a:s> <a:p> 2 } }")
    assert alone.count() == 1
    description = alone.asker.get("/sparql", accept=TURTLE).text
    assert "UnionDefaultGraph" not in description


def test_a_graph_that_is_named_by_from_has_nothing_of_the_unnamed_one(served: Writable) -> None:
    served.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> { <a:s> <a:p> 2 } }")
    rows = served.asker.sparql("SELECT ?o FROM <a:g> { <a:s> <a:p> ?o }", accept="text/csv")
    assert rows.text.split() == ["o", "2"]
    assert served.asker.sparql("ASK FROM NAMED <a:g> { <a:s> ?p ?o }").json()["boolean"] is False


def test_the_protocols_dataset_stands_for_using(served: Writable) -> None:
    served.update(
        "INSERT DATA { <a:s> <a:p> 0 GRAPH <a:g> { <a:s> <a:p> 1 } GRAPH <a:h> { <a:s> <a:p> 2 } }"
    )
    update = "INSERT { GRAPH <a:r> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert served.update(update, **{"using-graph-uri": ["a:g", "a:h"]}).status_code == 204
    assert served.count("GRAPH <a:r> { ?s ?p ?o }") == 2
    update = "INSERT { GRAPH <a:n> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert served.update(update, **{"using-named-graph-uri": "a:h"}).status_code == 204
    assert served.count("GRAPH <a:n> { ?s ?p ?o }") == 1


@pytest.mark.parametrize(
    "text",
    [
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING <a:g> WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_in_the_text_and_in_the_request_is_400(shared: Writable, text: str) -> None:
    answer = shared.update(text, **{"using-graph-uri": "a:g"})
    assert answer.status_code == 400
    assert answer.json()["position"]["line"] == 1


# What is refused


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("LOAD <file:///etc/passwd>", (1, 1)),
        ("CLEAR ALL ;\n  LOAD SILENT <http://127.0.0.1/> INTO GRAPH <a:g>", (2, 3)),
        ("PREFIX load: <a:> # LOAD\nLOAD load:x", (2, 1)),
        ("INSERT { ?s ?p ?o } WHERE {\n SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", (2, 2)),
        ("INSERT { ?s ?p ?o } WHERE { { SERVICE SILENT ?x { ?s ?p ?o } } }", (1, 31)),
        ("DELETE { ?s ?p ?o } WHERE { FILTER EXISTS { SERVICE <a:b> {} } ?s ?p ?o }", (1, 45)),
    ],
)
def test_what_would_reach_elsewhere_is_403_with_its_position(
    shared: Writable, text: str, position: tuple[int, int]
) -> None:
    before = shared.versions
    answer = shared.update(text)
    assert answer.status_code == 403
    assert position_of(answer.json()) == position
    assert shared.versions == before


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("INSERT DATA {\n <a:s> <a:p> }", (2, 14)),
        ("CLEAR XYZ", (1, 10)),
        ("PREFIX x: <a:>\nINSERT DATA { x:s y:p 1 }", (2, 19)),
        ("CLEAR ALL ;\n SELECT * {}", (2, 8)),
    ],
)
def test_what_is_no_update_is_400_with_its_position(
    shared: Writable, text: str, position: tuple[int, int]
) -> None:
    answer = shared.update(text)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/query-syntax")
    assert position_of(answer.json()) == position


def test_a_query_is_not_taken_for_an_update_nor_the_other_way(shared: Writable) -> None:
    def post(fields: dict[str, str]) -> int:
        headers = shared.authorisation
        return shared.asker.request("POST", "/sparql", data=fields, headers=headers).status_code

    assert post({"query": "ASK {}", "update": "CLEAR ALL"}) == 400
    assert post({"query": "ASK {}", "using-graph-uri": "a:g"}) == 400
    assert post({"using-graph-uri": "a:g"}) == 400
    assert post({"query": "CLEAR ALL"}) == 403
    assert post({"update": "CLEAR ALL", "default-graph-uri": "a:g"}) == 400
    twice = shared.asker.request(
        "POST", "/sparql", data={"update": ["CLEAR ALL"] * 2}, headers=shared.authorisation
    )
    assert twice.status_code == 400


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_update_does_not_come_by_get(shared: Writable, method: str) -> None:
    answer = shared.asker.request(method, "/sparql?update=CLEAR+ALL", headers=shared.authorisation)
    assert answer.status_code == 400


def test_a_graph_cannot_be_named_by_a_blank_node(shared: Writable) -> None:
    answer = shared.update("INSERT { GRAPH ?g { <a:s> <a:p> 1 } } WHERE { BIND(BNODE() AS ?g) }")
    assert answer.status_code in {204, 400}  # Oxigraph itself may leave such a quad out
    assert shared.asker.sparql("ASK {}").status_code == 200


# Its limits


def test_a_runaway_update_is_ended_and_nothing_has_changed(
    tmp_path: Path, orchard: Project
) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=1)) as served:
        answer = served.update(RUNAWAY)
        assert answer.status_code == 504
        assert served.versions == 1
        assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204


def test_a_client_that_leaves_takes_its_update_with_it(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=60)) as served:
        scope = http_scope(
            "POST", "/sparql", content_type=UPDATE, authorization=f"Bearer {served.token}"
        )
        body = {"type": "http.request", "body": RUNAWAY.encode(), "more_body": False}
        assert served.asker.exchange(scope, [body, {"type": "http.disconnect"}]) == []
        assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204
        assert served.versions == 2


def test_an_update_whose_process_is_killed_has_changed_nothing(served: Writable) -> None:
    assert served.service.writing is not None
    pool = served.service.writing.pool
    answers: list[Any] = []
    writer = threading.Thread(target=lambda: answers.append(served.update(RUNAWAY)))
    writer.start()
    while writer.is_alive():
        for process in pool.process_ids:
            os.kill(process, signal.SIGKILL)
        writer.join(timeout=0.2)
    assert answers[0].status_code == 503
    assert served.versions == 1
    assert served.update("INSERT DATA { <a:s> <a:p> 1 }").status_code == 204


def test_queries_are_answered_while_an_update_runs(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=2)) as served:
        statuses = []
        running = threading.Thread(target=lambda: statuses.append(served.update(RUNAWAY)))
        running.start()
        while not statuses:
            assert served.asker.sparql("ASK {}").status_code == 200
        running.join()
        assert statuses[0].status_code == 504


def test_an_update_that_needs_too_much_memory_changes_nothing(
    tmp_path: Path, orchard: Project
) -> None:
    limits = Limits(time=20, memory=64 * 1024 * 1024)
    with writable(tmp_path / "store", orchard, limits=limits) as served:
        answer = served.update(
            f"INSERT {{ ?a <a:p> ?text }} WHERE {{ {CROSS} "
            "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?f), STR(?i)) AS ?text) }"
        )
        assert answer.status_code == 503
        assert served.versions == 1


def test_two_writers_at_a_time_both_write(served: Writable) -> None:
    def write(name: str) -> None:
        answers.extend(
            served.update(f"INSERT DATA {{ <a:{name}> <a:p> {number} }}") for number in range(10)
        )

    answers: list[Any] = []
    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {204}
    assert served.count("?s <a:p> ?o") == 20
    assert served.versions == 21


def test_a_reader_keeps_the_version_that_it_began_with(served: Writable) -> None:
    """What a request is told of the version, and its content, belong together."""
    query = "SELECT ?o { <a:s> <a:p> ?o }"
    before = served.asker.sparql(f"{query} #", accept="text/csv")
    processes = served.service.workers.process_ids
    answers: list[Any] = []
    reader = threading.Thread(
        target=lambda: answers.append(served.asker.sparql(query, accept="text/csv"))
    )
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    reader.start()
    while not served.service.admission.running:
        time.sleep(0.01)
    written = served.update("INSERT DATA { <a:s> <a:p> 1 }")
    for process in processes:
        with contextlib.suppress(ProcessLookupError):  # those that had nothing to do are gone
            os.kill(process, signal.SIGCONT)
    reader.join()
    assert written.status_code == 204
    assert answers[0].text == before.text
    assert answers[0].headers["cosigraph-version"] == before.headers["cosigraph-version"]
    after = served.asker.sparql(query, accept="text/csv")
    assert after.text.split() == ["o", "1"]
    assert after.headers["cosigraph-version"] == written.headers["cosigraph-version"]
    assert after.headers["etag"] != answers[0].headers["etag"]


def test_what_was_written_is_there_after_the_server_ends(tmp_path: Path, orchard: Project) -> None:
    folder = tmp_path / "store"
    with writable(folder, orchard) as served:
        served.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> {} } ; CREATE GRAPH <a:empty>")
    with serving_store(folder, orchard) as served:
        assert served.count("<a:s> <a:p> 1") == 1
        assert served.graph("GET", "/graphs?graph=a:empty").status_code == 200
    assert VersionedStore(folder).current().number == 2


# What the server tells of it


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
