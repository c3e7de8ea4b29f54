# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cosigraph import Project, open_project
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page

CATALOGUE = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
<https://orchard.example/part> a dcat:Dataset ;
  dcterms:isPartOf <https://orchard.example/dataset> ;
  dcterms:description "Only a part."@en .
<https://orchard.example/dataset> a dcat:Dataset ;
  dcterms:description "Lauter Bäume."@de , "Nothing but trees."@en ;
  dcterms:license <https://licence.example/> ;
  dcterms:rights "Pick <your> own."@en ;
  dcterms:source <javascript:alert(1)> .
"""


def counts(page: Page) -> dict[str, int]:
    spans = [each.text for each in page.all("span") if "class" in each.attributes]
    numbers = [each.text for each in page.all("span", **{"class": "count"})]
    labels = [each.text for each in page.all("span", **{"class": "label"})]
    assert spans
    return {label: int(number) for label, number in zip(labels, numbers, strict=True)}


def test_the_first_page_says_what_is_here_in_numbers(asker: Asker, orchard: Project) -> None:
    page = read_page(asker.page("/").text)
    assert page.texts("h1") == [orchard.configuration.title]
    # Varieties first: they can be chosen in a question.
    assert list(counts(page).items()) == [("variety", 4), ("tree", 8)]
    assert any("155 statements in 5 graphs" in text for text in page.texts("p"))


def test_each_number_leads_to_the_things_counted(asker: Asker) -> None:
    page = read_page(asker.page("/").text)
    links = {each.text: each.attributes["href"] for each in page.all("a")}
    href = next(link for text, link in links.items() if text.endswith("tree"))
    assert href is not None
    query = parse_qs(urlsplit(href).query)["query"][0]
    assert asker.sparql(query, format="csv").text.count("\r\n") == 9


def test_the_questions_stand_by_topic_with_their_files(asker: Asker) -> None:
    page = read_page(asker.page("/").text)
    assert page.texts("h3") == ["trees", "varieties"]
    assert {"queries/trees.csv", "queries/varieties.json"} <= set(page.links())


@pytest.fixture
def described(tmp_path: Path, orchard: Project) -> Page:
    folder = tmp_path / "orchard"
    shutil.copytree(orchard.folder, folder)
    trees = folder / "data" / "trees.ttl"
    trees.write_text(trees.read_text() + CATALOGUE)
    project = open_project(folder)
    pool = WorkerPool(project.dataset.snapshot(), size=1)
    with Asker(Application(Service(project, pool)), pool) as asker:
        return read_page(asker.page("/").text)


def test_a_catalogue_describes_the_whole_in_english(described: Page) -> None:
    lead = described.all("p", **{"class": "lead measure"})[0]
    assert "Nothing but trees." in lead.text
    assert "part" not in lead.text


def test_licence_and_rights_stand_at_the_foot(described: Page) -> None:
    foot = described.all("footer")[0].text
    assert "Licence: https://licence.example/" in foot
    assert "Rights: Pick <your> own." in foot
    assert "https://licence.example/" in described.links()


def test_only_an_address_on_the_web_is_a_link(described: Page) -> None:
    assert "Source: javascript:alert(1)" in described.all("footer")[0].text
    assert not [link for link in described.links() if link.startswith("javascript")]
