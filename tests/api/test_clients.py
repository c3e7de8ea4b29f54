# SPDX-License-Identifier: Apache-2.0
"""The clients that people use, as they use them, against a server that runs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pandas as pd  # type: ignore[import-untyped]
import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from cosigraph.formats import ResultFormat
from cosigraph.workbook import MEDIA_TYPE
from tests.programs import needed, needed_in_r
from tests.serving import serving

SELECT = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?tree ?code WHERE { ?tree a orch:Tree ; skos:notation ?code } ORDER BY ?code LIMIT 2"""
CODES = ["T-1", "T-2"]
CONSTRUCT = "CONSTRUCT { ?tree a orch:Tree } WHERE { ?tree a orch:Tree }"


@pytest.fixture(scope="module")
def endpoint(root: Path) -> Iterator[str]:
    with serving(root / "tests" / "projects" / "orchard", timeout=30) as server:
        yield f"{server.address}sparql"


@pytest.fixture(scope="module")
def trees(endpoint: str) -> int:
    counting = "SELECT (COUNT(*) AS ?n) WHERE { ?tree a orch:Tree }"
    answer = httpx.get(endpoint, params={"query": counting, "format": "csv"})
    return int(answer.text.split()[1])


# SPARQLWrapper


def asked(endpoint: str, query: str, form: str, method: str = SPARQLWrapper.GET) -> Any:
    client = SPARQLWrapper.SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(method)
    return client.query().convert()


@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
def test_sparqlwrapper_reads_rows(endpoint: str, method: str) -> None:
    answer = asked(endpoint, SELECT, SPARQLWrapper.JSON, method)
    assert [row["code"]["value"] for row in answer["results"]["bindings"]] == CODES


def test_sparqlwrapper_posts_the_query_itself(endpoint: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(endpoint, returnFormat=SPARQLWrapper.JSON)
    client.setQuery(SELECT)
    client.setMethod(SPARQLWrapper.POST)
    client.setRequestMethod(SPARQLWrapper.POSTDIRECTLY)
    answer: Any = client.query().convert()
    assert len(answer["results"]["bindings"]) == 2


def test_sparqlwrapper_reads_every_format_of_rows(endpoint: str) -> None:
    document = asked(endpoint, SELECT, SPARQLWrapper.XML)
    assert len(document.getElementsByTagName("result")) == 2
    table = asked(endpoint, SELECT, SPARQLWrapper.CSV).decode()
    assert [row["code"] for row in csv.DictReader(io.StringIO(table))] == CODES
    table = asked(endpoint, SELECT, SPARQLWrapper.TSV).decode()
    assert table.splitlines()[0] == "?tree\t?code"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning")  # to RDF it has none
@pytest.mark.parametrize(
    "form", [SPARQLWrapper.XML, SPARQLWrapper.RDF, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD]
)
def test_sparqlwrapper_reads_graphs(endpoint: str, trees: int, form: str) -> None:
    graph = asked(endpoint, CONSTRUCT, form)
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == trees


@pytest.mark.parametrize("form", [SPARQLWrapper.TURTLE, SPARQLWrapper.N3])
def test_sparqlwrapper_fetches_turtle(endpoint: str, trees: int, form: str) -> None:
    content = asked(endpoint, CONSTRUCT, form)
    assert len(rdflib.Graph().parse(content, format="turtle")) == trees


def test_sparqlwrapper_asks(endpoint: str) -> None:
    assert asked(endpoint, "ASK { ?tree a orch:Tree }", SPARQLWrapper.JSON)["boolean"] is True


def test_sparqlwrapper_asks_in_every_format(endpoint: str) -> None:
    question = "ASK { ?tree a orch:Tree }"
    document = asked(endpoint, question, SPARQLWrapper.XML)
    assert document.getElementsByTagName("boolean")[0].firstChild.data == "true"
    for form in (SPARQLWrapper.CSV, SPARQLWrapper.TSV):
        assert asked(endpoint, question, form).strip() == b"true"


def test_sparqlwrapper_names_a_dataset(endpoint: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(endpoint, returnFormat=SPARQLWrapper.JSON)
    client.addDefaultGraph("https://orchard.example/graph/ontology")
    client.setQuery("ASK { ?tree a orch:Tree }")
    answer: Any = client.query().convert()
    assert answer["boolean"] is False


def test_sparqlwrapper_tells_what_is_wrong(endpoint: str) -> None:
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="was expected"):
        asked(endpoint, "SELECT ?x WHERE { ?x ", SPARQLWrapper.JSON)


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_sparqlstore_selects(endpoint: str, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method))
    assert [str(row.code) for row in graph.query(SELECT)] == CODES  # type: ignore[union-attr]


@pytest.mark.parametrize("returned", ["xml", "json", "csv", "tsv"])
def test_sparqlstore_reads_every_format(endpoint: str, returned: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, returnFormat=returned))
    assert len(list(graph.query(SELECT))) == 2


def test_sparqlstore_finds_triples(endpoint: str, trees: int) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint))
    found = graph.triples(
        (None, rdflib.RDF.type, rdflib.URIRef("https://orchard.example/ontology#Tree"))
    )
    assert len(list(found)) == trees
    assert len(graph) > trees


def test_sparqlstore_constructs(endpoint: str, trees: int) -> None:
    assert len(list(rdflib.Graph(SPARQLStore(endpoint)).query(CONSTRUCT))) == trees


