# SPDX-License-Identifier: Apache-2.0
"""What updates change, and on which graphs they work."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.versioned_store import VersionedStore
from tests.api.updates.making import FORM, TURTLE, UPDATE
from tests.api.writing import Writable, serving_store, writable


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


def test_what_was_written_is_there_after_the_server_ends(tmp_path: Path, orchard: Project) -> None:
    folder = tmp_path / "store"
    with writable(folder, orchard) as served:
        served.update("INSERT DATA { <a:s> <a:p> 1 . GRAPH <a:g> {} } ; CREATE GRAPH <a:empty>")
    with serving_store(folder, orchard) as served:
        assert served.count("<a:s> <a:p> 1") == 1
        assert served.graph("GET", "/graphs?graph=a:empty").status_code == 200
    assert VersionedStore(folder).current().number == 2
