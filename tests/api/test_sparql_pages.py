# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest

from cosigraph.errors import Position
from cosigraph_api.problems import Problem
from cosigraph_api.sparql_pages import Excerpt, excerpt
from tests.api.asking import BROWSER, Asker
from tests.api.asking_pages import Page, read_page


def ask(asker: Asker, query: str, **params: str) -> Page:
    return read_page(asker.sparql(query, accept=BROWSER, **params).text)


def test_without_a_query_there_is_a_form_with_an_example_that_works(asker: Asker) -> None:
    page = read_page(asker.page("/sparql").text)
    (form,) = page.all("form")
    assert form.attributes == {"action": "sparql", "method": "get"}
    example = page.all("textarea", name="query")[0].text
    assert asker.sparql(example).status_code == 200


def test_an_answer_is_a_table_with_the_query_above_it(asker: Asker) -> None:
    query = "SELECT ?tree ?height {\n  ?tree orch:height ?height\n} ORDER BY ?height LIMIT 2"
    page = ask(asker, query)
    assert page.texts("textarea") == [" ".join(query.split())]
    assert page.texts("th") == ["tree", "height"]
    assert page.texts("td") == ["tree:8", "2.15", "tree:6", "3.25"]
    assert "2 rows" in page.texts("h2")


def test_a_thing_leads_to_its_description(asker: Asker) -> None:
    page = ask(asker, "SELECT ?tree { ?tree skos:notation 'T-1' }")
    link = next(each for each in page.all("a") if each.text == "tree:1").attributes["href"]
    assert link == "id/tree/1"
    described = read_page(asker.page(f"/{link}.html").text)
    assert described.texts("h1") == ["tree:1"]


def test_what_is_not_the_projects_own_leads_to_what_the_graph_says_of_it(asker: Asker) -> None:
    page = ask(asker, "SELECT ?class { ?class a owl:Class }")
    base = "https://orchard.example/ontology#"
    links = [
        each.attributes["href"]
        for each in page.all("a")
        if str(each.attributes.get("title")).startswith(base)
    ]
    assert links
    outer = ask(asker, "SELECT (skos:Concept AS ?c) {}")
    link = next(each for each in outer.all("a") if each.text == "skos:Concept").attributes["href"]
    assert link is not None
    (query,) = parse_qs(urlsplit(link).query)["query"]
    assert query == "DESCRIBE <http://www.w3.org/2004/02/skos/core#Concept>"


@pytest.mark.parametrize(("query", "word"), [("ASK {}", "Yes"), ("ASK { ?s a 1 }", "No")])
def test_a_question_of_yes_and_no_is_answered_in_a_word(
    asker: Asker, query: str, word: str
) -> None:
    assert word in ask(asker, query).texts("p")


def test_an_empty_answer_says_so(asker: Asker) -> None:
    page = ask(asker, "SELECT ?x { ?x a 1 }")
    assert "Nothing in the graph fits this question." in page.texts("p")


@pytest.mark.parametrize("head", ["SELECT *", "CONSTRUCT { ?n a ?n , <a:b> , <a:c> , <a:d> }"])
def test_a_long_answer_is_cut_and_says_so(asker: Asker, head: str) -> None:
    things = " ".join(f"<x:{number}>" for number in range(1500))
    page = ask(asker, head + " WHERE { VALUES ?n { " + things + " } }")
    assert page.texts("h2")[0].startswith("More than 1,000 ")
    assert len(page.all("tr")) == 1001
    assert any("first 1,000 rows" in text for text in page.texts("p"))


def test_a_runaway_that_streams_is_not_waited_for(asker: Asker) -> None:
    page = ask(asker, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert len(page.all("tr")) == 1001


def test_downloads_hold_the_same_question(asker: Asker) -> None:
    page = ask(asker, "SELECT ?flavour { tree:2 orch:flavour ?flavour }", reading="second")
    links = [each.attributes["href"] for each in page.all("a") if each.text == "CSV"]
    assert asker.get(f"/sparql{links[0]}").text == "flavour\r\nsour\r\n"


def test_a_mistake_is_shown_where_it_is(asker: Asker) -> None:
    answer = asker.sparql("SELECT *\nWHERE { ?s ?p }", accept=BROWSER)
    assert answer.status_code == 400
    page = read_page(answer.text)
    assert page.all("div", role="alert")
    assert page.texts("mark") == ["}"]
    assert page.texts("textarea") == ["SELECT * WHERE { ?s ?p }"]


def test_a_refusal_and_a_wrong_format_are_shown_above_the_form(asker: Asker) -> None:
    refused = asker.sparql("SELECT * { SERVICE <x:y> { ?s ?p ?o } }", accept=BROWSER)
    assert refused.status_code == 403
    assert read_page(refused.text).texts("mark") == ["S"]


def test_text_from_the_graph_and_from_the_query_is_never_markup(asker: Asker) -> None:
    evil = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"
    for query in (f"SELECT ('''{evil}''' AS ?x) {{}}", f"broken {evil}"):
        page = ask(asker, query)
        assert not page.all("script")
        assert not page.all("img")
        assert evil in page.all("textarea")[0].text


def test_a_query_keeps_its_first_line_even_if_it_is_empty(asker: Asker) -> None:
    page = ask(asker, "\nASK {}")
    # A browser drops one line feed after the start tag (HTML, section 13.2.6.4.7).
    assert page.all("textarea")[0].text == "\n\nASK {}"


def problem(line: int | None, column: int | None) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "s", "t", "d", Position(None, line, column))


def test_an_excerpt_points_at_the_character() -> None:
    assert excerpt("a\nbcd", problem(2, 2)) == Excerpt("b", "c", "d", " ^")
    assert excerpt("a\n\tx", problem(2, 2)) == Excerpt(" ", "x", "", " ^")


def test_an_excerpt_may_point_behind_the_last_character() -> None:
    assert excerpt("ab", problem(1, 3)) == Excerpt("ab", "", "", "  ^")
    assert excerpt("", problem(1, 1)) == Excerpt("", "", "", "^")


def test_there_is_no_excerpt_without_a_place() -> None:
    assert excerpt("ab", problem(None, None)) is None
    assert excerpt("ab", problem(7, 1)) is None