def test_sparqlstore_asks_one_graph(endpoint: str) -> None:
    name = rdflib.URIRef("https://orchard.example/graph/ontology")
    graph = rdflib.Graph(SPARQLStore(endpoint, context_aware=True), identifier=name)
    assert not graph.query("ASK { ?tree a orch:Tree }").askAnswer


# pandas


def test_pandas_reads_an_address(endpoint: str) -> None:
    table = pd.read_csv(f"{endpoint}?{urlencode({'query': SELECT, 'format': 'csv'})}")
    assert list(table.columns) == ["tree", "code"]
    assert list(table["code"]) == CODES


def test_pandas_reads_a_workbook(endpoint: str) -> None:
    table = pd.read_excel(f"{endpoint.removesuffix('sparql')}queries/trees.xlsx")
    assert {"tree", "variety", "variety (language)"} < set(table.columns)
    assert table["height"].dtype == "float64"
    assert table["planted"].dtype.kind == "M"


# curl


def curl(*arguments: str) -> str:
    needed("curl", "curl")
    given = subprocess.run(["curl", "-sSf", *arguments], capture_output=True, check=True)
    return given.stdout.decode()


@pytest.mark.parametrize(
    "sent",
    [
        ("--get", "--data-urlencode", f"query={SELECT}"),
        ("--data-urlencode", f"query={SELECT}"),
        ("-H", "Content-Type: application/sparql-query", "--data-binary", SELECT),
    ],
)
def test_curl_asks_in_every_way(endpoint: str, sent: tuple[str, ...]) -> None:
    answer = json.loads(curl(*sent, endpoint))
    assert [row["code"]["value"] for row in answer["results"]["bindings"]] == CODES


def test_curl_chooses_by_accept_and_by_format(endpoint: str) -> None:
    query = ("--get", "--data-urlencode", f"query={SELECT}")
    by_accept = curl(*query, "-H", "Accept: text/csv", endpoint)
    assert by_accept == curl(*query, "-d", "format=csv", endpoint)
    assert by_accept.startswith("tree,code\r\n")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "other",
    [
        "output=xml",
        "results=csv",
        "debug=on",
        "timeout=0",
        "maxrows=1",
        "limit=1",
        "should-sponge=grab-all",
        "infer=false",
        "inference=true",
        "soft-limit=1",
        "callback=evil",
        "stylesheet=/xml-to-html.xsl",
        "",
        "=",
    ],
)
def test_parameters_of_client_libraries_do_no_harm(endpoint: str, method: str, other: str) -> None:
    query = urlencode({"query": SELECT})
    if method == "GET":
        answer = httpx.get(f"{endpoint}?{other}&{query}")
    else:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx.post(endpoint, content=f"{query}&{other}", headers=form)
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert [row["code"]["value"] for row in answer.json()["results"]["bindings"]] == CODES


@pytest.mark.parametrize("form", [*(each.label for each in ResultFormat), "xlsx", "html"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_format_chooses_for_clients_that_cannot_set_accept(
    endpoint: str, method: str, form: str
) -> None:
    graphs = {each.label for each in ResultFormat.of_kind("graph")}
    query = CONSTRUCT if form in graphs else SELECT
    fields = {"query": query, "format": form}
    given = {"params": fields} if method == "GET" else {"data": fields}
    answer = httpx.request(method, endpoint, headers={"Accept": "image/png"}, **given)  # type: ignore[arg-type]
    assert answer.status_code == 200
    expected = {each.label: each.media_type for each in ResultFormat}
    expected |= {"xlsx": MEDIA_TYPE, "html": "text/html; charset=utf-8"}
    assert answer.headers["content-type"] == expected[form]


def test_curl_reads_the_description(endpoint: str) -> None:
    graph = rdflib.Graph().parse(data=curl(endpoint), format="turtle")
    assert (None, None, rdflib.URIRef(endpoint)) in graph


# R


def r(program: str) -> str:
    needed_in_r("jsonlite", "r-base-core r-cran-jsonlite")
    given = subprocess.run(
        ["Rscript", "--vanilla", "-e", program], capture_output=True, check=False, text=True
    )
    assert given.returncode == 0, given.stderr
    return given.stdout


def test_r_reads_an_address_as_a_table(endpoint: str) -> None:
    address = f"{endpoint}?{urlencode({'query': SELECT, 'format': 'csv'})}"
    printed = r(f'table <- read.csv("{address}"); cat(names(table), table$code, sep = "\\n")')
    assert printed.split() == ["tree", "code", *CODES]


def test_r_reads_a_canned_query_with_numbers_as_numbers(endpoint: str) -> None:
    address = f"{endpoint.removesuffix('sparql')}queries/trees.csv"
    assert r(f'cat(is.numeric(read.csv("{address}")$height))').strip() == "TRUE"


def test_r_reads_json_with_jsonlite(endpoint: str) -> None:
    address = f"{endpoint}?{urlencode({'query': SELECT, 'format': 'json'})}"
    reading = f'answer <- jsonlite::fromJSON("{address}")'
    assert r(f'{reading}; cat(answer$results$bindings$code$value, sep = "\\n")').split() == CODES


def test_r_is_told_what_is_wrong(endpoint: str) -> None:
    needed_in_r("jsonlite", "r-base-core r-cran-jsonlite")
    address = f"{endpoint}?{urlencode({'query': 'SELECT', 'format': 'csv'})}"
    program = f'tryCatch(read.csv("{address}"), warning = function(w) cat(conditionMessage(w)))'
    assert "400" in r(program)
