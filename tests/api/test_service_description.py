# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from cosigraph import Project
from cosigraph.formats import ResultFormat
from cosigraph_api.service_description import FORMAT_NAMES
from tests.api.asking import BROWSER, Asker, http_scope
from tests.w3c.description import schema_violation

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
ENDPOINT = URIRef("http://server.test/sparql")
GRAPH_FORMATS = [
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
]


def parsed(answer: httpx.Response) -> Graph:
    media_type = answer.headers["content-type"].partition(";")[0]
    form = RdfFormat.from_media_type(media_type)
    triples = (quad.triple for quad in parse(answer.content, form))
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


@pytest.fixture(scope="module")
def description(asker: Asker) -> Graph:
    return parsed(asker.get("/sparql"))


def count(asker: Asker, pattern: str) -> int:
    answer = asker.sparql(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_the_endpoint_without_a_query_describes_itself(asker: Asker) -> None:
    answer = asker.get("/sparql")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert set(parsed(answer).objects(None, SD.endpoint)) == {ENDPOINT}


def test_the_description_keeps_to_the_vocabulary(description: Graph) -> None:
    assert schema_violation(description) is None


@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_the_description_comes_in_every_format_of_graphs(
    asker: Asker, description: Graph, media_type: str
) -> None:
    answer = asker.get("/sparql", accept=media_type)
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert isomorphic(parsed(answer), description)
    by_format = asker.get("/sparql", params={"format": media_type}, accept="*/*")
    assert by_format.content == answer.content


def test_a_browser_still_gets_the_form(asker: Asker) -> None:
    for path in ("/sparql", "/sparql?format=html"):
        answer = asker.get(path, accept=BROWSER)
        assert answer.headers["content-type"].startswith("text/html")
    assert "sd:Service" in asker.get("/sparql?format=turtle", accept=BROWSER).text


def test_what_is_no_graph_is_no_format_of_the_description(asker: Asker) -> None:
    assert asker.get("/sparql", accept="image/png").status_code == 406
    assert asker.get("/sparql?format=csv").status_code == 400


def test_a_client_that_has_the_description_is_told_so(asker: Asker) -> None:
    tag = asker.get("/sparql").headers["etag"]
    headers = {"If-None-Match": tag}
    assert asker.request("GET", "/sparql", headers=headers).status_code == 304
    assert asker.request("GET", "/sparql/", headers=headers).status_code == 200
    other = {**headers, "Accept": "application/n-triples"}
    assert asker.request("GET", "/sparql", headers=other).status_code == 200


def test_head_has_the_fields_alone(asker: Asker) -> None:
    answer = asker.request("HEAD", "/sparql")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    assert not answer.content


def test_the_endpoint_is_where_it_was_asked(asker: Asker) -> None:
    answer = asker.request("GET", "/sparql", headers={"Host": "data.example:8443"})
    assert set(parsed(answer).objects(None, SD.endpoint)) == {
        URIRef("http://data.example:8443/sparql")
    }


def test_behind_a_prefix_the_endpoint_has_the_prefix(asker: Asker) -> None:
    scope = {**http_scope("GET", "/data/sparql", host="server.test"), "root_path": "/data"}
    sent = asker.exchange(scope, [{"type": "http.request", "body": b"", "more_body": False}])
    graph = Graph().parse(data=sent[1]["body"], format="turtle")
    assert set(graph.objects(None, SD.endpoint)) == {URIRef("http://server.test/data/sparql")}


@pytest.mark.parametrize(("host", "status"), [("50%", 400), ("a b", 200), ('x"> <y', 200)])
def test_a_host_that_is_none_is_never_repeated(asker: Asker, host: str, status: int) -> None:
    received: list[Any] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent = asker.exchange(http_scope("GET", "/sparql", host=host), received)
    assert sent[0]["status"] == status
    assert host.encode() not in sent[1]["body"]


def test_every_format_that_is_claimed_is_served(asker: Asker, description: Graph) -> None:
    claimed = {str(name) for name in description.objects(None, SD.resultFormat)}
    assert claimed == {FORMAT_NAMES[form] for form in ResultFormat}
    for form in ResultFormat:
        query = "ASK {}" if form.kind == "bindings" else "CONSTRUCT WHERE { ?s ?p ?o }"
        assert asker.sparql(query, format=form.label).status_code == 200


def test_only_what_is_switched_on_is_claimed(description: Graph) -> None:
    assert set(description.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(description.objects(None, SD.feature)) == {SD.UnionDefaultGraph}


def test_the_default_graph_is_the_union_that_queries_see(asker: Asker, description: Graph) -> None:
    (graph,) = description.objects(None, SD.defaultGraph)
    (size,) = description.objects(graph, VOID.triples)
    assert size == Literal(count(asker, "?s ?p ?o"))
    alternative = "https://orchard.example/graph/reading/tasting/second"
    settled = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{alternative}>)"
    assert size == Literal(count(asker, f"{{ SELECT DISTINCT ?s ?p ?o {{ {settled} }} }}"))


def test_every_named_graph_is_described_with_its_size(
    asker: Asker, description: Graph, orchard: Project
) -> None:
    described: dict[str, Node] = {}
    for named in description.subjects(RDF.type, SD.NamedGraph):
        (name,), (graph,) = (
            description.objects(named, SD.name),
            description.objects(named, SD.graph),
        )
        (size,) = description.objects(graph, VOID.triples)
        described[str(name)] = size
    assert set(described) == set(orchard.dataset.graphs)
    for iri, triples in described.items():
        assert triples == Literal(count(asker, f"GRAPH <{iri}> {{ ?s ?p ?o }}"))
