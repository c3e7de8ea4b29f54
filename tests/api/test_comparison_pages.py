# SPDX-License-Identifier: Apache-2.0
"""Things side by side: the page, and the document to take to a meeting."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from cosigraph import Project
from cosigraph.workers import WorkerPool
from cosigraph_api import comparison_pages
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page

PAIR = "/compare?priority=A&priority=B"


@pytest.fixture(scope="module")
def note(shipped: Project) -> Iterator[Asker]:
    pool = WorkerPool(shipped.dataset.snapshot(), size=1, timeout=30)
    with Asker(Application(Service(shipped, pool)), pool) as asker:
        yield asker


@pytest.fixture(scope="module")
def pair(note: Asker) -> Page:
    return read_page(note.page(PAIR).text)


def test_the_chosen_things_are_columns(pair: Page) -> None:
    assert pair.texts("caption") == ["Priorities side by side, with the words of the note"]
    heads = [each.text for each in pair.all("th", scope="col")]
    assert heads == ["A: West Africa", "B: Western Balkans"]
    aspects = [each.text for each in pair.all("th", scope="rowgroup")]
    assert aspects[:3] == ["Driver", "Co-driver", "Supporting agency"]
    chosen = [
        each.attributes["value"] for each in pair.all("input") if "checked" in each.attributes
    ]
    assert chosen == ["A", "B"]


def test_every_sentence_has_a_footnote_with_place_quotation_address_and_version(
    pair: Page, shipped: Project
) -> None:
    rows = list(shipped.run("comparison", priority=["A", "B"]))
    notes = [each for each in pair.all("li") if str(each.attributes.get("id")).startswith("note-")]
    assert len(notes) == len(rows)
    for note, row in zip(notes, rows, strict=True):
        for told in (f"{row.place}: {row.quotation}", str(row.statement), shipped.version):
            assert told in " ".join(note.text.split())
    lists = pair.all("ul", **{"class": "sentences"})
    for row in rows:
        assert any(str(row.sentence) in each.text for each in lists)
    identifiers = {each.attributes.get("id") for each in pair.elements}
    inner = {link.removeprefix("#") for link in pair.links() if link.startswith("#")}
    assert inner - {"content"} <= identifiers
    assert {f"call-{number + 1}" for number in range(len(rows))} <= identifiers


def test_a_footnote_leads_to_the_statement(pair: Page, note: Asker) -> None:
    (first,) = pair.all("li", id="note-1")
    address = re.search(r"https://\S+?(?=,)", first.text)
    assert address is not None
    link = address[0].removeprefix("https://w3id.org/cosigraph/")
    assert link in pair.links()
    assert note.page(f"/{link}.html").status_code == 200


@pytest.mark.parametrize("path", ["/compare", "/compare?priority=", "/compare?priority=A"])
def test_fewer_than_two_are_not_compared_and_the_page_says_what_to_do(
    note: Asker, path: str
) -> None:
    page = read_page(note.page(path).text)
    assert not page.all("table")
    (told,) = [each.text for each in page.all("p", role="note")]
    assert "hoose" in told
    assert page.all("input", type="checkbox")


@pytest.mark.parametrize(
    ("query", "told"),
    [("priority=Z&priority=A", "Z"), ("unheard=of&priority=A", "unheard")],
)
def test_what_there_is_not_is_told_in_the_page(note: Asker, query: str, told: str) -> None:
    answer = note.page(f"/compare?{query}")
    assert answer.status_code == 400
    (problem,) = read_page(answer.text).all("div", role="alert")
    assert told in problem.text
    assert note.get(f"/compare.docx?{query}").status_code == 400


def test_the_document_is_the_same_comparison(note: Asker, pair: Page, shipped: Project) -> None:
    link = next(each for each in pair.links() if each.startswith("compare.docx"))
    answer = note.get(urljoin(PAIR, link))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="comparison.docx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        body = archive.read("word/document.xml").decode()
        notes = archive.read("word/footnotes.xml").decode()
    rows = list(shipped.run("comparison", priority=["A", "B"]))
    assert body.count("<w:footnoteReference ") == notes.count("<w:footnoteRef/>") == len(rows)
    assert notes.count(f"Data version {shipped.version}.") == len(rows)
    assert "/compare?priority=A&amp;priority=B" in body
    assert shipped.configuration.notice[0] in body


def test_page_and_document_are_kept_until_the_data_change(note: Asker) -> None:
    for path in (PAIR, PAIR.replace("compare", "compare.docx")):
        tag = note.page(path).headers["etag"]
        again = note.request("GET", path, headers={"If-None-Match": tag, "Accept": "text/html"})
        assert again.status_code == 304
        other = note.page(path + "&priority=C").headers["etag"]
        assert other != tag


def test_one_thing_alone_makes_no_document(note: Asker) -> None:
    answer = note.get("/compare.docx?priority=A")
    assert answer.status_code == 400
    assert "two or more" in answer.json()["advice"]


def test_another_reading_is_compared(note: Asker) -> None:
    first, settled = note.page(PAIR + "&reading=first"), note.page(PAIR)
    assert first.text != settled.text
    assert "reading first" in first.text
    assert note.page(PAIR + "&reading=unheard-of").status_code == 400


def test_a_comparison_that_nobody_could_read_is_refused(
    note: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_pages, "MOST_SOURCES", 5)
    answer = note.page("/compare?priority=C&priority=D")
    assert answer.status_code == 400
    assert "Choose fewer things." in answer.text
    assert note.get("/compare.docx?priority=C&priority=D").status_code == 400


def test_a_project_that_compares_nothing_has_no_such_page(asker: Asker) -> None:
    assert asker.page("/compare").status_code == 404
    assert asker.get("/compare.docx").status_code == 404
    assert "compare" not in read_page(asker.page("/").text).links()
