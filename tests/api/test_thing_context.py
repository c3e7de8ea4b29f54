# SPDX-License-Identifier: Apache-2.0
"""A thing's page leads to the words of the note, to questions about it, and says how to cite it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cosigraph import Project
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


def page(asker: Asker, path: str) -> Page:
    return read_page(asker.page(f"/{path}.html").text)


def test_a_statement_shows_its_words_and_where_they_stand(note: Asker) -> None:
    realisation = page(note, "id/15850-11/realisation/A-1-1")
    assert realisation.texts("h1") == ["realisation A-1-1"]
    assert realisation.texts("q") == [
        "contribute to strategic and operational analyses",
        "deliver the most comprehensive and accurate picture of drug trafficking",
    ]
    assert "../../../read/15850-11#goal-A-1" in realisation.links()


def test_a_goal_shows_the_words_of_all_statements_about_it_and_no_others(note: Asker) -> None:
    goal = page(note, "id/15850-11/goal/A-1")
    words = goal.texts("q")
    assert "Member States" in words
    assert "contribute to strategic and operational analyses" in words
    assert not [each for each in words if "COSI" in each]
    assert "../../../read/15850-11#goal-A-1" in goal.links()


def test_a_thing_can_be_asked_about_in_the_queries_that_take_it(note: Asker) -> None:
    europol = page(note, "id/actor/europol")
    iri = "https%3A%2F%2Fw3id.org%2Fcosigraph%2Fid%2Factor%2Feuropol"
    links = {link for link in europol.links() if "queries/" in link and iri in link}
    assert f"../../queries/roles?actor={iri}" in links
    assert f"../../queries/mentions?thing={iri}" in links
    assert not [link for link in links if "priority=" in link or "goals-by-theme" in link]
    for link in links:
        assert note.page("/" + link.removeprefix("../../")).status_code == 200


def test_a_thing_of_another_project_has_its_questions_and_no_quotations(asker: Asker) -> None:
    variety = page(asker, "id/variety/conference")
    links = [link for link in variety.links() if "queries/" in link and "?" in link]
    assert len(links) == 1
    assert "queries/trees?variety=" in links[0]
    assert not variety.all("q")


def test_a_thing_can_be_cited_with_the_version_of_the_data(asker: Asker, orchard: Project) -> None:
    (aside,) = page(asker, "id/tree/1").all("aside")
    assert orchard.version in aside.text
    assert "<https://orchard.example/id/tree/1>" in aside.text


@pytest.mark.parametrize("path", ["id/actor/europoll", "id/actor/europoll.html"])
def test_a_name_that_is_not_there_is_answered_with_near_ones(note: Asker, path: str) -> None:
    answer = note.get(f"/{path}")
    assert answer.status_code == 404
    assert "/id/actor/europol" in answer.json()["advice"]


def test_a_name_that_is_like_no_other_is_answered_as_any_address(note: Asker) -> None:
    answer = note.get("/id/actor/zzzzzzzzzzzz")
    assert answer.status_code == 404
    assert "first page" in answer.json()["advice"]
