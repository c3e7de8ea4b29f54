# SPDX-License-Identifier: Apache-2.0
"""What ``cosigraph query`` and ``cosigraph run`` say of an answer that is empty."""

from __future__ import annotations

import sys

import pytest

from tests.cosigraph.command_line.conftest import Call

EMPTY = 'SELECT ?x { ?x orch:flavour "Nutty" }'
NONE = ("run", "trees", "--planted-before", "1900-01-01")


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", EMPTY),
        ("query", EMPTY.replace("SELECT ?x", "ASK"), "--format", "csv"),
        ("query", EMPTY.replace("SELECT ?x", "CONSTRUCT WHERE")),
        ("query", EMPTY.replace("SELECT ?x", "DESCRIBE ?x"), "--format", "jsonld"),
    ],
)
def test_an_empty_answer_is_explained_on_the_standard_error(
    call: Call, arguments: tuple[str, ...]
) -> None:
    plain = call(*arguments)
    explained = call(*arguments, "--explain-empty")
    assert (plain.code, plain.errors) == (0, "")
    assert (explained.code, explained.output) == (0, plain.output)
    assert 'Write "nutty" for "Nutty".' in explained.errors


def test_the_empty_answer_of_a_canned_query_is_explained_as_it_was_bound(call: Call) -> None:
    assert call(*NONE).errors == ""
    explained = call(*NONE, "--explain-empty")
    assert explained.output == call(*NONE).output
    assert "1900-01-01" in explained.errors
    assert "The answer is empty." in explained.errors


def test_an_answer_that_is_not_empty_is_not_explained(call: Call) -> None:
    assert call("query", "ASK { ?x a orch:Tree }", "--explain-empty").errors == ""
    assert call("run", "trees", "--explain-empty").errors == ""


def test_a_person_is_told_how_to_ask(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for arguments in (("query", EMPTY), NONE):
        assert "--explain-empty" in call(*arguments).errors
    assert call("query", "ASK {}").errors == ""
