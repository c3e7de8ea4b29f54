# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.running import expected_cases
from tests.api.asking import BROWSER, Asker, lasting
from tests.api.asking_pages import read_page

MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}


def test_the_list_is_json_for_programs(asker: Asker) -> None:
    answer = asker.get("/queries")
    assert answer.headers["content-type"] == "application/json"
    listed = {each["name"]: each for each in answer.json()}
    assert list(listed) == ["trees", "varieties"]
    assert listed["trees"]["summary"] == "Trees of the orchard"
    assert listed["trees"]["answers"]["csv"] == "queries/trees.csv"
    variety = listed["trees"]["parameters"][0]
    assert (variety["name"], variety["type"], variety["many"]) == ("variety", "iri", True)
    assert listed["trees"]["columns"][-1]["many"] is True


def test_the_list_is_a_page_for_people(asker: Asker) -> None:
    page = read_page(asker.page("/queries").text)
    assert page.texts("h2") == ["trees", "varieties"]
    assert "Varieties and how many trees bear them" in page.texts("a")


def test_a_query_explains_itself(asker: Asker, orchard: Project) -> None:
    explained = asker.get("/queries/trees").json()
    assert explained["sparql"] == orchard.queries["trees"].text
    assert explained["answers"]["json"] == "trees.json"


@pytest.mark.parametrize("path", ["/queries", "/queries/trees"])
def test_another_format_of_an_explanation_is_406(asker: Asker, path: str) -> None:
    assert asker.get(path, accept="image/png").status_code == 406


def test_the_answers_are_those_that_the_project_expects(asker: Asker, orchard: Project) -> None:
    for query in orchard.queries.values():
        for case in expected_cases(query):
            params = {name: list(_as_list(value)) for name, value in case.parameters.items()}
            answer = asker.get(f"/queries/{query.name}.csv", params=params)
            assert answer.content.replace(b"\r\n", b"\n") == _normalised(case.path)


def _as_list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else [str(value)]


def _normalised(path: Path) -> bytes:
    return path.read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_an_answer_goes_in_every_format(asker: Asker, orchard: Project, name: str) -> None:
    answer = asker.get(f"/queries/varieties.{name}", params={"species": "plum"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPES[name]
    assert answer.headers["cosigraph-version"] == orchard.version
    assert "Reine-Claude; Reneklode" in answer.text


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("text/csv", "csv"),
        ("text/tab-separated-values", "tsv"),
        ("application/sparql-results+json", "json"),
        ("application/sparql-results+xml;q=0.9, image/png", "xml"),
    ],
)
def test_an_answer_can_be_asked_for_by_accept(asker: Asker, accept: str, extension: str) -> None:
    answer = asker.get("/queries/trees", accept=accept)
    assert answer.content == asker.get(f"/queries/trees.{extension}").content
    assert answer.headers["content-type"].startswith(accept.partition(";")[0])
    assert "Accept" in answer.headers["vary"]


def test_a_name_means_the_same_in_all_its_spellings(asker: Asker) -> None:
    spellings = ["C", "Conference", "conference", "variety:conference"]
    spellings.append("https://orchard.example/id/variety/conference")
    answers = {asker.get("/queries/trees.csv", params={"variety": each}).text for each in spellings}
    assert len(answers) == 1
    assert answers.pop().count("\r\n") == 3


def test_a_reading_can_be_asked(asker: Asker) -> None:
    assert (
        "T-2,Belle de Boskoop,1991-03-15,5.5,sour"
        in asker.get("/queries/trees.csv", params={"reading": "second"}).text
    )


