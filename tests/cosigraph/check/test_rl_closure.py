# SPDX-License-Identifier: Apache-2.0
"""What only the rules of OWL 2 RL find."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check import rl_closure
from cosigraph.check.consistency import check_consistency
from tests.cosigraph.check.rules_of import messages, project

ONLY_TREES = """
:Tree a owl:Class . :Shrub a owl:Class ; owl:disjointWith :Tree .
:Orchard a owl:Class ; rdfs:subClassOf [ owl:onProperty :grows ; owl:allValuesFrom :Tree ] ,
    [ owl:onProperty :grows ; owl:hasValue :hazel ] .
:hazel a :Shrub .
"""


def test_a_class_that_only_rules_find_to_be_empty(tmp_path: Path) -> None:
    (message,) = messages(check_consistency, project(tmp_path, ONLY_TREES))
    assert message == (
        "orch:Orchard can have no member. Of one it would follow: Disjoint classes orch:Shrub and "
        "orch:Tree have a common individual orch:hazel."
    )


def test_a_class_whose_member_would_be_in_two_disjoint_ones(tmp_path: Path) -> None:
    ontology = """
    :Tree a owl:Class ; owl:disjointWith :Shrub . :Shrub a owl:Class .
    :Stump a owl:Class ; rdfs:subClassOf :Tree, [ owl:onProperty :height ; owl:hasValue 3 ] .
    [ owl:onProperty :height ; owl:hasValue 3 ] rdfs:subClassOf :Shrub .
    """
    (message,) = messages(check_consistency, project(tmp_path, ontology))
    assert message.startswith("orch:Stump can have no member. Of one it would follow:")
    assert "a member of orch:Stump" in message


def test_a_class_that_cannot_have_the_value_it_must_have(tmp_path: Path) -> None:
    ontology = """
    :Stump a owl:Class ; rdfs:subClassOf [ owl:onProperty :height ; owl:hasValue 3 ],
        [ owl:onProperty :height ; owl:maxCardinality 0 ] .
    """
    (message,) = messages(check_consistency, project(tmp_path, ontology))
    assert message.endswith("usage of maximum cardinality with a class expression and 3.")


def test_a_large_ontology_is_left_to_the_rules_of_linear_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rl_closure, "LARGEST", 5)
    assert messages(check_consistency, project(tmp_path, ONLY_TREES)) == []


def test_what_is_no_well_formed_owl_is_told(tmp_path: Path) -> None:
    ontology = ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality :B ] . :a a :A ; :p 1 ."
    (message,) = messages(check_consistency, project(tmp_path, ontology))
    assert message.startswith("The rules of OWL 2 RL cannot be run, as an axiom is not well-formed")
