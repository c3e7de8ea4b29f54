# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from cosigraph import Project
from cosigraph_api.pages import root_of, route_path
from tests.api.asking import BROWSER, Asker, http_scope
from tests.api.asking_pages import Page, read_page

PAGES = [
    "/",
    "/pictures",
    "/about",
    "/docs",
    "/read",
    "/id/tree/1.html",
    "/queries",
    "/queries/trees",
    "/queries/trees?variety=B&variety=C&planted-before=1990-01-01&reading=second",
    "/queries/trees?variety=unheard-of",
    "/sparql",
    "/sparql?query=SELECT+*+{+?s+?p+?o+}",
    "/sparql?query=ASK+{}",
    "/sparql?query=DESCRIBE+tree:1",
    "/sparql?query=nonsense",
    "/catalogue",
    "/dumps",
    "/prefixes",
    "/ontology.html",
    "/id/tree/1.html",
    "/nowhere/at/all",
    "/static/nowhere",
]


async def crawl(transport: httpx.ASGITransport, start: str) -> dict[str, int]:
    """The status of every address that can be reached by links without asking a new query."""
    statuses: dict[str, int] = {}
    pending = [start]
    async with httpx.AsyncClient(
        transport=transport, headers={"Accept": BROWSER}, follow_redirects=True
    ) as client:
        while pending:
            address = pending.pop()
            if address in statuses:
                continue
            answer = await client.get(address)
            statuses[address] = answer.status_code
            is_page = answer.headers["content-type"].startswith("text/html")
            is_thing = "/id/" in address or "DESCRIBE" in address  # these lead out of the project
            if is_page and not is_thing:
                links = (urljoin(address, link) for link in read_page(answer.text).links())
                pending += [link.partition("#")[0] for link in links]
    return statuses


@pytest.mark.parametrize("prefix", ["", "/some/where"])
def test_every_link_is_relative_and_leads_somewhere(asker: Asker, prefix: str) -> None:
    transport = httpx.ASGITransport(app=asker.application, root_path=prefix)
    start = f"http://server.test{prefix}/"
    statuses = asker.wait(crawl(transport, start))
    assert set(statuses.values()) == {200}
    assert all(address.startswith(start) for address in statuses)
    paths = {urlsplit(address).path.removeprefix(prefix) for address in statuses}
    assert {"/sparql", "/queries", "/queries/trees", "/queries/trees.csv"} <= paths
    assert {"/openapi.json", "/healthz", "/static/style.css", "/static/icon.svg"} <= paths


@pytest.fixture(params=PAGES)
def page(asker: Asker, request: pytest.FixtureRequest) -> Page:
    answer = asker.page(request.param)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return read_page(answer.text)


def test_a_page_names_the_project_and_the_version_of_its_data(page: Page, orchard: Project) -> None:
    assert page.texts("title")[0].endswith(orchard.configuration.title)
    assert orchard.version in page.texts("footer")[0]


def test_a_page_works_under_its_own_policy(page: Page) -> None:
    scripts = [element.attributes for element in page.all("script")]
    assert all(each == {"type": "application/ld+json"} for each in scripts)  # data, never run
    assert not page.all("style")
    assert not [element for element in page.elements if "style" in element.attributes]
    assert not [
        name for element in page.elements for name in element.attributes if name.startswith("on")
    ]


def test_a_page_can_be_read_without_seeing_it(page: Page) -> None:
    assert page.all("html", lang="en")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("main")[0].attributes["id"] == "content"
    labels = {element.attributes.get("for") for element in page.all("label")}
    for control in page.all("select") + page.all("textarea") + page.all("input"):
        is_in_its_label = control.attributes.get("type") in {"checkbox", "hidden"}
        is_labelled = control.attributes.get("id") in labels or "aria-label" in control.attributes
        assert is_labelled or is_in_its_label
    attributes = [element.attributes for element in page.elements]
    identifiers = [each["id"] for each in attributes if "id" in each]
    assert len(identifiers) == len(set(identifiers))
    assert {each["aria-describedby"] for each in attributes if "aria-describedby" in each} <= set(
        identifiers
    )
    scopes = {"col", "row", "rowgroup"}
    assert {header.attributes["scope"] for header in page.all("th")} <= scopes
    assert len(page.all("caption")) == len(page.all("table"))


def test_one_place_in_the_navigation_is_here(asker: Asker) -> None:
    for path, name in (("/", "Start"), ("/queries/trees", "Questions"), ("/sparql", "SPARQL")):
        page = read_page(asker.page(path).text)
        here = page.all("a", **{"aria-current": "page"})
        assert [element.text for element in here] == [name]


@pytest.mark.parametrize(
    ("prefix", "path", "within", "root"),
    [
        ("", "/", "/", ""),
        ("", "/queries/trees", "/queries/trees", "../"),
        ("/p", "/p/", "/", ""),
        ("/p", "/p/sparql/", "/sparql/", "../"),
        ("/p", "/pears", "/pears", ""),
    ],
)
def test_the_way_back_to_the_first_page_is_relative(
    prefix: str, path: str, within: str, root: str
) -> None:
    scope = {**http_scope("GET", path), "root_path": prefix}
    assert route_path(scope) == within
    assert root_of(scope) == root


def test_pages_are_made_one_after_another_without_waiting(asker: Asker) -> None:
    async def both() -> list[int]:
        transport = httpx.ASGITransport(app=asker.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://server.test") as client:
            answers = await asyncio.gather(*(client.get("/", headers={}) for _ in range(5)))
        return [answer.status_code for answer in answers]

    assert asker.wait(both()) == [200] * 5
