# SPDX-License-Identifier: Apache-2.0
"""Records over HTTP: every format by ``Accept`` and by suffix, and what pages tell of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from cosigraph import Project, open_project
from cosigraph.publishing.example_graph import add_example_graph
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import read_page

FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "trig": ("application/trig", RdfFormat.TRIG),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
}
RECORDS = ["/catalogue", "/.well-known/void", "/.well-known/sparql-examples"]


def triples(content: bytes, format_: RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in pyoxigraph.parse(content, format=format_)}


@pytest.fixture(scope="module")
def note_asker(shipped: Project) -> Iterator[Asker]:
    pool = WorkerPool(shipped.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(shipped, pool)), pool) as asker:
        yield asker


@pytest.mark.parametrize("path", RECORDS)
def test_a_record_is_the_same_in_every_format_by_accept_and_by_suffix(
    asker: Asker, path: str
) -> None:
    expected = triples(asker.get(path).content, RdfFormat.TURTLE)
    assert len(expected) > 20
    for extension, (media_type, format_) in FORMATS.items():
        accepted = asker.get(path, accept=media_type)
        suffixed = asker.get(f"{path}.{extension}", accept="text/html")
        for answer in (accepted, suffixed):
            assert answer.status_code == 200
            assert answer.headers["content-type"].partition(";")[0] == media_type
            assert triples(answer.content, format_) == expected


@pytest.mark.parametrize("path", [*RECORDS, "/prefixes"])
def test_what_is_no_form_of_a_record_is_refused(asker: Asker, path: str) -> None:
    assert asker.get(path, accept="image/png").status_code == 406
    assert asker.get(f"{path}.exe").status_code == 404


@pytest.mark.parametrize("path", [*RECORDS, "/context.jsonld"])
def test_a_record_can_be_kept_and_asked_for_again(asker: Asker, path: str) -> None:
    tag = asker.get(path).headers["etag"]
    again = asker.request("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_record_names_no_address_by_which_it_was_asked(asker: Asker) -> None:
    for path in RECORDS:
        assert "server.test" not in asker.get(path).text


def test_the_catalogues_page_tells_licences_files_and_what_is_missing(asker: Asker) -> None:
    page = read_page(asker.page("/catalogue").text)
    assert page.all("h2", id="rights")
    told = page.texts("li")
    assert any("[catalogue] has no publisher" in each for each in told)
    assert any("/trees.nt.gz" in link for link in page.links())


def test_the_context_is_served_as_one(asker: Asker) -> None:
    answer = asker.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    document = {**answer.json(), "id": "tree:9", "type": "Tree", "height": "2.5"}
    parsed = triples(json.dumps(document).encode(), RdfFormat.JSON_LD)
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert any(f'ontology#height> "2.5"{decimal}' in each for each in parsed)
    assert len(parsed) == 2


@pytest.mark.parametrize(
    ("accept", "extension", "line"),
    [
        ("text/turtle", "ttl", "@prefix tree: <https://orchard.example/id/tree/> ."),
        ("application/sparql-query", "rq", "PREFIX tree: <https://orchard.example/id/tree/>"),
        ("application/json", "json", ' "tree": "https://orchard.example/id/tree/",'),
        ("text/html", "html", "<code>https://orchard.example/id/tree/</code>"),
    ],
)
def test_the_prefixes_are_told_in_the_form_of_each_language(
    asker: Asker, accept: str, extension: str, line: str
) -> None:
    accepted, suffixed = asker.get("/prefixes", accept=accept), asker.get(f"/prefixes.{extension}")
    for answer in (accepted, suffixed):
        assert answer.headers["content-type"].startswith(accept)
        assert line in answer.text
    assert "Accept" in accepted.headers["vary"]


def test_the_prefixes_as_turtle_and_sparql_are_well_formed(asker: Asker) -> None:
    turtle = asker.get("/prefixes.ttl").text + "tree:1 a orch:Tree ."
    assert len(triples(turtle.encode(), RdfFormat.TURTLE)) == 1
    sparql = asker.get("/prefixes.rq").text + "ASK { tree:1 a orch:Tree }"
    assert asker.sparql(sparql).json()["boolean"] is True


def test_the_page_of_the_ontology_explains_each_term(asker: Asker) -> None:
    text = asker.page("/ontology.html").text
    assert "A fruit tree that stands in the orchard." in text
    assert re.search(r"<dt>from</dt>\s*<dd><a href=\"#Tree\"", text)
    assert re.search(r"<dt>has the properties</dt>\s*<dd>.*href=\"#height\"", text)
    assert "xsd:decimal" in text
    counted = asker.sparql("SELECT (COUNT(*) AS ?n) { ?t a orch:Tree }", format="csv").text.split()
    assert f">{counted[1]} things</a>" in text


def test_the_page_of_the_ontology_has_a_hierarchy(note_asker: Asker) -> None:
    text = note_asker.page("/ontology.html").text
    hierarchy = text.partition('id="hierarchy"')[2].partition("<h2>")[0]
    actors = hierarchy.partition('href="#Actor"')[2]
    assert actors.index("<ul>") < actors.index('href="#Body"') < actors.index("</ul>")
    assert len(read_page(text).all("h3")) > 80


def test_every_page_record_and_answer_with_metadata_tells_the_notice(
    note_asker: Asker, shipped: Project
) -> None:
    notice = shipped.configuration.notice
    assert len(notice) == 2
    for path in (
        "/",
        "/queries",
        "/queries/goals",
        "/sparql",
        "/catalogue",
        "/prefixes",
        "/dumps",
        "/problems",
        "/ontology.html",
        "/id/actor/europol.html",
        "/nowhere",
    ):
        footer = " ".join(read_page(note_asker.page(path).text).texts("footer"))
        for sentence in notice:
            assert sentence in footer, path
    for path in ("/catalogue.ttl", "/.well-known/void", "/sparql", "/versions.atom"):
        content = note_asker.get(path).text
        for sentence in notice:
            assert sentence in content, path
    assert note_asker.get("/dumps").json()["notice"] == list(notice)
    assert note_asker.get("/queries/goals").json()["notice"] == list(notice)
    description = note_asker.get("/openapi.json").json()["info"]["description"]
    assert all(sentence in description for sentence in notice)


def test_the_first_page_is_a_dataset_for_schema_org(note_asker: Asker, shipped: Project) -> None:
    page = note_asker.page("/").text
    (linked,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(unescape(linked))
    assert (told["@context"], told["@type"]) == ("https://schema.org/", "Dataset")
    assert told["@id"] == "https://w3id.org/cosigraph/id/dataset/cosigraph"
    assert told["version"] == shipped.version
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "unofficial encoding" in told["description"]
    assert len(told["distribution"]) == len(shipped.dataset.graphs)
    assert "localhost" not in linked
    assert "127.0.0.1" not in linked


def links_of(answer_links: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(r'<([^>]*)>; rel="([a-z-]+)"', answer_links):
        found.setdefault(relation, []).append(target)
    return found


def test_signposts_lead_from_pages_to_the_data(note_asker: Asker) -> None:
    thing = links_of(note_asker.page("/id/actor/europol.html").headers["link"])
    assert thing["cite-as"] == ["https://w3id.org/cosigraph/id/actor/europol"]
    assert "./europol.ttl" in thing["describedby"]
    assert thing["license"] == ["../../catalogue#rights"]
    assert thing["collection"] == ["../../"]
    start = links_of(note_asker.page("/").headers["link"])
    assert start["cite-as"] == ["https://w3id.org/cosigraph/id/dataset/cosigraph"]
    for target in (*start["describedby"], *start["item"]):
        assert note_asker.get(f"/{target}").status_code == 200
    dump = links_of(note_asker.get(f"/{start['item'][0]}").headers["link"])
    assert dump["collection"] == ["../../"]
    assert dump["license"] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_the_terms_of_the_note_itself_are_no_licence(note_asker: Asker) -> None:
    items = links_of(note_asker.page("/").headers["link"])["item"]
    (note,) = [item for item in items if "/note/" in item]
    assert "license" not in links_of(note_asker.get(f"/{note}").headers["link"])


def test_examples_change_with_the_queries(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    project = open_project(orchard.folder)
    service = Service(project, pool)
    with Asker(Application(service), pool) as asker:
        before = asker.get("/.well-known/sparql-examples").headers["etag"]
        del project.queries["varieties"]
        after = asker.get("/.well-known/sparql-examples")
        assert after.headers["etag"] != before
        assert "varieties" not in after.text


def test_void_tells_of_the_data_and_of_no_graph_that_is_made(shipped: Project) -> None:
    project = open_project(shipped.folder)
    project.load_apart()
    add_example_graph(project)
    pool = WorkerPool(project.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(project, pool)), pool) as asker:
        void = asker.get("/.well-known/void.nt").text
        assert "graph/catalogue>" in void
        assert "graph/queries>" not in void


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/ontology", "ontology#Goal"),
        ("/shapes", "shapes#Dataset"),
        ("/id/place", "id/place"),
        ("/id/theme/asset-recovery", "id/theme/asset-recovery"),
        ("/graph/note/15850-11", "id/15850-11/goal/A-1"),
        ("/queries/goals", "queries/goals"),
        ("/catalogue", "id/catalogue"),
        ("/id/dataset/cosigraph", "id/dataset/cosigraph"),
    ],
)
def test_whatever_has_an_identifier_dereferences(
    note_asker: Asker, path: str, subject: str
) -> None:
    options = {"follow_redirects": True}
    described = note_asker.get(path, accept="application/n-triples", **options)
    assert described.status_code == 200
    assert f"\n<https://w3id.org/cosigraph/{subject}> " in f"\n{described.text}"
    page = note_asker.page(path, **options)
    assert (page.status_code, read_page(page.text).all("main") != []) == (200, True)


def test_a_query_as_rdf_is_what_the_examples_say_of_it(note_asker: Asker) -> None:
    own = note_asker.get("/queries/goals", accept="text/turtle")
    told = triples(own.content, RdfFormat.TURTLE)
    every = triples(note_asker.get("/.well-known/sparql-examples.nt").content, RdfFormat.N_TRIPLES)
    assert told == {
        each for each in every if each.startswith("<https://w3id.org/cosigraph/queries/goals>")
    }
    assert len(told) > 5
