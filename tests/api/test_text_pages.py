# SPDX-License-Identifier: Apache-2.0
"""Documents to read: the text of the graph, what is marked in it, and where that leads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from cosigraph import Project, open_project
from cosigraph.note import blocks
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page

DIARY = """
@prefix cosi: <https://w3id.org/cosigraph/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix orch: <https://orchard.example/ontology#> .
@prefix : <https://orchard.example/id/> .

:heading cosi:markdownPrefix "## " .
:item cosi:markdownPrefix "- " .
:diary-{key} cosi:key "{key}" ; dcterms:title "Diary {key}" ; cosi:hasBlock :b1, :b2, :b3, :b4 .
:b1 cosi:ordinal 1 ; cosi:blockKind :heading ; cosi:text "Spring" .
:b2 cosi:ordinal 2 ; cosi:blockKind :item ; cosi:text "The <b>old</b> pear bears" ;
  cosi:emphasises :p1 .
:b3 cosi:ordinal 3 ; cosi:text "the one by the gate" ; cosi:footnoteNumber 1 ; cosi:anchor :p1 .
:b4 cosi:ordinal 4 ; cosi:blockKind :item ; cosi:text "The apple does not" .
:p1 oa:hasSource :b2 ; oa:hasSelector [ a oa:TextPositionSelector ; oa:start 4 ; oa:end 19 ] .
:seen-1 orch:seen <https://orchard.example/id/tree/1> ; orch:at :b2 ; orch:from 4 ; orch:to 19 .
:seen-2 orch:seen <https://orchard.example/id/tree/2> ; orch:at :b2 ; orch:from 15 ; orch:to 25 .
:seen-3 orch:heard "bees" ; orch:at :b4 ; orch:from 4 ; orch:to 99 .
"""
SEEN = """\
#+ summary: What was seen
#+ columns:
#+   block: {datatype: iri}
#+   start: {datatype: integer}
#+   end: {datatype: integer}
#+   kind: {datatype: string}
#+   label: {datatype: string}
#+   thing: {datatype: iri}
#+   statement: {datatype: iri}
#+ chart:
#+   {type: text, block: block, start: start, end: end, kind: kind,
#+    label: label, thing: thing, statement: statement}
PREFIX orch: <https://orchard.example/ontology#>
SELECT ?block ?start ?end ?kind ?label ?thing ?statement WHERE {
  ?statement orch:at ?block ; orch:from ?start ; orch:to ?end .
  { ?statement orch:seen ?thing BIND("tree" AS ?kind) BIND(STR(?thing) AS ?label) }
  UNION { ?statement orch:heard ?label BIND("sound" AS ?kind) }
} ORDER BY DESC(?kind) ?start
"""


def served(project: Project) -> Asker:
    pool = WorkerPool(project.dataset.snapshot(), size=1, timeout=30)
    return Asker(Application(Service(project, pool)), pool)


@pytest.fixture(scope="module")
def note(shipped: Project) -> Iterator[Asker]:
    with served(shipped) as asker:
        yield asker


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("diary") / "orchard"
    shutil.copytree(root / "tests" / "projects" / "orchard", folder)
    trees = folder / "data" / "trees.ttl"
    trees.write_text(trees.read_text() + DIARY.replace("{key}", "d-1"))
    (folder / "queries" / "seen.rq").write_text(SEEN)
    with served(open_project(folder)) as asker:
        yield asker


def marks(page: Page) -> list[str]:
    return [a.text for a in page.all("a") if (a.attributes.get("class") or "").startswith("mark")]


def test_the_only_document_is_read_at_once(note: Asker) -> None:
    answer = note.page("/read")
    assert answer.status_code == 303
    assert urljoin("http://server.test/read", answer.headers["location"]).endswith("/15850-11")


def test_every_block_of_the_note_is_there_word_for_word(note: Asker, shipped: Project) -> None:
    page = read_page(note.page("/read/15850-11?show=").text)
    paragraphs = {" ".join(each.text.split()) for each in page.all("p")}
    paragraphs |= {" ".join(each.text.split()) for name in ("h2", "h3") for each in page.all(name)}
    found = [block for block in blocks(shipped, "15850-11") if not block.marks]
    assert len(found) > 150
    for block in found:
        text = " ".join(block.text.split())
        told = text if block.footnote_number is None else f"{block.footnote_number} {text}"
        assert told in paragraphs, text


def test_every_block_has_an_address_and_the_contents_lead_to_headings(note: Asker) -> None:
    page = read_page(note.page("/read/15850-11").text)
    identifiers = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {"goal-A-1", "goal-H-7", "priority-B-title", "footnote-1"} <= set(identifiers)
    inner = {link[1:] for link in page.links() if link.startswith("#")}
    assert inner <= set(identifiers)
    assert "priority-C-heading" in inner


def test_what_is_said_of_a_goal_stands_beside_it(note: Asker) -> None:
    page = read_page(note.page("/read/15850-11").text)
    (beside,) = page.all("aside", id="about-goal-A-1")
    told = " ".join(beside.text.split())
    assert "Shared goal 1: Enhancing information exchange" in told
    assert "explicit" in told
    assert "strategic and risk analysis" in told
    assert "West Africa" in told
    hrefs = page.links()
    assert "../id/15850-11/realisation/A-1-1" in hrefs
    assert note.page("/id/15850-11/realisation/A-1-1").status_code == 303


def test_marks_are_switched_by_kind(note: Asker) -> None:
    first = marks(read_page(note.page("/read/15850-11").text))
    themes = marks(read_page(note.page("/read/15850-11?show=&show=theme").text))
    assert "contribute to strategic and operational analyses" in first
    assert "contribute to strategic and operational analyses" not in themes
    assert themes
    assert marks(read_page(note.page("/read/15850-11?show=").text)) == []
    page = read_page(note.page("/read/15850-11?show=place").text)
    checked = [each for each in page.all("input", type="checkbox") if "checked" in each.attributes]
    assert [each.attributes["value"] for each in checked] == ["place"]


def test_another_reading_marks_what_it_says(note: Asker) -> None:
    settled = marks(read_page(note.page("/read/15850-11?show=theme").text))
    first = marks(read_page(note.page("/read/15850-11?show=theme&reading=first").text))
    assert settled != first
    assert note.page("/read/15850-11?reading=unheard-of").status_code == 400
    assert note.page("/read/15850-11?reading=first&reading=second").status_code == 400


def test_the_page_works_under_its_own_policy(note: Asker) -> None:
    page = read_page(note.page("/read/15850-11").text)
    assert not page.all("script")
    assert not page.all("style")
    assert not [each for each in page.elements if "style" in each.attributes]


def test_a_document_that_is_not_there_is_told_with_a_near_one(note: Asker) -> None:
    answer = note.page("/read/15850-12")
    assert answer.status_code == 404
    assert "15850-11" in answer.text


def test_the_page_can_be_kept_and_asked_for_again(note: Asker) -> None:
    tag = note.page("/read/15850-11").headers["etag"]
    again = note.request("GET", "/read/15850-11", headers={"If-None-Match": tag})
    assert again.status_code == 304
    other = note.page("/read/15850-11?show=theme").headers["etag"]
    assert other != tag


def test_a_document_of_another_project_is_read_the_same_way(diary: Asker) -> None:
    page = read_page(diary.page("/read/d-1?show=tree&show=sound").text)
    assert page.texts("h1") == ["Diary d-1"]
    assert marks(page) == ["<b>old</b> ", "pear", " bears"]
    titles = [each.attributes.get("title") for each in page.all("a") if each.text == "pear"]
    assert titles == [
        "tree: https://orchard.example/id/tree/1; tree: https://orchard.example/id/tree/2"
    ]
    assert "sound: bees" in " ".join(page.all("aside", id="about-b4")[0].text.split())
    footnote = page.all("p", id="note-1")[0]
    assert "the one by the gate" in footnote.text
    assert "Read" in [each.text for each in page.all("a")]


def test_a_project_without_documents_has_nothing_to_read(asker: Asker) -> None:
    assert "Read" not in [each.text for each in read_page(asker.page("/").text).all("a")]
    page = read_page(asker.page("/read").text)
    assert "The graph holds no document's text." in page.texts("p")
