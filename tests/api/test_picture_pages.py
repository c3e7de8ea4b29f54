# SPDX-License-Identifier: Apache-2.0
"""The first page's pictures, the page of all pictures, and pictures as files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest

from cosigraph import Project, open_project
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page


@pytest.fixture(scope="module")
def note(shipped: Project) -> Iterator[Asker]:
    pool = WorkerPool(shipped.dataset.snapshot(), size=1, timeout=30)
    with Asker(Application(Service(shipped, pool)), pool) as asker:
        yield asker


@pytest.fixture(scope="module")
def start(note: Asker) -> Page:
    return read_page(note.page("/").text)


def test_the_first_page_shows_the_matrix_that_the_project_names(start: Page) -> None:
    (table,) = start.all("table")
    assert table.attributes["class"] == "matrix"
    rows = [each for each in start.all("th") if each.attributes.get("scope") == "row"]
    assert len(rows) == 6
    assert "Disrupting criminal money flows and asset recovery" in rows[-1].text
    columns = [each.text for each in start.all("th", scope="col")]
    assert columns[0] == "A West Africa"
    told = [each.attributes.get("title") for each in start.all("a")]
    assert "stated; explicit: C-1, C-4, C-7" in told
    assert "stated; none" in told


def test_each_field_leads_to_the_words_of_the_note(start: Page, note: Asker) -> None:
    (link,) = {
        each.attributes["href"]
        for each in start.all("a")
        if each.attributes.get("title") == "stated; explicit: C-1, C-4, C-7"
    }
    assert link == "queries/shared-goal-evidence?shared-goal=1&priority=C"
    answer = note.page("/" + str(link))
    assert answer.status_code == 200
    assert "C-4" in answer.text


def test_the_search_box_asks_the_query_that_the_project_names(start: Page, note: Asker) -> None:
    (form,) = start.all("form", role="search")
    assert form.attributes["action"] == "queries/find-text"
    (box,) = start.all("input", type="search")
    assert box.attributes["name"] == "words"
    assert "A-5" in note.page("/queries/find-text?words=asset+recovery").text


def test_a_project_that_names_nothing_has_no_matrix_and_no_search(asker: Asker) -> None:
    page = read_page(asker.page("/").text)
    assert not page.all("table")
    assert not page.all("form", role="search")
    assert not page.all("a", href="queries/")
    assert page.texts("h1") == ["The fruit trees of an orchard"]


def test_all_pictures_stand_on_a_page_with_their_tables_and_files(note: Asker) -> None:
    page = read_page(note.page("/pictures").text)
    names = [each.attributes["id"] for each in page.all("h2")]
    assert names[:3] == ["shared-goal-matrix", "roles", "priorities-alike"]
    assert len(page.all("summary")) == len(names) == 7
    drawn = [each for each in page.all("svg") if each.attributes.get("role") == "img"]
    assert len(drawn) == 2 * 3  # timeline, network and bars, for wide and narrow screens
    for name in names:
        assert {f"pictures/{name}.svg", f"queries/{name}.csv", f"queries/{name}"} <= set(
            page.links()
        )


def test_a_project_shows_all_its_pictures_unless_it_names_some(asker: Asker) -> None:
    page = read_page(asker.page("/pictures").text)
    assert [each.attributes["id"] for each in page.all("h2")] == ["trees"]


def test_the_page_of_pictures_is_kept_until_the_data_change(asker: Asker) -> None:
    tag = asker.page("/pictures").headers["etag"]
    again = asker.request("GET", "/pictures", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_a_picture_is_a_file_of_its_own_with_the_parameters_of_its_query(asker: Asker) -> None:
    whole = asker.get("/pictures/trees.svg")
    pears = asker.get("/pictures/trees.svg?variety=C")
    assert whole.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(whole.text).tag == "{http://www.w3.org/2000/svg}svg"
    assert 0 < pears.text.count("<rect") < whole.text.count("<rect")
    tag = whole.headers["etag"]
    assert tag != pears.headers["etag"]
    again = asker.request("GET", "/pictures/trees.svg", headers={"If-None-Match": tag})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pictures/varieties.svg", 404),  # its front matter hints at none
        ("/pictures/unheard-of.svg", 404),
        ("/pictures/trees.svg?planted-before=1900-01-01", 404),  # nothing to draw
        ("/pictures/trees.svg?variety=unheard-of", 400),
        ("/pictures/trees.svg?unheard=of", 400),
    ],
)
def test_what_cannot_be_drawn_is_a_problem(asker: Asker, path: str, status: int) -> None:
    answer = asker.get(path)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_markup_in_labels_is_shown_and_never_read(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "orchard"
    shutil.copytree(root / "tests" / "projects" / "orchard", folder)
    trees = folder / "data" / "trees.ttl"
    text = trees.read_text()
    assert 'skos:notation "T-1"' in text
    marked = text.replace('skos:notation "T-1"', 'skos:notation "<script>alert(1)</script>"')
    trees.write_text(marked)
    project = open_project(folder)
    pool = WorkerPool(project.dataset.snapshot(), size=1, timeout=30)
    with Asker(Application(Service(project, pool)), pool) as asker:
        for path in ("/pictures", "/pictures/trees.svg", "/queries/trees"):
            answer = asker.page(path)
            assert answer.status_code == 200
            assert "<script" not in answer.text
            assert "&lt;script&gt;" in answer.text


def test_every_link_of_these_pages_answers(note: Asker) -> None:
    seen = set()
    for start in ("/", "/pictures", "/read/15850-11"):
        links = read_page(note.page(start).text).links()
        for link in links:
            address = urljoin(f"http://server.test{start}", link).partition("#")[0]
            is_sample = "/id/" not in address or address.endswith(("-1", "europol"))
            is_here = address.startswith("http://server.test/")
            if is_here and is_sample and "sparql?" not in address:
                seen.add(address.removeprefix("http://server.test"))
    assert len(seen) > 60
    for path in sorted(seen):
        assert note.page(path).status_code in {200, 303}, path
