# SPDX-License-Identifier: Apache-2.0
"""Old versions, asked by ``?version=`` on any address, and the list of what there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cosigraph import Project
from tests.api.asking import BROWSER, Asker
from tests.api.writing import Writable, writable

COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <urn:g> { ?s ?p ?o } }"
INSERT = 'INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> "{}" }} }}'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, orchard: Project) -> Iterator[Writable]:
    """A store with the versions 1 to 4, of which the third is pruned; version n has n - 1 rows."""
    with writable(tmp_path_factory.mktemp("versions") / "store", orchard) as served:
        for number in range(3):
            assert served.update(INSERT.format(number)).status_code == 204
        store = served.service.store
        assert store is not None
        store.prune(store.version("3"))
        yield served


def count(served: Writable, **params: str) -> int:
    answer = served.asker.sparql(COUNT, accept="text/csv", **params)
    assert answer.status_code == 200
    return int(answer.text.split()[1])


def test_a_version_is_asked_by_number_or_digest(served: Writable) -> None:
    assert [count(served), count(served, version="2"), count(served, version="1")] == [3, 1, 0]
    listed = served.asker.get("/versions").json()
    for spelling in (listed[2]["version"], listed[2]["digest"], listed[2]["digest"][7:15]):
        assert count(served, version=spelling) == 1
    assert [count(served, version=name) for name in ("4", "", listed[0]["version"])] == [3, 3, 3]


def test_an_answer_names_its_version(served: Writable) -> None:
    listed = served.asker.get("/versions").json()
    for number in (1, 2, 4):
        answer = served.asker.sparql(COUNT, version=str(number))
        assert answer.headers["Cosigraph-Version"] == listed[4 - number]["version"]
    old = served.asker.sparql(COUNT, version="2")
    assert 'rel="latest-version"' in old.headers["Link"]
    assert "version=" not in old.headers["Link"]
    assert old.headers["X-Robots-Tag"] == "noindex"
    latest = served.asker.sparql(COUNT, version="4")
    assert "X-Robots-Tag" not in latest.headers
    assert latest.headers["ETag"] != old.headers["ETag"]


def test_it_can_be_asked_of_every_address(served: Writable) -> None:
    ask = served.asker.get
    assert "<urn:s>" in ask("/graphs?graph=urn:g&version=2").text
    assert ask("/graphs?graph=urn:g&version=1").status_code == 404
    assert ask("/queries/trees.csv?version=2").text == ask("/queries/trees.csv").text
    assert ask("/queries/trees.csv?version=2").headers["X-Robots-Tag"] == "noindex"
    body = {"content": COUNT, "headers": {"Content-Type": "application/sparql-query"}}
    answer = served.asker.request("POST", "/sparql?version=2", **body)
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == "1"
    there = ask("/id/tree/1?version=2", accept=BROWSER)
    assert there.status_code == 303
    assert there.headers["Location"].endswith("?version=2")


def test_a_page_says_that_it_is_of_an_old_version(served: Writable) -> None:
    old = served.asker.page("/?version=2")
    assert "This is version 2 of the data, which is not the current one, version 4" in old.text
    latest = served.asker.page("/")
    assert "(version 4)" in latest.text
    assert "not the current one" not in latest.text


def test_what_is_not_there_is_404_and_what_was_is_410_with_what_there_is(served: Writable) -> None:
    gone = served.asker.sparql(COUNT, version="3")
    assert gone.status_code == 410
    assert gone.json()["type"].endswith("pruned-version")
    assert "4, 2, 1" in gone.json()["advice"]
    for name in ("5", "0", "old", "sha256:000000", "\udcff"):
        missing = served.asker.get(
            f"/sparql?query=ASK%7B%7D&version={name.encode('utf-8', 'replace').decode()}"
        )
        assert missing.status_code == 404, name
        assert missing.json()["type"].endswith("unknown-version")
        assert "4, 2, 1" in missing.json()["advice"]
    twice = served.asker.get("/sparql?query=ASK%7B%7D&version=1&version=2")
    assert twice.status_code == 400


def test_a_version_that_is_pruned_while_it_is_ready_is_gone(
    tmp_path_factory: pytest.TempPathFactory, orchard: Project
) -> None:
    with writable(tmp_path_factory.mktemp("pruned") / "store", orchard) as served:
        for number in range(2):
            served.update(INSERT.format(number))
        assert count(served, version="2") == 1
        store = served.service.store
        assert store is not None
        store.prune(store.version("2"))
        assert served.asker.sparql(COUNT + " ", version="2").status_code == 410


def test_an_old_version_is_never_changed(served: Writable) -> None:
    refused = [
        served.update(INSERT.format("x"), version="2"),
        served.graph("PUT", "/graphs?graph=urn:g&version=2", "<urn:s> <urn:p> 1 ."),
        served.graph("POST", "/graphs?graph=urn:g&version=2", "<urn:s> <urn:p> 1 ."),
        served.graph("DELETE", "/graphs?graph=urn:g&version=2"),
    ]
    assert [each.status_code for each in refused] == [400] * 4
    assert count(served) == 3


def test_the_first_page_says_that_store_and_files_differ(served: Writable) -> None:
    assert "3 writes are not yet in the project" in served.asker.page("/").text
    store = served.service.store
    assert store is not None
    pulled = store.pulled()
    store.set_pulled(store.current())
    assert "not yet in the project" not in served.asker.page("/").text
    store.set_pulled(pulled)


def test_what_was_published_is_listed(served: Writable) -> None:
    listed = served.asker.get("/versions").json()
    assert [(each["number"], each["kept"], each["current"]) for each in listed] == [
        (4, True, True),
        (3, False, False),
        (2, True, False),
        (1, True, False),
    ]
    page = served.asker.page("/versions")
    assert "3 (no longer kept)" in page.text
    assert 'href="./?version=2"' in page.text


def test_a_project_folder_has_one_version(asker: Asker, orchard: Project) -> None:
    (only,) = asker.get("/versions").json()
    assert only["version"] == orchard.version
    assert "<table>" in asker.page("/versions").text
    for name in (orchard.version, only["digest"]):
        assert asker.sparql(COUNT, version=name).status_code == 200
    assert asker.sparql(COUNT, version="1").status_code == 404
