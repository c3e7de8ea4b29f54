# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import Project, open_project
from cosigraph.reconciliation import (
    Decision,
    Matcher,
    Named,
    Strictness,
    Thing,
    collect,
    decision_of,
)
from cosigraph.reconciliation.matching import LONGEST_NAME, MATCH_SCORE, How
from cosigraph.terms import SKOS
from cosigraph.vocabulary import OWL
from tests.conftest import ROOT

LABEL, OTHER, CODE = (SKOS + name for name in ("prefLabel", "altLabel", "notation"))
FRUIT, TREE, ORCHARD = "a:Fruit", "a:Tree", "a:Orchard"


def thing(iri: str, label: str, *others: str, code: str = "", types: tuple[str, ...] = ()) -> Thing:
    codes = [Named(CODE, code, "", 0)] if code else []
    names = [Named(LABEL, label, "en", 1), *(Named(OTHER, other, "en", 2) for other in others)]
    return Thing(iri, (*codes, *names), types)


THINGS = (
    thing("a:russet", "Egremont Russet", "ER apple", code="R", types=(FRUIT,)),
    thing("a:group", "old orchard growers", "OOG", types=(ORCHARD,)),
    thing("a:northern", "Northern old orchard growers", types=(ORCHARD,)),
    thing("a:medlar", "Medlar", types=(FRUIT, TREE)),
    thing("a:medlar-tree", "Medlar", types=(TREE,)),
    thing("a:quince", "Quince", "it", code="QU", types=(FRUIT,)),
    thing("a:Fruit", "fruit", types=(OWL + "Class",)),
    thing("a:association", "Association of Old Growers of Pears", types=(ORCHARD,)),
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    prefixes = {"x:russet": "a:russet"}
    return Matcher(THINGS, prefixes.get)


@pytest.mark.parametrize(
    ("name", "iri", "how"),
    [
        ("Egremont Russet", "a:russet", How.EXACT),
        ("R", "a:russet", How.EXACT),
        ("egremont-russet", "a:russet", How.FOLDED),
        ("Russet Egremont", "a:russet", How.WORDS),
        ("Egremnot Russet", "a:russet", How.MISSPELT),
        ("the Egremont Russets", "a:russet", How.WORDS),
        ("Quince (QU)", "a:quince", How.EXACT),
        ("OOGs", "a:group", How.WORDS),
        ("northern OOGs", "a:northern", How.WORDS),
        ("AOGP", "a:association", How.ACRONYM),
        ("Egre montrusset", "a:russet", How.FOLDED),
        ("x:russet", "a:russet", How.IDENTIFIER),
        ("<a:russet>", "a:russet", How.IDENTIFIER),
        ("a:Fruit", "a:Fruit", How.IDENTIFIER),
    ],
)
def test_a_name_is_found_and_it_is_told_how(
    matcher: Matcher, name: str, iri: str, how: How
) -> None:
    first = matcher.match(name)[0]
    assert (first.thing.iri, first.how) == (iri, how)


def test_which_name_was_found_is_told(matcher: Matcher) -> None:
    first = matcher.match("er APPLE")[0]
    assert (first.name.property, first.name.text, first.name.language) == (OTHER, "ER apple", "en")


def test_a_slip_is_decided_but_another_letter_in_one_word_is_not(matcher: Matcher) -> None:
    assert matcher.match("Quinnce")[0].is_match is False  # six letters tell too little
    assert matcher.match("Egremont Russset")[0].is_match
    other = matcher.match("Medler", [TREE])
    assert other[0].score < MATCH_SCORE
    assert not other[0].is_match


def test_namesakes_are_not_decided_unless_a_type_tells_them_apart(matcher: Matcher) -> None:
    both = matcher.match("Medlar")
    assert {each.thing.iri for each in both} == {"a:medlar", "a:medlar-tree"}
    assert (both[0].is_match, both[0].namesakes) == (False, 1)
    only = matcher.match("Medlar", [FRUIT])
    assert [each.thing.iri for each in only] == ["a:medlar"]
    assert only[0].is_match


def test_what_types_mean_is_chosen(matcher: Matcher) -> None:
    every = matcher.match("Medlar", [FRUIT, TREE], strictness=Strictness.ALL)
    assert [each.thing.iri for each in every] == ["a:medlar"]
    either = matcher.match("Medlar", [FRUIT, TREE], strictness=Strictness.ANY)
    assert len(either) == 2
    rather = matcher.match("Egremont Russet", [TREE], strictness=Strictness.SHOULD)
    assert [each.thing.iri for each in rather] == ["a:russet"]
    assert (rather[0].is_of_type, rather[0].is_match) == (False, False)
    assert not matcher.match("Egremont Russet", [TREE])


def test_classes_are_found_only_by_their_type(matcher: Matcher) -> None:
    assert not matcher.match("fruit")
    assert [each.thing.iri for each in matcher.match("fruit", [OWL + "Class"])] == ["a:Fruit"]


@pytest.mark.parametrize("name", ["r", "qu"])
def test_a_code_in_small_letters_is_a_word_first(matcher: Matcher, name: str) -> None:
    assert not matcher.match(name)[0].is_match


def test_a_code_of_one_letter_is_never_decided(matcher: Matcher) -> None:
    assert not matcher.match("R")[0].is_match
    assert matcher.match("QU")[0].is_match


@pytest.mark.parametrize("name", ["Egremont Castle", "Southern old orchard growers", "Medusa"])
def test_another_telling_word_is_another_thing(matcher: Matcher, name: str) -> None:
    assert not any(each.is_match for each in matcher.match(name))


@pytest.mark.parametrize("name", ["", " \n", "-", "\0", "!" * 500, "x" * (LONGEST_NAME + 1)])
def test_what_is_no_name_has_no_candidate(matcher: Matcher, name: str) -> None:
    assert decision_of(matcher.match(name)) is Decision.NONE


def test_a_name_of_too_many_words_is_compared_as_a_whole(matcher: Matcher) -> None:
    assert matcher.match(" ".join(["orchard"] * 100)) == []


@given(st.text(max_size=60), st.integers(1, 5))
def test_whatever_the_name_scores_fall_and_only_the_first_is_decided(name: str, limit: int) -> None:
    found = Matcher(THINGS).match(name, limit=limit)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert len(found) <= limit
    assert not any(each.is_match for each in found[1:])


@given(st.sampled_from(THINGS[:6]), st.data())
def test_every_name_of_a_thing_finds_it(named: Thing, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(named.names)).text
    spelt = data.draw(st.sampled_from([name, f"  {name} ", f"{name}.", name.title()]))
    assert named.iri in {each.thing.iri for each in Matcher(THINGS).match(spelt)}


def test_what_a_project_names_is_collected_with_wider_types() -> None:
    collected = collect(open_project(ROOT / "tests" / "projects" / "orchard"))
    by_iri = {each.iri: each for each in collected.things}
    greengage = by_iri["https://orchard.example/id/variety/reine-claude"]
    assert greengage.label == "Greengage"
    assert {name.text for name in greengage.names} >= {"G", "Reine-Claude", "Green gage"}
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" in collected.properties


def test_names_come_from_the_properties_that_the_project_configures(shipped: Project) -> None:
    properties = {name.property for each in collect(shipped).things for name in each.names}
    assert properties <= set(shipped.configuration.names)


def test_a_thing_survives_being_written_as_lists() -> None:
    assert [Thing.decode(each.encode()) for each in THINGS] == list(THINGS)
