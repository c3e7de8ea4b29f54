# SPDX-License-Identifier: Apache-2.0
"""Identifiers answer: a page for people, files for programs, at the identifier's own path."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph
import pytest

from cosigraph import Project, open_project
from cosigraph.workers import WorkerPool
from cosigraph_api import thing_pages
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import BROWSER, Asker, http_scope
from tests.api.asking_pages import read_page

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"
TREE = "https://orchard.example/id/tree/1"


def triples(content: bytes, format_: pyoxigraph.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in pyoxigraph.parse(content, format=format_)}


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (None, "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json, */*;q=0.1", "jsonld"),
        ("application/json", "jsonld"),
        ("application/trig", "trig"),
        ("application/n-quads", "nq"),
    ],
)
def test_an_identifier_leads_to_its_description(
    asker: Asker, accept: str | None, extension: str
) -> None:
    answer = asker.get("/id/tree/1", accept=accept)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"./1.{extension}"
    assert "Accept" in answer.headers["vary"]
    followed = asker.get(f"/id/tree/1.{extension}")
    assert followed.status_code == 200


@pytest.mark.parametrize(
    ("extension", "format_"),
    [
        ("ttl", pyoxigraph.RdfFormat.TURTLE),
        ("nt", pyoxigraph.RdfFormat.N_TRIPLES),
        ("rdf", pyoxigraph.RdfFormat.RDF_XML),
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
        ("trig", pyoxigraph.RdfFormat.TRIG),
        ("nq", pyoxigraph.RdfFormat.N_QUADS),
    ],
)
def test_every_file_says_the_same(
    asker: Asker, extension: str, format_: pyoxigraph.RdfFormat
) -> None:
    answer = asker.get(f"/id/tree/1.{extension}")
    described = asker.sparql(f"DESCRIBE <{TREE}>", format="nt")
    expected = triples(described.content, pyoxigraph.RdfFormat.N_TRIPLES)
    assert len(expected) > 3
    assert triples(answer.content, format_) == expected
    assert f'<{TREE}>; rel="describes"' in answer.headers["link"]


def test_a_description_can_be_kept_and_asked_for_again(asker: Asker) -> None:
    tag = asker.get("/id/tree/1.ttl").headers["etag"]
    again = asker.request("GET", "/id/tree/1.ttl", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_form_that_no_description_has_is_406(asker: Asker) -> None:
    assert asker.get("/id/tree/1", accept="image/png").status_code == 406


@pytest.mark.parametrize("path", ["/id/tree/none", "/id/tree/none.ttl", "/id/tree/1.exe", "/ {"])
def test_an_identifier_of_nothing_is_404(asker: Asker, path: str) -> None:
    answer = asker.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_identifier_takes_no_other_method(asker: Asker) -> None:
    assert asker.request("POST", "/id/tree/1").status_code == 404


def test_the_page_says_what_the_graph_says_and_what_points_there(asker: Asker) -> None:
    page = asker.page("/id/variety/boskoop.html").text
    assert "<h1>Belle de Boskoop</h1>" in page
    assert '<span lang="de">Schöner aus Boskoop</span>' in page
    assert re.search(r'href="../../id/tree/1"', page)
    assert "What points here" in page


def test_the_page_holds_its_description_as_json_ld(asker: Asker) -> None:
    page = asker.page("/id/tree/1.html").text
    (linked,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    (node,) = json.loads(unescape(linked))
    assert node["@id"] == TREE


def test_the_page_tells_how_many_values_it_does_not_show(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asker.page("/id/variety/boskoop.html").text
    assert " more" not in whole
    monkeypatch.setattr(thing_pages, "_SHOWN", 1)
    page = asker.page("/id/variety/boskoop.html").text
    assert "and 1 more, in the files" in page  # its other preferred label
    assert re.search(r"and [0-9]+ more</li>", page)  # trees, which no file of this thing has


def test_an_identifier_with_other_characters_is_found_however_a_client_writes_it(
    tmp_path: Path,
) -> None:
    folder = shutil.copytree(ORCHARD, tmp_path / "orchard")
    with (folder / "data" / "trees.ttl").open("a", encoding="utf-8") as file:
        file.write("<https://orchard.example/id/tree/größe> a orch:Tree .\n")
    project = open_project(folder)
    pool = WorkerPool(project.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(project, pool)), pool) as asker:
        answer = asker.get("/id/tree/gr%C3%B6%C3%9Fe", accept="text/turtle")
        assert (answer.status_code, answer.headers["location"]) == (303, "./gr%C3%B6%C3%9Fe.ttl")
        described = asker.get("/id/tree/gr%C3%B6%C3%9Fe.nt")
        assert "größe" in described.text
        assert 'href="./gr%C3%B6%C3%9Fe.ttl"' in asker.page("/id/tree/gr%C3%B6%C3%9Fe.html").text


def test_a_namespace_is_described_with_all_its_terms(asker: Asker, orchard: Project) -> None:
    described = asker.get("/ontology.nt").content.decode()
    assert "<https://orchard.example/ontology#Tree>" in described
    assert "<https://orchard.example/ontology#height>" in described
    page = asker.page("/ontology.html").text
    assert '<h3 id="Tree">tree</h3>' in page


def test_a_graph_leads_to_the_graph_store(asker: Asker) -> None:
    answer = asker.get("/graph/trees", accept="text/turtle")
    assert answer.headers["location"] == "../graphs/trees"
    assert asker.get("/graphs/trees", accept="text/turtle").status_code == 200


def test_the_canonical_host_is_recognised_below_its_own_path(asker: Asker) -> None:
    answer = asker.request("GET", "/id/tree/1.nt", headers={"Host": "orchard.example"})
    assert answer.status_code == 200


def test_identifiers_answer_behind_a_path_prefix(asker: Asker) -> None:
    scope = http_scope("GET", "/orchard/id/tree/1.nt")
    scope["root_path"] = "/orchard"
    received = [{"type": "http.request", "body": b"", "more_body": False}]
    start = asker.exchange(scope, received)[0]
    assert start["status"] == 200


def test_all_identifiers_are_counted_as_one_route(asker: Asker) -> None:
    asker.get("/id/tree/1.nt")
    assert 'route="/{identifier}"' in asker.get("/metrics").text


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """An orchard below a path, with an identifier that is no longer used and one that is gone."""
    folder = shutil.copytree(ORCHARD, tmp_path_factory.mktemp("changed") / "orchard")
    for path in [*folder.rglob("*.ttl"), *folder.rglob("*.rq"), folder / "cosigraph.toml"]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("//orchard.example/", "//fruit.example/orchard/"))
    base = "https://fruit.example/orchard/"
    with (folder / "data" / "trees.ttl").open("a", encoding="utf-8") as file:
        file.write(
            f"<{base}id/tree/old> a orch:Tree ; <http://www.w3.org/2002/07/owl#deprecated> true ;"
            f" <http://purl.org/dc/terms/isReplacedBy> <{base}id/tree/1> .\n"
        )
    (folder / "released.txt").write_text(f"{base}id/tree/1\n{base}id/tree/felled\n")
    project = open_project(folder)
    pool = WorkerPool(project.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(project, pool)), pool) as asker:
        yield asker


@pytest.mark.parametrize("path", ["/id/tree/felled", "/id/tree/felled.ttl", "/id/tree/felled.html"])
def test_an_identifier_that_was_withdrawn_is_410(changed: Asker, path: str) -> None:
    answer = changed.get(path)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (410, "withdrawn")
    assert "fruit.example/orchard/id/tree/felled" in answer.json()["detail"]
    assert changed.get("/id/tree/never").status_code == 404
    assert changed.get("/id/tree/1").status_code == 303


def test_an_identifier_that_is_no_longer_used_answers_and_says_so(changed: Asker) -> None:
    page = changed.page("/id/tree/old.html")
    assert page.status_code == 200
    assert "No longer used." in page.text
    assert re.search(r'in its place: <a href="../../id/tree/1"', page.text)
    assert "No longer used." not in changed.page("/id/tree/1.html").text


@pytest.mark.parametrize(
    "path",
    ["id/tree/1.html", "", "queries", "sparql", "ontology.html", "static/style.css", "nowhere"],
)
def test_below_the_base_of_the_canonical_host_pages_lead_below_the_base(
    changed: Asker, path: str
) -> None:
    headers = {"Host": "fruit.example", "Accept": BROWSER}
    answer = changed.request("GET", f"/orchard/{path}", headers=headers)
    assert answer.status_code == (404 if path == "nowhere" else 200)
    if not path.startswith("static"):
        address = f"https://fruit.example/orchard/{path}"
        links = [urljoin(address, link) for link in read_page(answer.text).links()]
        assert links
        for link in links:
            is_here = link.startswith("https://fruit.example/")
            assert not is_here or link.startswith("https://fruit.example/orchard/"), link


def test_the_base_path_means_nothing_to_another_host(changed: Asker) -> None:
    assert changed.get("/orchard/id/tree/1").status_code == 404
    known = changed.request("GET", "/id/tree/1", headers={"Host": "fruit.example"})
    assert known.status_code == 303
