# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator

import pytest

from cosigraph import Project
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import read_page


@pytest.fixture(scope="module")
def note(shipped: Project) -> Iterator[Asker]:
    pool = WorkerPool(shipped.dataset.snapshot(), size=1, timeout=30)
    with Asker(Application(Service(shipped, pool)), pool) as asker:
        yield asker


def test_the_page_says_what_is_served_on_which_terms(note: Asker, shipped: Project) -> None:
    page = read_page(note.page("/about").text)
    assert page.texts("h2") == ["How it is made", "Licences and rights", "Version", "Limits"]
    (told,) = page.texts("main")
    for each in (*shipped.configuration.notice, shipped.version, "The cosigraph project"):
        assert each in told
    assert "https://creativecommons.org/licenses/by/4.0/" in page.links()
    assert "first, second" in told


def test_a_project_that_says_little_has_a_page_too(asker: Asker, orchard: Project) -> None:
    page = read_page(asker.page("/about").text)
    (told,) = page.texts("main")
    assert orchard.version in told
    assert "another, made apart from it: second" in told
    assert "The data are read from the project's files. Nothing can be written here." in told


def test_every_page_leads_there(asker: Asker) -> None:
    assert "../about" in read_page(asker.page("/queries/trees").text).links()
