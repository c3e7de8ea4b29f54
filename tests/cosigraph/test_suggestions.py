# SPDX-License-Identifier: Apache-2.0
"""What somebody is told who gave a name that is not there."""

from __future__ import annotations

from cosigraph.suggestions import did_you_mean, suggestion_sentence


def test_a_near_word_is_found_whatever_its_case() -> None:
    assert did_you_mean("GOLAS", ["goals", "roles"]) == "goals"


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert did_you_mean("xyz", ["goals", "roles"]) is None


def test_the_sentence_names_the_near_choice() -> None:
    assert suggestion_sentence("golas", ["goals", "roles"]) == "Did you mean 'goals'?"


def test_the_sentence_lists_the_choices_when_none_is_near() -> None:
    assert suggestion_sentence("xyz", ["goals", "roles"]) == "Known: goals, roles."


def test_a_long_list_is_cut_and_says_so() -> None:
    sentence = suggestion_sentence("xyz", [f"name{number}" for number in range(11)])
    assert sentence.endswith("name7 and 3 more.")


def test_nothing_is_said_when_there_is_no_choice() -> None:
    assert suggestion_sentence("xyz", []) == ""
