# SPDX-License-Identifier: Apache-2.0
"""The federated queries that docs/linking.md shows can be read, and give an answer where the other
endpoint holds what they expect: here, a second server on the loopback interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.answers import Answer, prepare
from cosigraph.canned import read_canned_query
from cosigraph.errors import QueryRefused
from cosigraph.federation import FederatedPool
from cosigraph.workers import BlockingStore
from tests.serving import serving

DOCUMENT = Path(__file__).parent.parent / "docs" / "linking.md"
FENCE = re.compile(r"^```sparql\n(#\+ .*?)^```", re.MULTILINE | re.DOTALL)
QUERIES = FENCE.findall(DOCUMENT.read_text(encoding="utf-8"))
THERE = """
@prefix cdm: <http://publications.europa.eu/ontology/cdm#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/work/1> cdm:work_id_document "consil:ST_14429_2011_REV_2" .
<http://example.org/work/2> cdm:work_id_document "consil:ST_15850_2011_INIT" .
<http://example.org/work/3> cdm:work_id_document "consil:ST_1_2011_INIT" .
<http://eurovoc.europa.eu/5465> skos:prefLabel "money laundering"@en, "un nom"@fr .
<http://eurovoc.europa.eu/5933> skos:prefLabel "un autre nom"@fr .
<http://www.wikidata.org/entity/Q940784> rdfs:label "ein Name"@de, "a name"@en .
"""
ACTOR, AREA = "https://w3id.org/cosigraph/id/actor/", "https://w3id.org/cosigraph/id/crime-area/"
DOCUMENTS = "https://w3id.org/cosigraph/id/document/"
EXPECTED = [
    [
        [f"{DOCUMENTS}14429-2-11", "http://example.org/work/1"],
        [f"{DOCUMENTS}15850-11", "http://example.org/work/2"],
    ],
    [
        [f"{AREA}money-laundering", "un nom"],
        [f"{AREA}trafficking-in-human-beings", "un autre nom"],
    ],
    [[f"{ACTOR}eurojust", "Eurojust", "ein Name"]],
]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an endpoint that holds what the queries expect of the other."""
    folder = tmp_path_factory.mktemp("there")
    (folder / "data").mkdir()
    (folder / "data" / "there.ttl").write_text(THERE, encoding="utf-8")
    with serving(folder, 30) as server:
        yield f"{server.address}sparql"


def endpoint_of(text: str) -> str:
    (service,) = re.findall(r"SERVICE <(.*?)>", text)
    return str(service)


def test_there_are_joins_with_cellar_eurovoc_and_wikidata() -> None:
    assert len(QUERIES) == len(EXPECTED)
    assert {endpoint_of(text) for text in QUERIES} == {
        "http://publications.europa.eu/webapi/rdf/sparql",
        "https://query.wikidata.org/sparql",
    }


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_can_be_canned(text: str, tmp_path: Path) -> None:
    path = tmp_path / "queries" / "join.rq"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    asked = endpoint_of(text)
    assert read_canned_query(path, services=[asked]).services == (asked,)


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_asks_the_endpoint_that_it_names_and_is_refused_without_leave(
    text: str, shipped: Project
) -> None:
    asked = endpoint_of(text)
    prepared = prepare(text, shipped.surroundings, services=[asked])
    assert {call.iri for call in prepared.services} == {asked}
    with pytest.raises(QueryRefused, match="SERVICE"):
        prepare(text, shipped.surroundings)


@pytest.mark.parametrize(("text", "expected"), list(zip(QUERIES, EXPECTED, strict=True)))
def test_a_query_joins_what_is_here_with_what_is_there(
    text: str, expected: list[list[str]], shipped: Project, there: str
) -> None:
    local = text.replace(f"<{endpoint_of(text)}>", f"<{there}>")
    store = BlockingStore(FederatedPool(shipped.dataset.snapshot(), [there], size=1))
    try:
        prepared = prepare(local, shipped.surroundings, services=[there])
        rows = Answer(store, prepared).rows()
    finally:
        store.close()
    found = [[getattr(term, "value", "") for term in row] for row in rows]
    assert [row[: len(expected[0])] for row in found] == expected


def test_every_identifier_of_another_vocabulary_that_a_query_names_is_expected_there() -> None:
    named = {word for text in QUERIES for word in re.findall(r"\b(?:eurovoc:|wd:)\w+", text)}
    assert named == {"eurovoc:5465", "eurovoc:5933", "wd:Q1377490", "wd:Q207203", "wd:Q940784"}
