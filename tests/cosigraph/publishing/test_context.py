# SPDX-License-Identifier: Apache-2.0
"""A JSON-LD document that uses the context means what it says, by two parsers."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat

from cosigraph import Project
from cosigraph.publishing.context import json_ld_context
from cosigraph.publishing.ontology import TERMS, ontology_terms

DOCUMENT = {
    "id": "goal:A-1",
    "type": "Goal",
    "goalOf": "priority:A",
    "number": 1,
    "code": "A-1",
    "cosi:mentions": [{"id": "actor:europol", "type": "Body"}],
    "dcterms:isPartOf": "document:15850-11",
    "skos:prefLabel": {"@value": "goal A-1", "@language": "en"},
}
EXPECTED = """
goal:A-1 a cosi:Goal ; cosi:goalOf priority:A ; cosi:number 1 ; cosi:code "A-1" ;
  cosi:mentions actor:europol ; dcterms:isPartOf document:15850-11 ;
  skos:prefLabel "goal A-1"@en .
actor:europol a cosi:Body .
"""


@pytest.fixture(scope="module")
def context(shipped: Project) -> dict[str, Any]:
    terms = ontology_terms(shipped.query(TERMS).rows())
    return json_ld_context(shipped.prefixes, terms, shipped.configuration.base)


def expected_of(project: Project, turtle: str) -> set[str]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in project.prefixes)
    parsed = pyoxigraph.parse(prefixes + turtle, format=RdfFormat.TURTLE)
    return {str(quad.triple) for quad in parsed}


def test_a_document_with_the_context_parses_to_the_right_triples(
    context: dict[str, Any], shipped: Project
) -> None:
    document = json.dumps({**context, **DOCUMENT})
    parsed = pyoxigraph.parse(document, format=RdfFormat.JSON_LD)
    assert {str(quad.triple) for quad in parsed} == expected_of(shipped, EXPECTED)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # rdflib's own parser makes one
def test_another_parser_reads_the_same(context: dict[str, Any], shipped: Project) -> None:
    graph = rdflib.Graph().parse(data=json.dumps({**context, **DOCUMENT}), format="json-ld")
    parsed = pyoxigraph.parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    assert {str(quad.triple) for quad in parsed} == expected_of(shipped, EXPECTED)


def test_a_property_that_is_called_as_a_prefix_is_known_by_its_prefixed_name(
    context: dict[str, Any], shipped: Project
) -> None:
    shared = {name for name, _ in shipped.prefixes} & {
        term.name for term in ontology_terms(shipped.query(TERMS).rows())
    }
    assert "goal" in shared
    definitions = context["@context"]
    for name in shared:
        assert definitions[name]["@prefix"] is True
    assert definitions["cosi:goal"] == {"@id": "cosi:goal", "@type": "@id"}


def test_every_term_of_the_ontology_has_a_definition(
    context: dict[str, Any], shipped: Project
) -> None:
    definitions = context["@context"]
    for term in ontology_terms(shipped.query(TERMS).rows()):
        short = shipped.prefixes.shorten(term.iri)
        if term.iri.startswith(shipped.configuration.base):
            assert short in definitions or definitions[term.name]["@id"] == short
