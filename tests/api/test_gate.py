# SPDX-License-Identifier: Apache-2.0
"""What a write has to pass before it is published, and what is kept of who made it and why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import Project, open_project
from cosigraph.limits import Limits
from cosigraph.versioned_store import VersionedStore
from tests.api.writing import Writable, writable

TREES = "https://orchard.example/graph/trees"
GOOD = """INSERT DATA { GRAPH <%s> { tree:9 a orch:Tree ; skos:notation "T-9" ; orch:height 3.5 ;
  orch:planted "2020-01-01"^^xsd:date ; orch:variety variety:boskoop } }"""
BAD = 'INSERT DATA { GRAPH <%s> { tree:10 a orch:Tree ; skos:notation "ten" } }'
GOOD, BAD = GOOD % TREES, BAD % TREES


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, orchard: Project) -> Iterator[Writable]:
    folder = tmp_path_factory.mktemp("gate") / "store"
    with writable(folder, orchard, limits=Limits(time=60), gate="warning") as served:
        yield served


def trees(served: Writable) -> int:
    return served.count("?s a orch:Tree")


def test_what_conforms_is_published_with_who_when_and_why(served: Writable) -> None:
    before = trees(served)
    who = "Ann Ö. <ann@orchard.example>"
    answer = served.update_with(GOOD, From=who, Cosigraph_Reason="a new tree")
    assert answer.status_code == 204, answer.text
    assert trees(served) == before + 1
    made = VersionedStore(served.folder).current()
    assert (made.who, made.why) == (who, "a new tree")
    assert '"2020-01-01"' in VersionedStore(served.folder).patch(made)
    served.update(f"DELETE WHERE {{ GRAPH <{TREES}> {{ tree:9 ?p ?o }} }}")
    assert VersionedStore(served.folder).current().who.startswith("token ")


def test_what_does_not_conform_is_refused_whole_with_the_findings(served: Writable) -> None:
    before, versions = trees(served), served.versions
    for refused in (served.update(BAD), served.update(f"{GOOD} ; {BAD}")):
        assert refused.status_code == 422
        assert refused.headers["Content-Type"] == "application/problem+json"
        problem = refused.json()
        assert problem["type"].endswith("not-conforming")
        focus = {finding["focusNode"] for finding in problem["findings"]}
        assert focus == {"tree:10"}
        assert {finding["file"] for finding in problem["findings"]} == {"data/trees.ttl"}
        assert all(finding["line"] for finding in problem["findings"])
    assert (trees(served), served.versions) == (before, versions)


def test_a_graph_that_is_put_passes_the_same_gate(served: Writable) -> None:
    path = f"/graphs?graph={TREES}"
    text = "<https://orchard.example/id/tree/10> a <https://orchard.example/ontology#Tree> ."
    assert served.graph("POST", path, text).status_code == 422
    assert served.graph("PUT", path, text).status_code == 422
    current = served.asker.get(path).text
    assert served.graph("PUT", path, current).status_code == 204


@pytest.mark.parametrize(
    ("accept", "media_type", "word"),
    [
        ("text/plain", "text/plain; charset=utf-8", "shacl/"),
        ("application/sarif+json", "application/sarif+json", '"ruleId"'),
        ("text/turtle", "text/turtle; charset=utf-8", "sh:ValidationReport"),
        ("image/png", "application/problem+json", '"findings"'),
        ("*/*", "application/problem+json", '"findings"'),
    ],
)
def test_the_findings_come_in_the_format_of_the_client(
    served: Writable, accept: str, media_type: str, word: str
) -> None:
    refused = served.update_with(BAD, Accept=accept)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == media_type
    assert word in refused.text


def test_what_was_wrong_before_does_not_keep_others_out(tmp_path: Path, orchard: Project) -> None:
    folder = tmp_path / "orchard"
    shutil.copytree(orchard.folder, folder)
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text().replace('"T-1"', '"one"'))
    project = open_project(folder)
    with writable(tmp_path / "store", project, limits=Limits(time=60), gate="warning") as served:
        assert served.update(GOOD).status_code == 204
        refused = served.update(BAD)
        assert refused.status_code == 422
        assert {finding["focusNode"] for finding in refused.json()["findings"]} == {"tree:10"}


def test_a_check_that_takes_too_long_publishes_nothing(tmp_path: Path, orchard: Project) -> None:
    with writable(tmp_path / "store", orchard, limits=Limits(time=0.1), gate="warning") as served:
        assert served.update(GOOD).status_code == 504
        assert served.versions == 1


def test_files_that_are_broken_are_the_servers_affair(tmp_path: Path, orchard: Project) -> None:
    folder = tmp_path / "orchard"
    shutil.copytree(orchard.folder, folder)
    project = open_project(folder)
    with writable(tmp_path / "store", project, limits=Limits(time=60), gate="warning") as served:
        (folder / "data" / "trees.ttl").write_text("no Turtle")
        refused = served.update(GOOD)
        assert refused.status_code == 500
        assert str(folder) not in refused.text
        assert served.versions == 1


@pytest.mark.parametrize(
    "fields",
    [{"From": b"x" * 1001}, {"Cosigraph_Reason": b"\xff"}, {"Cosigraph_Reason": b"a\tb"}],
)
def test_who_and_why_are_a_line_each(served: Writable, fields: dict[str, bytes]) -> None:
    assert served.update_with(GOOD, **fields).status_code == 400
