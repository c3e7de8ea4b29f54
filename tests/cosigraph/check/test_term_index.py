# SPDX-License-Identifier: Apache-2.0
"""Which terms are defined, and which are used where."""

from __future__ import annotations

from pathlib import Path

from cosigraph.check.term_index import Kind, TermIndex
from tests.cosigraph.check.rules_of import project

ORCH = "https://orchard.example/ontology#"


def index(folder: Path, ontology: str, data: str = "") -> TermIndex:
    return project(folder, ontology, data).terms


def test_the_members_of_lists_are_used(tmp_path: Path) -> None:
    found = index(tmp_path, ":A owl:intersectionOf ( :B [ owl:unionOf ( :C :D ) ] ) .")
    used = {use.term for use in found.uses if Kind.CLASS in use.kinds}
    assert {ORCH + name for name in "BCD"} <= used


def test_a_list_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    found = index(
        tmp_path,
        ":A owl:unionOf _:x . _:x rdf:first :B ; rdf:rest _:x .".replace(
            "rdf:", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        )
        .replace("#first", "#first>")
        .replace("#rest", "#rest>"),
    )
    assert [use.count for use in found.uses if use.term == f"{ORCH}B"] == [1]


def test_uses_are_counted_and_the_first_is_kept(tmp_path: Path) -> None:
    found = index(tmp_path, "", "tree:1 :height 5, 6 .\ntree:2 :height 7 .")
    (use,) = (use for use in found.uses if use.term == f"{ORCH}height")
    assert (use.count, str(use.statement.triple.object)) == (
        3,
        '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
    )


def test_what_a_term_is_and_what_takes_its_place(tmp_path: Path) -> None:
    found = index(
        tmp_path,
        ":A a rdfs:Class, owl:DeprecatedClass ; dcterms:isReplacedBy :B .\n"
        ":p a owl:TransitiveProperty ; owl:deprecated false .\n:d a rdfs:Datatype .",
    )
    assert {name.removeprefix(ORCH): kinds for name, kinds in found.kinds.items()} == {
        "A": {Kind.CLASS},
        "p": {Kind.PROPERTY},
        "d": {Kind.DATATYPE},
    }
    assert found.deprecated == {f"{ORCH}A"}
    assert found.replaced_by == {f"{ORCH}A": [f"{ORCH}B"]}
