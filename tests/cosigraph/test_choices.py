# SPDX-License-Identifier: Apache-2.0
"""The choices of parameters with their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cosigraph.choices import Choice, choice_order, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reine-Claude", "reine claude"),
        ("cyber-crime", "Cybercrime"),
        ("Schöner aus Boskoop", "SCHONER AUS BOSKOOP"),
        ("Straße", "strasse"),
        ("Côte d\u2019Ivoire", "cote d'ivoire"),
        ("ﬁeld", "field"),
        ("new\u00a0psychoactive\u2011substances", "new psychoactive substances"),
        ("ΜΆΓΟΣ", "μαγος"),
    ],
)
def test_names_that_differ_in_case_accents_spaces_or_hyphens_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_in_letters_digits_or_signs_are_two() -> None:
    assert len({fold(text) for text in ("A-1", "A-11", "A/1", "B-1", "A.1", "C", "C++")}) == 7


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_codes_come_first_and_numbers_by_their_size() -> None:
    def choice(code: str | None, label: str | None = None) -> Choice:
        return Choice(NamedNode(f"urn:x:{code}{label}"), code, label)

    given_order = [
        choice(None, "b"),
        choice("A-10"),
        choice(None, "A"),
        choice("B-1"),
        choice("A-9"),
        choice("10"),
        choice("9"),
    ]
    ordered = sorted(given_order, key=choice_order)
    assert [each.code or each.label for each in ordered] == [
        "9", "10", "A-9", "A-10", "B-1", "A", "b",
    ]  # fmt: skip


def test_a_literal_has_no_identifier() -> None:
    assert Choice(Literal("agency")).iri is None
    assert Choice(Literal("agency")).value == "agency"
    assert Choice(NamedNode("urn:a:b")).iri == "urn:a:b"
