# SPDX-License-Identifier: Apache-2.0
"""What is said of the terms that files use."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check.terms import check_terms
from tests.cosigraph.check.rules_of import project

ONTOLOGY = ":Tree a owl:Class . :height a owl:DatatypeProperty . :Height a owl:Class ."


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("tree:1 :heigth 5 .", "Did you mean orch:height? Otherwise define it in ontology/."),
        ("tree:1 a :tree .", "Did you mean orch:Tree? Otherwise define it in ontology/."),
        ("tree:1 skos:prefLable 5 .", "Did you mean skos:prefLabel?"),
        ("tree:1 dcterms:label 5 .", "Did you mean rdfs:label?"),
        ("tree:1 skos:zzzzzzzz 5 .", "Look it up: its vocabulary has no such term."),
        ("tree:1 :zzzzzzzz 5 .", "Define it in ontology/."),
        ("tree:1 a :height .", "Use another term, or define it as both."),
        ('tree:1 :height "5"^^xsd:interger .', "Did you mean xsd:integer?"),
        (
            "tree:1 <skos:prefLabel> 5 .",
            "Declare it: @prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        ),
    ],
)
def test_the_nearest_term_is_told(tmp_path: Path, statement: str, advice: str) -> None:
    (finding,) = check_terms(project(tmp_path, ONTOLOGY, statement))
    assert finding.advice == advice


@pytest.mark.parametrize(
    "statement",
    [
        "tree:1 a :Tree ; :height 5 .",
        'tree:1 rdfs:label "oak"@en ; dcterms:issued "2011"^^xsd:gYear .',
        "tree:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#_3> tree:2 .",
        "tree:1 a <http://schema.org/Thing> .",
        "[] owl:unionOf ( xsd:string :Tree ) .",
    ],
)
def test_what_is_defined_or_well_known_is_let_pass(tmp_path: Path, statement: str) -> None:
    assert list(check_terms(project(tmp_path, ONTOLOGY, statement))) == []


def test_a_deprecated_term_may_stand_in_axioms(tmp_path: Path) -> None:
    ontology = ":a a owl:Class ; owl:deprecated true . :b a owl:Class ; rdfs:subClassOf :a ."
    assert list(check_terms(project(tmp_path, ontology))) == []


def test_a_million_wrong_statements_are_one_finding(tmp_path: Path) -> None:
    data = "\n".join(f"tree:{n} :heigth {n} ." for n in range(1000))
    (finding,) = check_terms(project(tmp_path, ONTOLOGY, data))
    assert "(1000 times in this file)" in finding.message
