# SPDX-License-Identifier: Apache-2.0
"""Shared goals: what is stated, and what the goals show."""

from __future__ import annotations

import pytest

from cosigraph import Project
from tests.content.queries.asking import STRENGTHS, ask, pairs


@pytest.mark.parametrize("name", ["shared-goal-evidence", "evidence-beyond-claims"])
def test_a_strength_means_at_least_this_strong(shipped: Project, name: str) -> None:
    weak, middle, strong = (ask(shipped, name, strength=strength) for strength in STRENGTHS)
    assert middle == [row for row in weak if row.strength != "arguable"]
    assert strong == [row for row in weak if row.strength == "explicit"]
    assert ask(shipped, name) == middle


@pytest.mark.parametrize("strength", STRENGTHS)
def test_claims_and_evidence_part_the_matrix_between_them(shipped: Project, strength: str) -> None:
    matrix = ask(shipped, "shared-goal-matrix", strength=strength)
    claims = pairs(ask(shipped, "claims-without-evidence", strength=strength))
    beyond = set(pairs(ask(shipped, "evidence-beyond-claims", strength=strength)))
    shown = set(pairs(ask(shipped, "shared-goal-evidence", strength=strength)))
    assert claims == pairs([row for row in matrix if row.stated and not row.strongest])
    assert beyond == set(pairs([row for row in matrix if not row.stated and row.strongest]))
    assert shown == set(pairs([row for row in matrix if row.strongest]))
    assert shown.isdisjoint(claims)
    assert shown - beyond | set(claims) == set(pairs([row for row in matrix if row.stated]))


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_matrix_names_the_goals_and_the_strongest_of_them(
    shipped: Project, strength: str
) -> None:
    evidence = ask(shipped, "shared-goal-evidence", strength=strength)
    for row in ask(shipped, "shared-goal-matrix", strength=strength):
        here = [each for each in evidence if pairs([each]) == pairs([row])]
        assert set(row.goals) == {each.goal for each in here}
        assert row.strongest == max(
            (each.strength for each in here), key=STRENGTHS.index, default=None
        )
        assert all(each.stated == row.stated for each in here)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_goals_are_counted_wherever_they_stand(shipped: Project, strength: str) -> None:
    evidence = ask(shipped, "shared-goal-evidence", strength=strength)
    for row in ask(shipped, "goals-shared-across-priorities", strength=strength):
        goals = {each.goal for each in evidence if each.number == row.number}
        assert row.goalCount == len(goals)


def test_the_gap_that_a_close_reader_finds_is_shown(shipped: Project) -> None:
    assert pairs(ask(shipped, "claims-without-evidence")) == [(5, "B")]
