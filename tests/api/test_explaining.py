# SPDX-License-Identifier: Apache-2.0
"""Why an answer is empty, over HTTP: the link to it, its forms, and its limits."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import pytest
from starlette.types import Message

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application
from cosigraph_api.explanation_links import RELATION
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope
from tests.api.asking_pages import read_page

EMPTY = 'SELECT ?x { ?x orch:flavour "Nutty" }'
FULL = 'SELECT ?x { ?x orch:flavour "nutty" }'
EMPTY_GRAPH = "CONSTRUCT WHERE { ?x a orch:Fruit }"
SLOW = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o "
    "FILTER(CONCAT(STR(?a), STR(?l), STR(?o)) = 'x') }"
)


def explanation_of(answer: httpx.Response) -> str:
    """Where an answer says that it is explained."""
    match = re.fullmatch(r'<([^>]*)>; rel="help (\S+)"; title="[^"]*"', answer.headers["link"])
    assert match is not None
    assert match[2] == RELATION
    return urljoin(str(answer.request.url), str(match[1]))


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv", "html"])
def test_an_empty_table_links_to_its_explanation(asker: Asker, format_: str) -> None:
    answer = asker.sparql(EMPTY, format=format_)
    address = explanation_of(answer)
    assert urlsplit(address).path == "/sparql/explain"
    assert parse_qs(urlsplit(address).query)["query"] == [EMPTY]
    assert asker.get(address).json()["findings"][1]["replacement"] == '"nutty"'
    assert "link" not in asker.sparql(FULL, format=format_).headers
    ask = EMPTY.replace("SELECT ?x", "ASK")
    assert "link" in asker.sparql(ask, format=format_).headers
    assert "link" not in asker.sparql("ASK {}", format=format_).headers


@pytest.mark.parametrize(
    "format_", ["turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads", "html"]
)
def test_an_empty_graph_links_to_its_explanation(asker: Asker, format_: str) -> None:
    assert "link" in asker.sparql(EMPTY_GRAPH, format=format_).headers
    full = EMPTY_GRAPH.replace("Fruit", "Tree")
    assert "link" not in asker.sparql(full, format=format_).headers


def test_a_row_that_binds_nothing_is_a_row(asker: Asker) -> None:
    text = "SELECT ?x { OPTIONAL { ?x a orch:Fruit } }"
    for format_ in ("json", "xml", "csv", "tsv"):
        assert "link" not in asker.sparql(text, format=format_).headers


def test_a_kept_answer_still_has_its_link(asker: Asker) -> None:
    fields = [asker.sparql(f"{EMPTY} # kept").headers["link"] for _ in range(2)]
    spelt_otherwise = asker.sparql(f"{EMPTY}  # kept too").headers["link"]
    assert fields[0] == fields[1]
    assert "link" in asker.sparql(EMPTY.replace("{ ", "{\n")).headers
    assert spelt_otherwise


def test_the_link_keeps_reading_and_dataset(asker: Asker) -> None:
    graph = "https://orchard.example/graph/trees"
    params = {"query": EMPTY, "reading": "second", "default-graph-uri": graph}
    address = explanation_of(asker.get("/sparql", params=params))
    fields = parse_qs(urlsplit(address).query)
    assert (fields["reading"], fields["default-graph-uri"]) == (["second"], [graph])
    near = asker.get(address).json()["findings"][-1]
    assert near["kind"] in {"unused-iri", "unknown-iri"}


def test_the_link_of_a_query_too_long_for_an_address_names_the_place_to_post_it_to(
    asker: Asker,
) -> None:
    text = f"{EMPTY} # {'long ' * 2000}"
    answer = asker.request("POST", "/sparql", data={"query": text})
    address = explanation_of(answer)
    assert address == "http://server.test/sparql/explain"
    explained = asker.request("POST", address, data={"query": text}).json()
    assert explained["findings"][1]["kind"] == "letter-case"
    headers = {"Content-Type": "application/sparql-query"}
    plain = asker.request("POST", address, content=EMPTY, headers=headers)
    assert plain.json()["query"] == EMPTY


def test_other_origins_may_read_the_link(asker: Asker) -> None:
    exposed = asker.sparql(EMPTY).headers["access-control-expose-headers"]
    assert "Link" in exposed.split(", ")
    options = asker.request("OPTIONS", "/sparql/explain")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_an_explanation_comes_in_three_forms(asker: Asker) -> None:
    plain = asker.get("/sparql/explain", params={"query": EMPTY})
    assert plain.headers["content-type"] == "application/json"
    assert plain.json() == {
        "summary": "The answer is empty.",
        "isEmpty": True,
        "findings": [
            {
                "kind": "pattern-matches-nothing",
                "pattern": '?x orch:flavour "Nutty"',
                "position": {"line": 1, "column": 13},
                "detail": "This pattern alone matches nothing.",
                "advice": "Look at its terms one by one: put a variable in the place of each.",
            },
            {
                "kind": "letter-case",
                "pattern": '?x orch:flavour "Nutty"',
                "position": {"line": 1, "column": 29},
                "detail": 'Nothing has "Nutty" here. '
                'The same is there with other capitals: "nutty".',
                "advice": 'Write "nutty" for "Nutty".',
                "term": '"Nutty"',
                "replacement": '"nutty"',
            },
        ],
        "probes": 5,
        "query": EMPTY,
    }
    text = asker.get("/sparql/explain", params={"query": EMPTY, "format": "text"})
    assert text.headers["content-type"].startswith("text/plain")
    assert 'Write "nutty" for "Nutty".' in text.text
    page = read_page(asker.page("/sparql/explain", params={"query": EMPTY}).text)
    assert "Why is this empty?" in page.texts("h1")
    assert page.all("textarea")[0].text.strip() == EMPTY
    head = asker.request("HEAD", "/sparql/explain", params={"query": EMPTY})
    assert (head.status_code, head.content) == (200, b"")


def test_the_page_of_an_empty_answer_leads_to_its_explanation(asker: Asker) -> None:
    for path, params in (
        ("/sparql", {"query": EMPTY}),
        ("/queries/trees", {"planted-before": "1900-01-01"}),
    ):
        answer = asker.page(path, params=params)
        (link,) = [each for each in read_page(answer.text).all("a") if "empty" in each.text]
        address = urljoin(str(answer.request.url), str(link.attributes["href"]))
        assert address == explanation_of(answer)
        assert "Why is this empty?" in asker.page(address).text


def test_the_empty_answer_of_a_canned_query_is_explained_as_it_was_bound(asker: Asker) -> None:
    answer = asker.get("/queries/trees.csv", params={"planted-before": "1900-01-01"})
    address = explanation_of(answer)
    assert urlsplit(address).path == "/queries/trees/explain"
    explained = asker.get(address).json()
    assert explained["isEmpty"] is True
    assert "1900-01-01" in explained["query"]
    assert explained["findings"]
    assert "link" not in asker.get("/queries/trees.csv").headers
    assert asker.get("/queries/trees/explain").json()["isEmpty"] is False


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/sparql/explain", {}, 400),
        ("/sparql/explain", {"query": "SELECT * {"}, 400),
        ("/sparql/explain", {"query": EMPTY, "format": "csv"}, 400),
        ("/sparql/explain", {"query": EMPTY, "reading": "third"}, 400),
        ("/sparql/explain", {"query": "SELECT * { SERVICE <http://x.example/> {} }"}, 403),
        ("/sparql/explain", {"query": "CLEAR ALL"}, 403),
        ("/queries/none/explain", {}, 404),
        ("/queries/trees/explain", {"planted-before": "soon"}, 400),
    ],
)
def test_what_is_wrong_is_a_problem_as_elsewhere(
    asker: Asker, path: str, params: dict[str, str], status: int
) -> None:
    answer = asker.get(path, params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_forms_that_there_are_can_be_had(asker: Asker) -> None:
    answer = asker.get("/sparql/explain", params={"query": EMPTY}, accept="text/csv")
    assert answer.status_code == 406
    assert asker.request("PUT", "/sparql/explain").status_code == 405


@pytest.fixture(scope="module")
def limited(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=20)
    limits = Limits(explanation_time=1.5, explanation_probes=9)
    with Asker(Application(Service(orchard, pool, limits)), pool) as asker:
        yield asker


def test_an_explanation_costs_no_more_than_its_time_and_one_process(limited: Asker) -> None:
    answer = limited.get("/sparql/explain", params={"query": SLOW})
    assert answer.status_code == 200
    told = answer.json()
    assert told["isEmpty"] is None
    assert "stopped" in told
    assert answer.elapsed.total_seconds() < 10
    assert limited.pool.kills["time"] == 1
    assert limited.sparql(FULL).status_code == 200


def test_an_explanation_runs_no_more_than_its_number_of_queries(limited: Asker) -> None:
    text = f"SELECT * {{ {' '.join(f'?x orch:none{number} ?y .' for number in range(50))} }}"
    told = limited.get("/sparql/explain", params={"query": text}).json()
    assert told["probes"] == 9
    assert "9 probes" in told["stopped"]


def test_an_explanation_waits_for_its_turn_as_a_query_does(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    limits = Limits(queue=0, explanation_time=5)
    service = Service(orchard, pool, limits)
    with Asker(Application(service), pool) as asker:
        asker.wait(service.admission.enter("another", None))
        answer = asker.get("/sparql/explain", params={"query": EMPTY})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        service.admission.leave("another")
        assert asker.get("/sparql/explain", params={"query": EMPTY}).status_code == 200


def test_a_client_that_leaves_takes_its_explanation_with_it(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=60)
    limits = Limits(explanation_time=60)
    with Asker(Application(Service(orchard, pool, limits)), pool) as asker:
        scope = http_scope("GET", "/sparql/explain", urlencode({"query": SLOW}).encode())
        gone: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]
        begun = time.monotonic()
        assert asker.exchange(scope, gone) == []
        assert time.monotonic() - begun < limits.explanation_time / 2
        assert asker.sparql(FULL).status_code == 200


def test_it_is_counted_under_its_own_address(asker: Asker) -> None:
    asker.get("/sparql/explain", params={"query": EMPTY})
    asker.get("/queries/trees/explain")
    counted = asker.get("/metrics").text
    assert 'route="/sparql/explain"' in counted
    assert 'route="/queries/{name}/explain"' in counted
