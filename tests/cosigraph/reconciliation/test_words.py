# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.reconciliation.words import expanded, initials, parts, words


def stems(text: str) -> list[str]:
    return [word.stem for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Organized crime", "organised crimes"),
        ("the U.K.", "The UK"),
        ("agencies", "agency"),
        ("Österreich", "osterreich"),
        ("Greek\u2013Turkish border", "Greek/Turkish border"),
        ("Northern Africa", "north africa"),
        ("Member States' authorities", "member states authority"),
        ("\u202eEuropol\u202c", "Europol"),
        ("Euro\u00adpol", "Euro pol"),
    ],
)
def test_spellings_of_the_same_words_are_the_same(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_words_of_other_scripts_are_words() -> None:
    assert stems("Ελλάδα") == ["ελλαδα"]
    assert stems("\u0627\u0648\u0631\u0648") == ["\u0627\u0648\u0631\u0648"]


@pytest.mark.parametrize("text", ["", "-", "...", "\0\x07", "\u202e"])
def test_what_has_no_word_has_none(text: str) -> None:
    assert stems(text) == []


def test_only_what_is_written_as_an_acronym_is_expanded() -> None:
    known = {"ocg": ("organised", "crime", "group"), "us": ("united", "state")}
    assert expanded(words("Albanian OCGs"), known) == ("albanian", "organised", "crime", "group")
    assert expanded(words("let us see"), known) == ("let", "us", "see")


def test_initials_leave_out_words_that_say_nothing() -> None:
    assert initials(("standing", "committee", "on", "internal", "security")) == "scis"
    assert not initials(("european", "union"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("European Police College (CEPOL)", ("European Police College", "CEPOL")),
        ("Europol \u2013 The Hague", ("Europol", "The Hague")),
        ("Netherlands (the)", ("Netherlands",)),
        ("Europol", ()),
        ("Greek-Turkish border", ()),
        ("()", ()),
    ],
)
def test_brackets_and_dashes_part_a_name(text: str, expected: tuple[str, ...]) -> None:
    assert parts(text) == expected


@given(st.text(max_size=80))
def test_any_text_is_taken_apart(text: str) -> None:
    assert all(word.stem for word in words(text))
    assert all(part.strip() for part in parts(text))
