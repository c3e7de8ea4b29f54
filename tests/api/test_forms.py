# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from cosigraph import Project, open_project
from cosigraph.choices import Choice
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.forms import short_names, without_empty
from cosigraph_api.service import Service
from tests.api.asking import Asker
from tests.api.asking_pages import Page, read_page

QUERY = """\
#+ summary: Trees by much
#+ params:
#+   variety: {description: Which, type: iri, required: true, choices: {class: "orch:Variety"}}
#+   tallest: {description: Up to this height, type: decimal, default: 6.5}
#+   old: {description: Whether it is old, type: boolean}
#+   code: {description: Codes, type: string, many: true}
#+   kind:
#+     type: string
#+     default: all
#+     choices: {values: [all, none]}
#+ columns:
#+   tree: {description: The tree, datatype: iri}
PREFIX orch: <https://orchard.example/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tree WHERE {
  VALUES ?p_variety { UNDEF }
  VALUES ?p_tallest { 6.5 }
  VALUES ?p_old { UNDEF }
  VALUES ?p_code { UNDEF }
  VALUES ?p_kind { "all" }
  ?tree orch:variety ?p_variety ; orch:height ?height ; skos:notation ?p_code .
  FILTER(?height < ?p_tallest && ?p_kind = "all")
  FILTER(!BOUND(?p_old) || ?p_old)
} ORDER BY ?tree
"""


@pytest.fixture(scope="module")
def asker(orchard: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder: Path = tmp_path_factory.mktemp("project") / "orchard"
    shutil.copytree(orchard.folder, folder)
    (folder / "queries" / "much.rq").write_text(QUERY)
    project = open_project(folder)
    pool = WorkerPool(project.dataset.snapshot(), size=1)
    with Asker(Application(Service(project, pool)), pool) as asker:
        yield asker


def page(asker: Asker, query_string: str = "") -> Page:
    return read_page(asker.page(f"/queries/much{query_string}").text)


def chosen(page: Page, name: str) -> list[str | None]:
    """The options of the list called ``name``; those that are chosen in brackets."""
    first = page.elements.index(page.all("select", name=name)[0])
    options = []
    for element in page.elements[first + 1 :]:
        if element.name != "option":
            break
        value = element.attributes["value"]
        options.append(f"[{value}]" if "selected" in element.attributes else value)
    return options


def test_without_what_is_needed_there_is_a_form_and_no_answer(asker: Asker) -> None:
    empty = page(asker)
    assert chosen(empty, "variety") == ["", "B", "C", "G", "R"]
    assert "required" in empty.all("select", name="variety")[0].attributes
    assert "Variety (needed)" in empty.texts("label")
    assert not empty.all("table")
    assert not empty.all("div", role="alert")


def test_what_is_usual_is_chosen_beforehand(asker: Asker) -> None:
    empty = page(asker)
    assert chosen(empty, "kind") == ["[all]", "none"]
    assert empty.all("input", name="tallest")[0].attributes["value"] == "6.5"
    assert chosen(empty, "old") == ["", "true", "false"]


def test_what_was_asked_stays_in_the_form(asker: Asker) -> None:
    filled = page(asker, "?variety=C&tallest=4&old=true&code=T-6&code=T-5&kind=all")
    assert chosen(filled, "variety") == ["", "B", "[C]", "G", "R"]
    assert chosen(filled, "old") == ["", "[true]", "false"]
    codes = [each.attributes["value"] for each in filled.all("input", name="code")]
    assert codes == ["T-6", "T-5", ""]
    assert filled.texts("td") == ["tree:6"]


def test_a_query_that_needs_a_value_offers_no_file_without_it(asker: Asker) -> None:
    start = read_page(asker.page("/").text)
    assert "queries/much" in start.links()
    assert "queries/much.csv" not in start.links()
    answer = asker.get("/queries/much.csv")
    assert answer.status_code == 400
    assert "variety" in answer.json()["detail"]


def test_the_description_tells_what_is_needed_and_what_is_usual(asker: Asker) -> None:
    paths = asker.get("/openapi.json").json()["paths"]
    described = {
        each["name"]: each for each in paths["/queries/much.{format}"]["get"]["parameters"]
    }
    assert described["variety"]["required"] is True
    assert described["tallest"]["schema"] == {"type": "number", "default": 6.5}
    assert described["old"]["schema"] == {"type": "boolean"}
    assert described["code"]["schema"]["type"] == "array"
    assert described["kind"]["schema"] == {
        "type": "string",
        "enum": ["all", "none"],
        "default": "all",
    }


def test_codes_stand_for_choices_only_where_each_has_its_own() -> None:
    one, other = NamedNode("https://ex.example/1"), NamedNode("https://ex.example/2")
    assert short_names([Choice(one, "A"), Choice(other, "B")]) == ["A", "B"]
    identifiers = [one.value, other.value]
    assert short_names([Choice(one, "A"), Choice(other, "A")]) == identifiers
    assert short_names([Choice(one, "A"), Choice(other)]) == identifiers


def test_fields_that_were_left_empty_are_as_if_not_there() -> None:
    assert without_empty({"a": ["", "1"], "b": [" "], "c": []}) == {"a": ["1"]}
