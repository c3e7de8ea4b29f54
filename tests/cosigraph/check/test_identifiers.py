# SPDX-License-Identifier: Apache-2.0
"""The form of identifiers."""

from __future__ import annotations

from pathlib import Path

from cosigraph.check.identifiers import check_identifiers
from tests.cosigraph.check.rules_of import lines, project


def test_many_of_one_namespace_are_told_in_part(tmp_path: Path) -> None:
    data = "\n".join(f"tree:T{n:03} :height {n} ." for n in range(500))
    findings = list(check_identifiers(project(tmp_path, "", data)))
    assert list(lines(findings)) == list(range(1, 21))
    assert findings[-1].message.endswith("nor have 480 more beside it.")


def test_terms_and_their_ontology_have_names_of_their_own(tmp_path: Path) -> None:
    ontology = "<https://orchard.example/ontology#> a owl:Ontology . :Tree a owl:Class ."
    assert list(check_identifiers(project(tmp_path, ontology))) == []


def test_a_plain_name_is_proposed(tmp_path: Path) -> None:
    (finding,) = check_identifiers(project(tmp_path, "", "tree:OldOak_2 :height 3 ."))
    assert finding.advice is not None
    assert finding.advice.startswith("Name it <https://orchard.example/id/tree/old-oak-2>, or")


def test_things_may_stand_beside_terms_that_have_no_namespace_of_their_own(tmp_path: Path) -> None:
    ontology = "<https://orchard.example/BigTree> a owl:Class ."
    data = "<https://orchard.example/Old_Oak> a <https://orchard.example/BigTree> ."
    (finding,) = check_identifiers(project(tmp_path, ontology, data))
    assert "Old_Oak" in finding.message