def test_an_answer_can_be_kept_and_asked_for_again(asker: Asker) -> None:
    answer = asker.get("/queries/trees.json")
    assert answer.headers["cache-control"] == "no-cache"
    tag = answer.headers["etag"]
    again = asker.request("GET", "/queries/trees.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    others = ["trees.csv", "trees.json?variety=B", "trees.json?reading=second", "varieties.json"]
    assert tag not in [asker.get(f"/queries/{other}").headers["etag"] for other in others]


def test_head_has_the_fields_of_get_and_no_content(asker: Asker) -> None:
    for path in ("/", "/queries", "/queries/trees", "/queries/trees.csv", "/healthz"):
        answer = asker.request("HEAD", path)
        assert answer.status_code == 200
        assert lasting(answer) == lasting(asker.get(path))
        assert answer.content == b""


@pytest.mark.parametrize(
    ("path", "status", "slug", "advice"),
    [
        ("treez", 404, "unknown-query", "Did you mean 'trees'?"),
        ("treez.csv", 404, "unknown-query", "Did you mean 'trees'?"),
        ("trees.cvs", 404, "unknown-format", "Did you mean 'csv'?"),
        ("trees.turtle", 404, "unknown-format", "Known: json, xml, csv, tsv, xlsx."),
        ("trees.csv?varety=B", 400, "unknown-parameter", "Did you mean 'variety'?"),
        ("trees.csv?variety=Confrence", 400, "parameter-value", "Did you mean 'Conference'?"),
        ("trees.csv?planted-before=1990-02-30", 400, "parameter-value", "year-month-day"),
        ("trees.csv?planted-before=1990-01-01&planted-before=1991-01-01", 400, "parameter", "one"),
        ("trees.csv?reading=thrid", 400, "unknown-reading", "second"),
        ("trees.csv?reading=second&reading=second", 400, "bad-request", "once"),
        ("trees.csv?variety=%FF", 400, "bad-request", "UTF-8"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    asker: Asker, path: str, status: int, slug: str, advice: str
) -> None:
    answer = asker.get(f"/queries/{path}")
    assert answer.status_code == status
    assert slug in answer.json()["type"]
    assert advice in answer.json()["advice"]


def test_a_page_has_a_form_and_the_answer(asker: Asker) -> None:
    page = read_page(asker.page("/queries/trees?variety=B&variety=C").text)
    boxes = page.all("input", type="checkbox", name="variety")
    checked = [box.attributes["value"] for box in boxes if "checked" in box.attributes]
    assert [box.attributes["value"] for box in boxes] == ["B", "C", "G", "R"]
    assert checked == ["B", "C"]
    assert page.all("input", type="date", name="planted-before")
    assert "4 rows" in page.texts("h2")
    assert page.texts("th")[:2] == ["tree", "code"]
    assert "sharp; sweet" in page.texts("td")
    csv = next(each for each in page.all("a") if each.text == "CSV").attributes["href"]
    assert asker.get(f"/queries/{csv}").text.count("\r\n") == 5


def test_a_field_that_is_left_empty_means_all(asker: Asker) -> None:
    page = read_page(asker.page("/queries/trees?planted-before=&reading=").text)
    assert "8 rows" in page.texts("h2")


def test_a_wrong_value_is_told_above_the_form(asker: Asker) -> None:
    answer = asker.page("/queries/trees?variety=Confrence&planted-before=1990-01-01")
    assert answer.status_code == 400
    page = read_page(answer.text)
    assert "Did you mean 'Conference'?" in page.all("div", role="alert")[0].text
    assert page.all("input", name="planted-before")[0].attributes["value"] == "1990-01-01"


def test_the_page_of_an_unknown_reading_is_still_a_form(asker: Asker) -> None:
    answer = asker.page("/queries/trees?reading=thrid")
    assert answer.status_code == 400
    assert read_page(answer.text).all("select", name="reading")


def test_an_unknown_query_is_a_page_for_people(asker: Asker) -> None:
    answer = asker.page("/queries/treez")
    assert answer.status_code == 404
    assert any("Did you mean" in text for text in read_page(answer.text).texts("p"))


def test_the_query_of_the_page_can_be_asked_in_sparql(asker: Asker) -> None:
    page = read_page(asker.page("/queries/trees?variety=C").text)
    link = next(each for each in page.all("a") if each.text == "Ask it in SPARQL")
    href = link.attributes["href"]
    assert href is not None
    answer = asker.get(f"/queries/{href}", accept="application/json")
    assert {row["code"]["value"] for row in json.loads(answer.text)["results"]["bindings"]} == {
        "T-5",
        "T-6",
    }


def test_a_browser_gets_a_file_where_the_address_names_one(asker: Asker) -> None:
    answer = asker.get("/queries/trees.csv", accept=BROWSER)
    assert answer.headers["content-type"] == MEDIA_TYPES["csv"]
