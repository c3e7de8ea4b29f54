# SPDX-License-Identifier: Apache-2.0
"""The parameters of the canned queries mean what they say."""

from __future__ import annotations

import pytest

from cosigraph import Project
from tests.content.queries.asking import GIVEN, LETTERS, QUERIES, ask


@pytest.mark.parametrize(
    "value",
    [
        "B",
        "b",
        "Western Balkans",
        "Priority B: Western Balkans",
        "priority:B",
        "https://w3id.org/cosigraph/id/15850-11/priority/B",
    ],
)
def test_a_priority_is_named_by_letter_name_curie_or_identifier(
    shipped: Project, value: str
) -> None:
    codes = [row.code for row in ask(shipped, "goals", priority=value)]
    assert codes == [f"B-{number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("name", "parameter", "choices"),
    [
        ("goals", "priority", LETTERS),
        ("shared-goal-evidence", "priority", LETTERS),
        ("shared-goal-evidence", "shared_goal", tuple("123456")),
        ("roles", "priority", LETTERS),
        ("roles", "role", ("driver", "co-driver", "supporting agency")),
        ("mentions", "kind", ("actor", "country", "document", "instrument", "place", "role")),
    ],
)
def test_a_parameter_that_is_left_out_means_all(
    shipped: Project, name: str, parameter: str, choices: tuple[str, ...]
) -> None:
    parts = [row for choice in choices for row in ask(shipped, name, **{parameter: choice})]
    everything = ask(shipped, name)
    assert len(parts) == len(everything)
    assert set(parts) == set(everything)


def test_every_choice_of_every_parameter_can_be_asked(shipped: Project) -> None:
    for name, query in QUERIES.items():
        for parameter in query.parameters.values():
            for choice in shipped.resolver.choices(parameter):
                if name not in GIVEN:
                    shipped.run(name, **{parameter.name: choice.iri or choice.value})


def test_a_broad_theme_stands_for_its_narrower_ones(shipped: Project) -> None:
    broad = ask(shipped, "goals-by-theme", theme="criminal finances")
    narrow = [
        row
        for theme in ("asset recovery", "criminal money flows", "financial investigation")
        for row in ask(shipped, "goals-by-theme", theme=theme)
    ]
    assert broad == narrow


def test_an_example_of_several_values_compares_just_those(shipped: Project) -> None:
    everything = {
        (row.aspect, row.value): row.priorities for row in ask(shipped, "compare-priorities")
    }
    chosen = {
        (row.aspect, row.value): row.priorities
        for row in ask(shipped, "compare-priorities", priority=["C", "F"])
    }
    assert chosen == {
        key: kept
        for key, letters in everything.items()
        if (kept := tuple(letter for letter in letters if letter in "CF"))
    }
    assert chosen["supporting agency", "Frontex"] == ("C", "F")


@pytest.mark.parametrize(
    "name",
    ["goals-shared-across-priorities", "themes-across-priorities", "named-on-the-same-priority"],
)
def test_a_minimum_leaves_out_what_fewer_priorities_have(shipped: Project, name: str) -> None:
    everything = ask(shipped, name, minimum=1)
    for minimum in range(1, 10):
        assert ask(shipped, name, minimum=minimum) == [
            row for row in everything if row.priorityCount >= minimum
        ]
    assert all(row.priorityCount == len(row.priorities) for row in everything)
