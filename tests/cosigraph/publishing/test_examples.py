# SPDX-License-Identifier: Apache-2.0
"""The canned queries as RDF: complete, and their text runs as it stands there."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rdflib
from rdflib import SH, Literal, URIRef
from rdflib.namespace import RDF, RDFS

from cosigraph import Project
from cosigraph.publishing.examples import sparql_examples
from tests.cosigraph.publishing.test_record import graph_of

BASE = "https://w3id.org/cosigraph/"
SCHEMA = "https://schema.org/"


@pytest.fixture(scope="module")
def examples(shipped: Project) -> rdflib.Graph:
    return graph_of(sparql_examples(shipped.queries.values(), shipped.configuration))


def test_every_query_is_an_executable_with_text_prefixes_comment_and_keywords(
    examples: rdflib.Graph, shipped: Project
) -> None:
    executables = set(examples.subjects(RDF.type, SH.SPARQLExecutable))
    assert executables == {URIRef(f"{BASE}queries/{name}") for name in shipped.queries}
    for name, query in shipped.queries.items():
        iri = URIRef(f"{BASE}queries/{name}")
        assert (iri, RDF.type, SH.SPARQLSelectExecutable) in examples
        assert query.summary in str(examples.value(iri, RDFS.comment))
        keywords = examples.objects(iri, URIRef(f"{SCHEMA}keywords"))
        assert {str(each) for each in keywords} == set(query.tags)
        assert examples.value(iri, URIRef(f"{SCHEMA}target")) == URIRef(f"{BASE}sparql")


def test_the_text_runs_and_answers_as_the_query_does(
    examples: rdflib.Graph, shipped: Project
) -> None:
    for name, query in shipped.queries.items():
        text = str(examples.value(URIRef(f"{BASE}queries/{name}"), SH.select))
        assert "#+" not in text
        assert shipped.query(text).rows() == shipped.query(query.text).rows()


def test_the_prefixes_are_declared_where_the_queries_say(
    examples: rdflib.Graph, shipped: Project
) -> None:
    (document,) = set(examples.objects(None, SH.prefixes))
    declared = {
        str(examples.value(each, SH.prefix)): str(examples.value(each, SH.namespace))
        for each in examples.objects(document, SH.declare)
    }
    assert declared == shipped.prefixes.namespaces


@pytest.mark.parametrize(
    ("text", "kind", "property_"),
    [
        ("ASK { ?s ?p ?o }", SH.SPARQLAskExecutable, SH.ask),
        ("CONSTRUCT WHERE { ?s ?p ?o }", SH.SPARQLConstructExecutable, SH.construct),
    ],
)
def test_each_form_of_query_has_its_own_property(
    shipped: Project, text: str, kind: URIRef, property_: URIRef
) -> None:
    query = replace(shipped.queries["goals"], text=f"#+ summary: x\n{text}\n")
    base = "http://localhost/"  # which is nobody's address
    graph = graph_of(sparql_examples([query], replace(shipped.configuration, base=base)))
    iri = URIRef(f"{base}queries/goals")
    assert (iri, RDF.type, kind) in graph
    assert graph.value(iri, property_) == Literal(f"{text}\n")
    assert graph.value(iri, URIRef(f"{SCHEMA}target")) is None
