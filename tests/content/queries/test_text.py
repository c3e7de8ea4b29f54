# SPDX-License-Identifier: Apache-2.0
"""Words are found in the text, in any spelling."""

from __future__ import annotations

import pytest

from cosigraph import Project
from tests.content.queries.asking import ask


def found(project: Project, words: str) -> list[str]:
    """Codes of goals and priorities, names of other blocks, that say the words."""
    rows = ask(project, "find-text", words=words)
    return [row.code or str(row.block).rpartition("/")[2] for row in rows]


@pytest.mark.parametrize(
    ("spellings", "blocks"),
    [
        (
            ("asset recovery", "ASSET RECOVERY", " Asset  recovery. "),
            ["shared-goal-6", "A-5", "F-6"],
        ),
        (("database", "databases", "data base", "data-bases"), ["C-7", "E-4"]),
        (("centre", "Center"), ["B", "H-4"]),
        (("European Cybercrime Centre", "european cybercrime center (ECC)"), ["H-4"]),
        (
            ("multidisciplinary", "multi-disciplinary", "Multi disciplinary"),
            ["shared-goal-5", "A-5", "F-6", "G-4"],
        ),
        (("proactive approaches", "pro-active approaches"), ["A-5", "F-6", "G-4"]),
        (("public private partnership", "public-private partnerships"), ["shared-goal-5", "H-6"]),
        (("risk-assessment", "risk assessment"), ["D-6"]),
        (("south-eastern criminal", "South Eastern criminal"), ["F", "F-3"]),
        (("West African", "Western African"), ["A-2", "A-6"]),
        (("Western Balkan countries", "Western Balkans countries"), ["B-6", "B-7"]),
        (("International Organizations", "international organisations"), ["E-6"]),
        (
            ("cooperation with third countries", "co-operation with third countries"),
            ["shared-goal-4", "C-3", "D-4", "E-6"],
        ),
        (("EU capacities", "Union capacities", "European Union capacities"), ["H-3"]),
    ],
)
def test_words_are_found_in_any_spelling(
    shipped: Project, spellings: tuple[str, ...], blocks: list[str]
) -> None:
    assert {words: found(shipped, words) for words in spellings} == dict.fromkeys(spellings, blocks)


def test_what_is_found_is_returned_verbatim(shipped: Project) -> None:
    rows = ask(shipped, "find-text", words="cybercrime centre")
    assert "European Cybercrime Center (ECC)" in rows[0].text


@pytest.mark.parametrize("words", ["raffick", "ng", "disciplinary", "in form", "area states"])
def test_words_are_found_from_the_beginning_of_a_word_only(shipped: Project, words: str) -> None:
    assert found(shipped, words) == []


@pytest.mark.parametrize("words", ["", "   ", "…", "|", ".*", "(", "'\"\\", "$"])
def test_signs_are_no_words_and_no_patterns(shipped: Project, words: str) -> None:
    assert found(shipped, words) == []
