# SPDX-License-Identifier: Apache-2.0
"""The names that people write mean what an editor said before anything was tuned to them.

``gold-names.csv`` has three parts: what must be found (``expected``, several where several are
right), what must not be taken for anything (no ``expected``), and in which ``part`` it is: the
held-out third was not looked at while thresholds, words and labels were chosen.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cosigraph import Project
from cosigraph.reconciliation import Candidate, Matcher, collect

FIRST_RIGHT = 0.97
FALSE_MATCHES = 0.02
PARTS = ("tuning", "held-out")


@dataclass(frozen=True)
class Gold:
    name: str
    type: str
    expected: tuple[str, ...]
    part: str


def gold(root: Path) -> list[Gold]:
    path = root / "tests" / "content" / "gold-names.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Gold(row["name"], row["type"], tuple(row["expected"].split()), row["part"])
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def found(root: Path, shipped: Project) -> list[tuple[Gold, list[Candidate]]]:
    expand = shipped.prefixes.expand
    matcher = Matcher(collect(shipped).things, expand)
    return [
        (each, matcher.match(each.name, [expand(each.type) or ""] if each.type else []))
        for each in gold(root)
    ]


def is_right(each: Gold, candidates: Sequence[Candidate], shipped: Project) -> bool:
    return bool(candidates) and shipped.prefixes.shorten(candidates[0].thing.iri) in each.expected


def test_there_are_enough_names_and_enough_that_mean_nothing(root: Path) -> None:
    every = gold(root)
    assert len(every) >= 400
    assert sum(not each.expected for each in every) >= 80
    held_out = [each for each in every if each.part == "held-out"]
    assert len(held_out) >= len(every) / 3
    assert {each.part for each in every} == set(PARTS)


@pytest.mark.parametrize("parts", [PARTS, PARTS[:1], PARTS[1:]])
def test_the_first_candidate_is_the_right_one(
    found: list[tuple[Gold, list[Candidate]]], shipped: Project, parts: Sequence[str]
) -> None:
    told = [(each, those) for each, those in found if each.expected and each.part in parts]
    wrong = [each.name for each, those in told if not is_right(each, those, shipped)]
    assert 1 - len(wrong) / len(told) >= FIRST_RIGHT, wrong


def test_what_means_nothing_is_hardly_ever_taken_for_a_match(
    found: list[tuple[Gold, list[Candidate]]],
) -> None:
    told = [(each, those) for each, those in found if not each.expected]
    wrong = [each.name for each, those in told if those and those[0].is_match]
    assert len(wrong) / len(told) <= FALSE_MATCHES, wrong


def test_no_match_that_is_decided_is_another_thing(
    found: list[tuple[Gold, list[Candidate]]], shipped: Project
) -> None:
    decided = [
        (each, those) for each, those in found if each.expected and those and those[0].is_match
    ]
    wrong = [each.name for each, those in decided if not is_right(each, those, shipped)]
    assert not wrong
    assert len(decided) / sum(bool(each.expected) for each, _ in found) >= 0.85
