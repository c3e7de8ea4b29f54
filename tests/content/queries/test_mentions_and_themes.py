# SPDX-License-Identifier: Apache-2.0
"""Mentions, roles and themes are counted as they are listed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from cosigraph import Project
from tests.content.queries.asking import LETTERS, ask


def test_a_thing_of_two_kinds_is_mentioned_under_the_narrower_one(shipped: Project) -> None:
    kinds: dict[object, set[object]] = {}
    for row in ask(shipped, "mentions"):
        kinds.setdefault(row.thing, set()).add(row.kind)
    assert {len(found) for found in kinds.values()} == {1}
    by_label = {row.label: row.kind for row in ask(shipped, "mentions")}
    assert by_label["Council Decision 2005/387/JHA"] == "document"
    assert by_label["Turkey"] == "country"
    assert by_label["Europol"] == "actor"


def test_actors_have_as_many_mentions_as_are_listed(shipped: Project) -> None:
    mentions = [row.thing for row in ask(shipped, "mentions")]
    actors = ask(shipped, "actors")
    assert {row.actor: row.mentions for row in actors} == {
        row.actor: mentions.count(row.actor) for row in actors
    }


def test_the_roles_of_actors_are_those_on_priorities_and_in_the_preparation(
    shipped: Project,
) -> None:
    roles = {row.actor: set(row.roles) for row in ask(shipped, "actors")}
    for row in ask(shipped, "roles"):
        assert row.role in roles[row.actor]
    assert {row.label: row.roles for row in ask(shipped, "actors")}["European Commission"] == (
        "organiser",
    )


def themes_of(project: Project) -> dict[str, set[str]]:
    themes: dict[str, set[str]] = {}
    for row in ask(project, "goals-by-theme"):
        themes.setdefault(str(row.goal)[0], set()).add(row.label)
    return themes


def test_likeness_is_the_jaccard_index_of_the_themes(shipped: Project) -> None:
    themes = themes_of(shipped)
    alike = {(row.priorityA, row.priorityB): row for row in ask(shipped, "priorities-alike")}
    assert set(alike) == set(combinations(LETTERS, 2))
    for (a, b), row in alike.items():
        common, either = themes[a] & themes[b], themes[a] | themes[b]
        index = (Decimal(len(common)) / len(either)).quantize(Decimal("0.001"), ROUND_HALF_UP)
        assert (set(row.sharedThemes), row.similarity) == (common, index)


def test_themes_are_counted_in_priorities_and_goals(shipped: Project) -> None:
    rows = ask(shipped, "goals-by-theme")
    for row in ask(shipped, "themes-across-priorities"):
        goals = {each.goal for each in rows if each.theme == row.theme}
        assert row.goalCount == len(goals)
        assert row.priorities == tuple(sorted({goal[0] for goal in goals}))


def test_actors_are_named_together_where_both_hold_a_role(shipped: Project) -> None:
    held: dict[str, set[str]] = {}
    for row in ask(shipped, "roles"):
        held.setdefault(row.actor, set()).add(row.priority)
    expected = {
        (a, b): tuple(sorted(both))
        for a, b in combinations(sorted(held), 2)
        if (both := held[a] & held[b])
    }
    together = ask(shipped, "named-on-the-same-priority")
    assert {(row.actorA, row.actorB): row.priorities for row in together} == expected
