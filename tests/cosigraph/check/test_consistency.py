# SPDX-License-Identifier: Apache-2.0
"""Contradictions, and the statements that make them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosigraph.check.consistency import check_consistency
from tests.cosigraph.check.rules_of import PREFIXES, messages, project, sources_of
from tests.cosigraph.check.test_circles import reachable
from tests.cosigraph.check.test_vocabularies import READINGS

APART = ":Tree a owl:Class ; owl:disjointWith :Grower . :Grower a owl:Class .\n"


@pytest.mark.parametrize(
    ("ontology", "data"),
    [
        ("", "tree:1 a :Tree, :Grower ."),
        (":Oak rdfs:subClassOf :Tree .", "tree:1 a :Oak, :Grower ."),
        (":Oak owl:equivalentClass :Tree .", "tree:1 a :Oak, :Grower ."),
        (":Oak owl:intersectionOf ( :Tree :Big ) .", "tree:1 a :Oak, :Grower ."),
        (":Tree owl:unionOf ( :Oak :Elm ) .", "tree:1 a :Oak, :Grower ."),
        (":Oak owl:complementOf :Elm .", "tree:1 a :Oak, :Elm ."),
        (":Plant owl:disjointUnionOf ( :Oak :Elm ) .", "tree:1 a :Oak, :Elm ."),
        ("[] a owl:AllDisjointClasses ; owl:members ( :Oak :Elm :Ash ) .", "tree:1 a :Elm, :Ash ."),
        (":height rdfs:domain :Tree .", "tree:1 :height 5 ; a :Grower ."),
        (
            ":h rdfs:subPropertyOf :height . :height rdfs:domain :Tree .",
            "tree:1 :h 5 ; a :Grower .",
        ),
        (":grows rdfs:range :Tree .", "tree:1 a :Grower ; :grows tree:1 ."),
        (":grows rdfs:range :Tree ; owl:inverseOf :by .", "tree:1 a :Grower ; :by tree:2 ."),
        (":height rdfs:domain owl:Nothing .", "tree:1 :height 5 ."),
        (
            ":Oak rdfs:subClassOf [ owl:onProperty :height ; owl:minCardinality 1 ] .\n"
            ":height rdfs:domain :Tree .",
            "tree:1 a :Oak, :Grower .",
        ),
        ("", "tree:1 a :Tree ; owl:sameAs tree:2 . tree:2 a :Grower ."),
        (
            ":of a owl:FunctionalProperty .",
            "tree:1 :of tree:2, tree:3 . tree:2 a :Tree . tree:3 a :Grower .",
        ),
        (
            ":of a owl:FunctionalProperty .",
            "tree:1 :of tree:2, tree:3 . tree:2 owl:differentFrom tree:3 .",
        ),
        (
            ":tag a owl:InverseFunctionalProperty .",
            "tree:1 :tag 5 . tree:2 :tag 5 ; owl:differentFrom tree:1 .",
        ),
        (":n a owl:FunctionalProperty .", 'tree:1 :n "a", "b" .'),
        (":n a owl:FunctionalProperty .", 'tree:1 :n "a"@en, "a"@fr .'),
        (":n a owl:FunctionalProperty .", 'tree:1 :n "1", 1 .'),
        (":m rdfs:subPropertyOf :n . :n a owl:FunctionalProperty .", "tree:1 :n 1 ; :m 2 ."),
        (":p a owl:IrreflexiveProperty .", "tree:1 :p tree:1 ."),
        (":p a owl:AsymmetricProperty .", "tree:1 :p tree:2 . tree:2 :p tree:1 ."),
        (":p owl:propertyDisjointWith :q .", "tree:1 :p tree:2 ; :q tree:2 ."),
        ("[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .", "tree:1 :q 5 ; :r 5 ."),
        (
            "",
            "[] a owl:AllDifferent ; owl:distinctMembers ( tree:1 tree:2 ) .\n"
            "tree:1 owl:sameAs tree:2 .",
        ),
        ("", "tree:1 owl:differentFrom tree:1 ."),
    ],
)
def test_a_contradiction_is_found_once(tmp_path: Path, ontology: str, data: str) -> None:
    assert len(messages(check_consistency, project(tmp_path, APART + ontology, data))) == 1


@pytest.mark.parametrize(
    ("ontology", "data"),
    [
        (":Oak rdfs:subClassOf :Tree .", "tree:1 a :Oak, :Tree . tree:2 a :Grower ."),
        (":grows rdfs:range :Tree .", 'tree:1 a :Grower ; :grows "a tree" .'),
        (":n a owl:FunctionalProperty .", "tree:1 :n 1, 01, 1.0 . tree:2 :n 2 ."),
        (":n a owl:FunctionalProperty .", 'tree:1 :n "x"^^:colour, "y"^^:colour .'),
        (":n a owl:FunctionalProperty .", "tree:1 :n tree:2, tree:3 ."),  # the same, then
        (":p a owl:AsymmetricProperty .", "tree:1 :p tree:2 . tree:2 :p tree:3 ."),
        (":p owl:propertyDisjointWith :q .", "tree:1 :p tree:2 . tree:2 :q tree:1 ."),
        (
            ":Oak rdfs:subClassOf [ owl:onProperty :height ; owl:minCardinality 0 ] .\n"
            ":height rdfs:domain :Tree .",
            "tree:1 a :Oak, :Grower .",
        ),
        ("", "tree:1 owl:sameAs tree:2 . tree:2 owl:differentFrom tree:3 ."),
    ],
)
def test_nothing_is_concluded_from_what_is_not_said(
    tmp_path: Path, ontology: str, data: str
) -> None:
    assert messages(check_consistency, project(tmp_path, APART + ontology, data)) == []


def test_a_finding_lists_its_reasons_with_their_places(tmp_path: Path) -> None:
    data = "tree:1 a :Grower .\ntree:1 :height 5 .\ntree:2 a :Grower ; :height 6 ."
    (finding,) = check_consistency(project(tmp_path, f"{APART}:height rdfs:domain :Tree .", data))
    assert finding.message == (
        "tree:1 (and 1 more) would be in orch:Grower and in orch:Tree, which are disjoint."
    )
    assert finding.detail is not None
    assert finding.detail.splitlines() == [
        "tree:1 rdf:type orch:Grower  (data/data.ttl:8)",
        'tree:1 orch:height "5"^^<http://www.w3.org/2001/XMLSchema#integer>  (data/data.ttl:9)',
        "orch:height rdfs:domain orch:Tree  (ontology/ontology.ttl:9)",
        "orch:Tree owl:disjointWith orch:Grower  (ontology/ontology.ttl:8)",
    ]


def test_an_unsatisfiable_class_is_told_and_those_below_it_counted(tmp_path: Path) -> None:
    ontology = (
        f"{APART}:Ent a owl:Class ; rdfs:subClassOf :Tree, :Grower .\n"
        ":Entwife a owl:Class ; rdfs:subClassOf :Ent . :Twin a owl:Class ; "
        "owl:equivalentClass :Ent ."
    )
    assert messages(check_consistency, project(tmp_path, ontology)) == [
        "orch:Ent can have no member, nor can the class below it: it would be in orch:Tree and in "
        "orch:Grower, which are disjoint.",
        "orch:Twin can have no member, nor can the class below it: it would be in orch:Tree and in "
        "orch:Grower, which are disjoint.",
    ]


def test_readings_are_checked_one_by_one(tmp_path: Path) -> None:
    sources = project(tmp_path, APART, "tree:1 a :Tree .")
    assert messages(check_consistency, sources) == []
    other = tmp_path / "data" / "other.ttl"
    configuration = tmp_path / "cosigraph.toml"
    graphs = '[[graph]]\nname = "ontology"\nfiles = ["ontology/*"]\n' + READINGS
    configuration.write_text(configuration.read_text() + graphs)
    other.write_text(f"{PREFIXES}tree:1 a :Grower .")
    assert messages(check_consistency, sources_of(tmp_path)) == []
    other.write_text(f"{PREFIXES}tree:1 a :Grower, :Tree .")
    (finding,) = check_consistency(sources_of(tmp_path))
    assert finding.reading == "other"


PAIRS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=8)


@settings(deadline=None)
@given(same=PAIRS, different=st.tuples(st.integers(1, 6), st.integers(1, 6)))
def test_things_are_the_same_along_any_way(
    same: list[tuple[int, int]], different: tuple[int, int]
) -> None:
    data = " ".join(f"tree:{one} owl:sameAs tree:{other} ." for one, other in same)
    one, other = different
    both_ways = [(str(a), str(b)) for a, b in same] + [(str(b), str(a)) for a, b in same]
    expected = one == other or (str(one), str(other)) in reachable(both_ways)
    with TemporaryDirectory() as folder:
        sources = project(Path(folder), "", f"{data} tree:{one} owl:differentFrom tree:{other} .")
        assert bool(messages(check_consistency, sources)) is expected


CLASSES = "ABCDE"


@settings(deadline=None)
@given(
    below=st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)), max_size=6),
    apart=st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)),
    types=st.sets(st.sampled_from(CLASSES), min_size=1),
)
def test_a_thing_is_of_all_classes_above_its_own(
    below: list[tuple[str, str]], apart: tuple[str, str], types: set[str]
) -> None:
    ontology = " ".join(f":{one} rdfs:subClassOf :{other} ." for one, other in below)
    ontology += f" :{apart[0]} owl:disjointWith :{apart[1]} ."
    closure = reachable(below)
    all_types = types | {up for low, up in closure if low in types}
    expected = apart[0] in all_types and (
        apart[0] == apart[1] or set(apart) in map(set, combinations(sorted(all_types), 2))
    )
    data = f"tree:1 a {', '.join(f':{name}' for name in sorted(types))} ."
    with TemporaryDirectory() as folder:
        sources = project(Path(folder), ontology, data)
        assert bool(messages(check_consistency, sources)) is expected
