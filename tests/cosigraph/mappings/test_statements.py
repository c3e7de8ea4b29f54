# SPDX-License-Identifier: Apache-2.0
"""What mapping sets state as RDF, and how they are chosen and joined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.errors import UsageError
from cosigraph.mappings import (
    Choice,
    MappingSet,
    joined,
    mappings_as_turtle,
    read_sssom,
    statements,
    write_sssom,
)
from cosigraph.mappings.files import read_mappings
from cosigraph.terms import Prefixes
from tests.cosigraph.mappings.conftest import HEADER, sssom

PREFIXES = Prefixes({"tree": "https://orchard.example/id/tree/"})
TREES = read_sssom(sssom(), Path("trees.sssom.tsv"))
SHRUBS = read_sssom(
    sssom(HEADER.replace("mapping/trees", "mapping/shrubs"))
    .replace("tree:apple", "tree:box")
    .replace("tree:pear", "tree:yew"),
    Path("shrubs.sssom.tsv"),
)
NODE = "https://orchard.example/id/mapping/trees/tree-apple/register-7"


def values(name: str) -> list[object]:
    return [
        triple.object
        for triple in statements([TREES])
        if triple.subject == NamedNode(NODE) and triple.predicate.value == name
    ]


def test_each_mapping_is_stated_plainly_too() -> None:
    plain = Triple(
        NamedNode("https://orchard.example/id/tree/apple"),
        NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
        NamedNode("https://register.example/7"),
    )
    assert plain in set(statements([TREES]))


def test_a_slot_of_the_files_own_has_its_property_and_datatype() -> None:
    date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    assert values("https://orchard.example/ontology#until") == [
        Literal("2012-12-31", datatype=date)
    ]


def test_confidence_is_a_number() -> None:
    (value,) = values("https://w3id.org/sssom/confidence")
    assert value == Literal("0.9", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#double"))


def test_no_node_is_blank() -> None:
    assert not any(isinstance(term, BlankNode) for triple in statements([TREES]) for term in triple)


def test_the_graph_does_not_depend_on_the_order_of_rows() -> None:
    other = replace(TREES, mappings=tuple(reversed(TREES.mappings)))
    assert mappings_as_turtle([other], {}) == mappings_as_turtle([TREES], {})


def targets(choice: Choice, *sets: MappingSet) -> list[str]:
    chosen = choice.of(sets or [TREES], PREFIXES)
    return [mapping.target for each in chosen for mapping in each.mappings]


def test_everything_is_asked_for_unless_something_is() -> None:
    assert targets(Choice()) == ["register:7", "register:1", "register:8"]


@pytest.mark.parametrize(
    "name", ["apple", "Apple", "tree:apple", "https://orchard.example/id/tree/apple"]
)
def test_a_subject_is_named_in_any_form(name: str) -> None:
    assert targets(Choice(subject=name)) == ["register:7", "register:1"]


@pytest.mark.parametrize("name", ["exactMatch", "skos:exactMatch"])
def test_a_predicate_is_named_in_any_form(name: str) -> None:
    assert targets(Choice(predicate=name)) == ["register:7", "register:8"]


def test_what_does_not_say_how_sure_it_is_is_left_out() -> None:
    assert targets(Choice(least_confidence=0.5)) == ["register:7", "register:1"]
    assert targets(Choice(least_confidence=0.51)) == ["register:7"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(subject="appel"), "No mapping has the subject 'appel'. Did you mean 'apple'?"),
        (Choice(subject="tree:appel"), "Did you mean 'tree:apple'?"),
        (Choice(predicate="exactmatch"), "Did you mean 'exactMatch'?"),
        (Choice(vocabulary="registry"), "Did you mean 'register'?"),
    ],
)
def test_a_name_that_no_mapping_has_is_told_with_the_nearest(choice: Choice, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        choice.of([TREES], PREFIXES)
    assert message in str(caught.value)


def test_sets_are_joined_into_one_that_is_read_again() -> None:
    text = write_sssom(joined([TREES, SHRUBS]))
    again = read_sssom(text, Path("all.sssom.tsv"))
    assert again.identifier == "https://orchard.example/id/mapping"
    assert len(again.mappings) == 6
    assert again.extensions == TREES.extensions
    assert "mapping_set_title" not in again.header


def test_sets_whose_prefixes_disagree_are_not_joined() -> None:
    other = read_sssom(
        sssom(HEADER.replace("https://register.example/", "https://other.example/")),
        Path("other.sssom.tsv"),
    )
    with pytest.raises(UsageError, match="The prefix 'register' means different things"):
        joined([TREES, other])


def test_nothing_is_no_set() -> None:
    with pytest.raises(UsageError, match="No mapping is left"):
        joined([])


def test_candidates_are_told_by_the_name_of_their_file(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "links"
    folder.mkdir(parents=True)
    (folder / "trees.sssom.tsv").write_text(sssom(), encoding="utf-8")
    (folder / "tree-candidates.sssom.tsv").write_text(sssom(), encoding="utf-8")
    files = read_mappings(tmp_path)
    assert [each.path.name for each in files.confirmed] == ["trees.sssom.tsv"]
    assert [each.path.name for each in files.candidates] == ["tree-candidates.sssom.tsv"]
