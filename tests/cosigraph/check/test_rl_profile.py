# SPDX-License-Identifier: Apache-2.0
"""The profile OWL 2 RL: what its grammar has, and has not, in each place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check.rl_profile import check_profile
from tests.cosigraph.check.rules_of import lines, messages, project

SOME = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom %s ]"
ALL = SOME.replace("some", "all")
MAX = "[ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality %s ]"
HAS = "[ a owl:Restriction ; owl:onProperty :p ; owl:hasValue 3 ]"
UNION, BOTH, NOT = (
    "[ owl:unionOf ( :A :B ) ]",
    "[ owl:intersectionOf ( :A %s ) ]",
    "[ owl:complementOf %s ]",
)


@pytest.mark.parametrize(
    "axiom",
    [
        f"{SOME % ':A'} rdfs:subClassOf :B .",
        f"{SOME % 'owl:Thing'} rdfs:subClassOf :B .",
        f"{SOME % 'xsd:string'} rdfs:subClassOf :B .",
        f"{UNION} rdfs:subClassOf :B .",
        "[ owl:oneOf ( :a :b ) ] rdfs:subClassOf :B .",
        f"{HAS} rdfs:subClassOf {HAS} .",
        f"{BOTH % UNION} rdfs:subClassOf :B .",
        f":A rdfs:subClassOf {ALL % ':B'}, {MAX % 0}, {MAX % 1}, {NOT % UNION} .",
        f":A rdfs:subClassOf {BOTH % (ALL % (NOT % (SOME % ':B')))} .",
        f":A owl:equivalentClass {BOTH % HAS} .",
        ":A owl:intersectionOf ( :B :C ) .",
        f":A owl:disjointWith {UNION} .",
        f"[] a owl:AllDisjointClasses ; owl:members ( :A {SOME % ':B'} ) .",
        f":p rdfs:domain {ALL % ':A'} ; rdfs:range xsd:date .",
        ":p a owl:TransitiveProperty, owl:IrreflexiveProperty ; owl:propertyChainAxiom ( :q :r ) .",
        f":a a {ALL % ':B'} .",
        ":D a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; "
        "owl:intersectionOf ( xsd:integer xsd:decimal ) ] .",
    ],
)
def test_what_is_within_the_profile(tmp_path: Path, axiom: str) -> None:
    assert messages(check_profile, project(tmp_path, axiom)) == []


@pytest.mark.parametrize(
    ("axiom", "fault"),
    [
        (f":A rdfs:subClassOf {SOME % ':B'} .", "owl:someValuesFrom above a class"),
        (f":A rdfs:subClassOf {UNION} .", "owl:unionOf above a class"),
        (":A rdfs:subClassOf [ owl:oneOf ( :a ) ] .", "owl:oneOf above a class"),
        (f":A rdfs:subClassOf {MAX % 2} .", "owl:maxCardinality of 2, neither 0 nor 1"),
        (
            f":A rdfs:subClassOf {MAX.replace('max', 'min') % 1} .",
            "owl:minCardinality above a class",
        ),
        (":A rdfs:subClassOf owl:Thing .", "owl:Thing above a class"),
        ("owl:Thing rdfs:subClassOf :A .", "owl:Thing below a class"),
        (
            ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .",
            "owl:hasSelf above a class",
        ),
        (f"{ALL % ':A'} rdfs:subClassOf :B .", "owl:allValuesFrom below a class"),
        (f"{NOT % ':A'} rdfs:subClassOf :B .", "owl:complementOf below a class"),
        (f":A rdfs:subClassOf {ALL % UNION} .", "owl:unionOf above a class"),
        (f":A rdfs:subClassOf {NOT % (ALL % ':B')} .", "owl:allValuesFrom below a class"),
        (f":A owl:disjointWith {NOT % ':B'} .", "owl:complementOf below a class"),
        (f":A owl:equivalentClass {UNION} .", "owl:unionOf as an equivalent of a class"),
        (":A owl:unionOf ( :B :C ) .", "owl:unionOf as an equivalent of a class"),
        (":A owl:disjointUnionOf ( :B :C ) .", "a disjoint union"),
        (f":p rdfs:domain {UNION} .", "owl:unionOf above a class"),
        (
            f"[] a owl:AllDisjointClasses ; owl:members ( :A {NOT % ':B'} ) .",
            "owl:complementOf below a class",
        ),
        (f":a a {UNION} .", "owl:unionOf above a class"),
        (":p a owl:ReflexiveProperty .", "a reflexive property"),
        (":p rdfs:subPropertyOf owl:topObjectProperty .", "the property owl:topObjectProperty"),
        (":p rdfs:range owl:rational .", "the datatype owl:rational"),
        (':a :p "1/3"^^owl:rational .', "the datatype owl:rational"),
        (
            ":p rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] .",
            "an enumeration of values",
        ),
        (
            ":D a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( ) .",
            "a restriction of a datatype",
        ),
    ],
)
def test_what_is_outside(tmp_path: Path, axiom: str, fault: str) -> None:
    sources = project(tmp_path, f"# before\n\n{axiom}")
    assert messages(check_profile, sources) == [f"Outside the profile OWL 2 RL: {fault}."]


def test_it_is_found_where_it_stands(tmp_path: Path) -> None:
    sources = project(tmp_path, f":A a owl:Class .\n:A rdfs:subClassOf :B,\n  {UNION} .")
    assert list(lines(check_profile(sources))) == [3]


def test_an_expression_within_itself_is_read_once(tmp_path: Path) -> None:
    axiom = ":A rdfs:subClassOf _:x . _:x owl:intersectionOf ( :B _:x ) ."
    assert messages(check_profile, project(tmp_path, axiom)) == []
