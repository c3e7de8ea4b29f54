# SPDX-License-Identifier: Apache-2.0
"""The vocabulary in use is counted, and no term of the ontology is unused."""

from __future__ import annotations

from collections.abc import Iterator

from cosigraph import Project
from tests.content.queries.asking import ask


def test_the_vocabulary_in_use_has_the_counts_of_the_data(shipped: Project) -> None:
    uses = {str(row.term).rpartition("#")[2]: row.uses for row in ask(shipped, "vocabulary-in-use")}
    assert (uses["Priority"], uses["Goal"], uses["SharedGoal"]) == (8, 55, 6)
    assert (uses["sharedBy"], uses["RoleAssignment"], uses["TextBlock"]) == (39, 44, 172)
    assert uses["Mention"] == len(ask(shipped, "mentions"))


def vocabulary(shipped: Project) -> Iterator[str]:
    """The classes and properties that the project's own ontology defines."""
    for kind in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"):
        answer = shipped.query(
            "SELECT ?term { ?ontology a owl:Ontology ; owl:versionInfo ?version . "
            f"?term a {kind} ; rdfs:isDefinedBy ?ontology }}"
        )
        yield from (str(row[0])[1:-1] for row in answer.rows())


def test_the_data_uses_every_term_of_the_ontology(shipped: Project) -> None:
    used = {row.term for row in ask(shipped, "vocabulary-in-use")}
    assert [term for term in vocabulary(shipped) if term not in used] == []
