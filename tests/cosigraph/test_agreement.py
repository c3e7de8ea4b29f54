# SPDX-License-Identifier: Apache-2.0
"""Cohen's kappa between two readings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import Project, open_project
from cosigraph.agreement import (
    COLUMNS,
    Agreement,
    agreement,
    differences,
    texts,
    to_dicts,
    to_markdown,
)
from cosigraph.errors import UnknownReadingError, UsageError

PREFIXES = """
@prefix cosi: <https://w3id.org/cosigraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://orchard.example/id/> .
"""
BASE = """
:g1 a cosi:Goal . :g2 a cosi:Goal . :g3 a cosi:Goal . :g4 a cosi:Goal .
:s1 a cosi:SharedGoal ; skos:prefLabel "Healthy trees"@en .
:s2 a cosi:SharedGoal ; skos:prefLabel "Good | fruit"@en .
:strong cosi:rank 3 . :similar cosi:rank 2 . :weak cosi:rank 1 .
:pests a skos:ConceptScheme ; skos:prefLabel "Pests"@en .
:moth skos:inScheme :pests ; skos:prefLabel "moth"@en .
"""
SETTLED = """
:r1 a cosi:Realisation ; cosi:goal :g1 ; cosi:sharedGoal :s1 ; cosi:strength :strong .
:r2 a cosi:Realisation ; cosi:goal :g2 ; cosi:sharedGoal :s1 ; cosi:strength :similar .
:c1 a cosi:Classification ; cosi:subject :g1 ; cosi:concept :moth .
:c2 a cosi:Classification ; cosi:subject :title ; cosi:concept :moth .
"""
OTHER = """
:r1 a cosi:Realisation ; cosi:goal :g1 ; cosi:sharedGoal :s1 ; cosi:strength :similar .
:r2 a cosi:Realisation ; cosi:goal :g2 ; cosi:sharedGoal :s1 ; cosi:strength :weak .
:c1 a cosi:Classification ; cosi:subject :g1 ; cosi:concept :moth .
"""
CONFIGURATION = """
[project]
base = "https://orchard.example/"
[[graph]]
name = "base"
files = ["base.ttl"]
[[graph]]
name = "editorial/diary"
files = ["settled.ttl"]
[[graph]]
name = "reading/diary/other"
files = ["other.ttl"]
replaces = "editorial/diary"
"""


@pytest.fixture
def readings(tmp_path: Path) -> Project:
    for name, content in {"base": BASE, "settled": SETTLED, "other": OTHER}.items():
        (tmp_path / f"{name}.ttl").write_text(PREFIXES + content, encoding="utf-8")
    (tmp_path / "cosigraph.toml").write_text(CONFIGURATION, encoding="utf-8")
    return open_project(tmp_path)


def row(both: int, first_only: int, second_only: int, neither: int) -> Agreement:
    return Agreement("group", None, "label", both, first_only, second_only, neither)


def test_kappa_is_that_of_the_textbook() -> None:
    # 20 and 15 agreements in 50, expected by chance 0.5: (0.7 - 0.5) / (1 - 0.5)
    assert row(20, 5, 10, 15).kappa == pytest.approx(0.4)
    assert row(20, 5, 10, 15).observed == 0.7


def test_kappa_is_undefined_where_nobody_ever_disagrees_or_chooses() -> None:
    assert row(0, 0, 0, 7).kappa is None
    assert row(7, 0, 0, 0).kappa is None
    assert row(0, 0, 0, 0).kappa is None
    assert row(0, 0, 0, 0).observed is None


@given(st.tuples(*[st.integers(0, 200)] * 4))
def test_kappa_is_symmetric_at_most_one_and_one_only_in_full_agreement(
    counts: tuple[int, int, int, int],
) -> None:
    both, first_only, second_only, neither = counts
    kappa = row(*counts).kappa
    assert kappa == row(both, second_only, first_only, neither).kappa
    assert kappa == row(neither, first_only, second_only, both).kappa
    if kappa is not None:
        assert -1 <= kappa <= 1
        assert (kappa == 1) == (first_only == second_only == 0)


def counts(rows: list[Agreement]) -> dict[str, tuple[int, int, int, int]]:
    return {row.label: (row.both, row.first_only, row.second_only, row.neither) for row in rows}


def test_each_category_has_a_row_and_each_group_a_pooled_one(readings: Project) -> None:
    assert counts(agreement(readings, "diary", "other")) == {
        "Healthy trees": (1, 1, 0, 2),
        "Good | fruit": (0, 0, 0, 4),
        "all shared goals": (1, 1, 0, 6),
        "moth": (1, 1, 0, 3),
        "all pests": (1, 1, 0, 3),
    }


def test_the_strength_decides_what_counts(readings: Project) -> None:
    weak = counts(agreement(readings, "diary", "other", "weak"))
    assert weak["Healthy trees"] == (2, 0, 0, 2)
    strong = counts(agreement(readings, "diary", "other", "strong"))
    assert strong["Healthy trees"] == (0, 1, 0, 3)


@pytest.mark.parametrize(
    "name", ["settled", "editorial/diary", "https://orchard.example/graph/editorial/diary"]
)
def test_a_settled_reading_has_several_names(readings: Project, name: str) -> None:
    assert agreement(readings, name, "other") == agreement(readings, "diary", "reading/diary/other")


def test_unknown_names_are_met_with_a_suggestion(readings: Project) -> None:
    with pytest.raises(UnknownReadingError, match="Did you mean 'other'"):
        agreement(readings, "diary", "othr")
    with pytest.raises(UsageError, match="Did you mean 'strong'"):
        agreement(readings, "diary", "other", "stronger")


def test_the_undefined_is_a_dash_for_people_and_null_for_programs(readings: Project) -> None:
    rows = agreement(readings, "diary", "other")
    fruit = next(index for index, row in enumerate(rows) if row.label == "Good | fruit")
    assert texts(rows)[fruit][-2:] == ("1.000", "\N{EN DASH}")
    assert to_dicts(rows)[fruit]["kappa"] is None
    assert "| Good \\| fruit |" in to_markdown(COLUMNS, texts(rows))


def test_the_decisions_on_which_readings_differ_are_named(readings: Project) -> None:
    assert differences(agreement(readings, "settled", "other")) == [
        ("shared goals", "Healthy trees", "g2", "yes", "no"),
        ("Pests", "moth", "title", "yes", "no"),
    ]
    assert differences(agreement(readings, "other", "settled"))[0][-2:] == ("no", "yes")
