# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import inspect
import json

import pytest

from cosigraph import errors
from cosigraph.errors import CosigraphError, Position
from cosigraph_api.problems import Problem, internal_error, not_found, problem_of

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, CosigraphError)
]
STATUSES = {
    "ServiceFailed": 502,
    "UsageError": 400,
    "UnknownQueryError": 404,
    "UnknownParameterError": 400,
    "ParameterValueError": 400,
    "UnknownReadingError": 400,
    "UnknownRuleError": 400,
    "UnknownDocumentError": 404,
    "UnknownVersionError": 404,
    "PrunedVersionError": 410,
    "UnknownFormatError": 400,
    "DataSyntaxError": 400,
    "QueryError": 400,
    "QuerySyntaxError": 400,
    "QueryRefused": 403,
    "QueryStopped": 503,
    "QueryNotStarted": 503,
    "QueryTimeout": 504,
    "QueryMemory": 503,
    "AnswerTooLarge": 503,
    "WorkerLost": 503,
}


def members(problem: Problem) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(problem.to_json())
    return loaded


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_error_has_its_status_or_is_the_servers_own(kind: type[CosigraphError]) -> None:
    problem = problem_of(kind("What was wrong."))
    assert (problem and int(problem.status)) == STATUSES.get(kind.__name__)


def test_a_problem_says_what_where_and_what_to_do() -> None:
    error = errors.QuerySyntaxError("No.", position=Position(None, 2, 5), advice="Mend it.")
    problem = problem_of(error)
    assert problem is not None
    assert members(problem) == {
        "type": "https://w3id.org/cosigraph/problem/query-syntax",
        "title": "The query is not well-formed",
        "status": 400,
        "detail": "No.",
        "position": {"line": 2, "column": 5},
        "advice": "Mend it.",
        "documentation": "/problems#query-syntax",
    }


def test_what_is_not_known_is_left_out() -> None:
    problem = problem_of(errors.QueryRefused("No.", position=Position(None, 3)))
    assert problem is not None
    assert members(problem)["position"] == {"line": 3}
    assert "advice" not in members(problem)
    assert "position" not in members(not_found("/x"))


def test_a_file_of_the_server_is_not_told() -> None:
    problem = problem_of(errors.QueryError("No.", position=Position("/secret/file", 3, 1)))
    assert problem is not None
    assert b"secret" not in problem.to_json()


def test_an_internal_error_has_the_identifier_that_the_log_has() -> None:
    problem = internal_error("00000000-0000-4000-8000-000000000000")
    assert members(problem)["instance"] == "urn:uuid:00000000-0000-4000-8000-000000000000"
    assert "00000000-0000-4000-8000-000000000000" in problem.detail
    assert internal_error("as the client calls it").instance is None
