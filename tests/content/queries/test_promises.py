# SPDX-License-Identifier: Apache-2.0
"""What the files of the canned queries promise."""

from __future__ import annotations

import pytest

from cosigraph import Project
from cosigraph.canned import CannedQuery
from cosigraph.check.expected import check_answers
from tests.content.queries.asking import QUERIES

# The parameters and the first columns that users rely on.
PROMISED = {
    "priorities": ("", "priority letter title driver coDrivers agencies goals"),
    "goals": ("priority", "goal code priority number text"),
    "goals-shared-across-priorities": (
        "minimum",
        "sharedGoal number text priorities priorityCount goalCount",
    ),
    "shared-goal-evidence": (
        "shared-goal priority strength",
        "number priority goal strength quotation",
    ),
    "shared-goal-matrix": ("strength", "number priority stated strongest goals"),
    "compare-priorities": ("priority", "aspect value priorities"),
    "claims-without-evidence": ("strength", "number priority"),
    "evidence-beyond-claims": ("strength", "number priority goal strength quotation"),
    "roles": ("actor priority role", "actor role priority quotation"),
    "actors": ("kind", "actor label kind roles mentions"),
    "mentions": ("kind thing", "thing kind goal quotation start end"),
    "themes-across-priorities": ("minimum", "theme label priorities priorityCount goalCount"),
    "goals-by-theme": ("theme", "theme goal quotation"),
    "priorities-alike": ("", "priorityA priorityB sharedThemes similarity"),
    "named-on-the-same-priority": ("minimum", "actorA actorB priorities priorityCount"),
    "documents-cited": ("", "document number relation subjectCodes"),
    "timeline": ("", "start end event participants"),
    "footnotes": ("", "number text anchor"),
    "find-text": ("words", "block code text"),
    "evidence-for": ("thing", "statement quotation block start end"),
    "provenance-of": ("thing", "graph property value basis"),
    "vocabulary-in-use": ("", "term label kind uses"),
    "highlights": ("", "block start end kind label remark thing statement"),
}


def test_the_queries_are_all_here() -> None:
    assert set(QUERIES) >= set(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_query_has_the_parameters_and_first_columns_that_users_rely_on(name: str) -> None:
    parameters, columns = (text.split() for text in PROMISED[name])
    query = QUERIES[name]
    assert set(query.parameters) >= set(parameters)
    assert [column.name for column in query.columns][: len(columns)] == columns


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_explains_itself_its_parameters_and_its_columns(query: CannedQuery) -> None:
    assert query.description
    assert query.tags
    assert all(parameter.description for parameter in query.parameters.values())
    assert all(column.description for column in query.columns)
    assert all(column.datatype for column in query.columns)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_with_parameters_has_an_example_of_each(query: CannedQuery) -> None:
    shown = {name for example in query.examples.values() for name in example}
    assert shown >= {name for name in query.parameters if name not in ("strength", "minimum")}
    assert bool(query.parameters) == bool(query.examples)


def test_every_answer_is_the_expected_one(shipped: Project) -> None:
    number, findings = check_answers(shipped)
    assert number > len(QUERIES)
    assert [finding.message for finding in findings] == []
