# SPDX-License-Identifier: Apache-2.0
"""In which format the answer goes."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pyoxigraph
import pytest

from tests.api.asking import Asker
from tests.api.sparql.queries import ASK, CONSTRUCT, DESCRIBE, SELECT


@pytest.mark.parametrize("query", [SELECT, ASK])
@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_bindings_and_booleans_go_in_every_format(
    asker: Asker, query: str, name: str, media_type: str
) -> None:
    accepted = asker.sparql(query, accept=media_type)
    named = asker.sparql(query, format=name)
    assert accepted.headers["content-type"] == named.headers["content-type"] == media_type
    assert accepted.content == named.content


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize(
    ("name", "media_type", "parsed_as"),
    [
        ("turtle", "text/turtle; charset=utf-8", pyoxigraph.RdfFormat.TURTLE),
        ("ntriples", "application/n-triples", pyoxigraph.RdfFormat.N_TRIPLES),
        ("rdfxml", "application/rdf+xml", pyoxigraph.RdfFormat.RDF_XML),
        ("jsonld", "application/ld+json", pyoxigraph.RdfFormat.JSON_LD),
        ("trig", "application/trig", pyoxigraph.RdfFormat.TRIG),
        ("nquads", "application/n-quads", pyoxigraph.RdfFormat.N_QUADS),
    ],
)
def test_graphs_go_in_every_format(
    asker: Asker, query: str, name: str, media_type: str, parsed_as: pyoxigraph.RdfFormat
) -> None:
    accepted = asker.sparql(query, accept=media_type)
    named = asker.sparql(query, format=name)
    assert accepted.headers["content-type"] == named.headers["content-type"] == media_type
    assert accepted.content == named.content
    assert len(list(pyoxigraph.parse(accepted.content, parsed_as))) in {7, 8}


def test_the_default_is_json_for_tables_and_turtle_for_graphs(asker: Asker) -> None:
    for accept in (None, "*/*"):
        answer = asker.sparql(SELECT, accept=accept)
        assert answer.headers["content-type"] == "application/sparql-results+json"
        answer = asker.sparql(CONSTRUCT, accept=accept)
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def test_the_quality_of_a_format_decides(asker: Asker) -> None:
    answer = asker.sparql(SELECT, accept="application/json;q=0.2, text/csv;q=0.9")
    assert answer.text == "code\r\nT-1\r\nT-2\r\n"


def test_a_client_that_asks_for_plain_xml_or_json_gets_that(asker: Asker) -> None:
    answer = asker.sparql(SELECT, accept="application/xml")
    assert answer.headers["content-type"] == "application/xml"
    assert ET.fromstring(answer.text).tag.endswith("sparql")
    assert asker.sparql(SELECT, accept="application/json").headers["content-type"] == (
        "application/json"
    )


def test_columns_stand_in_the_order_of_the_query(asker: Asker) -> None:
    answer = asker.sparql("SELECT * { ?z a orch:Tree ; skos:notation ?a } LIMIT 1", format="csv")
    assert answer.text.startswith("z,a\r\n")
