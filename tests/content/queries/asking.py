# SPDX-License-Identifier: Apache-2.0
"""The canned queries, and how they are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cosigraph import Project
from cosigraph.canned import canned_queries

ROOT = Path(__file__).parents[3]
QUERIES = canned_queries(ROOT)
STRENGTHS = ("arguable", "similar", "explicit")
LETTERS = tuple("ABCDEFGH")
# What the queries that need a parameter are given where every query is run.
GIVEN = {"find-text": {"words": "pro-active"}, "provenance-of": {"thing": "Frontex"}}


def ask(project: Project, name: str, **parameters: object) -> list[Any]:
    """The rows of a canned query's answer."""
    return list(project.run(name, **parameters))


def pairs(rows: list[Any]) -> list[tuple[object, object]]:
    """The pairs of a shared goal and a priority, in the order of the rows."""
    return [(row.number, row.priority) for row in rows]
