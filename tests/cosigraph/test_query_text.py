# SPDX-License-Identifier: Apache-2.0
"""The SPARQL of a canned query's file."""

from __future__ import annotations

import pytest

from cosigraph.errors import QueryFileError
from cosigraph.query_text import QueryText


def test_the_prefixes_are_those_of_the_prologue() -> None:
    text = 'BASE <urn:x>\nprefix a: <urn:a:> PREFIX : <urn:b:>\nSELECT ?a { ?a :p "PREFIX c: <x>" }'
    assert QueryText(text, "q.rq").prefixes == {"a": "urn:a:", "": "urn:b:"}


def test_the_projection_tells_where_each_variable_stands() -> None:
    text = "SELECT REDUCED ?a\n  (IF(?a > 1, ?b, ?a) AS ?c)\nWHERE { ?a ?d ?b }"
    projection = QueryText(text, "q.rq").projection()
    assert {name: str(position) for name, position in projection.items()} == {
        "a": "q.rq:1:16",
        "c": "q.rq:2:26",
    }


def test_a_bare_pattern_needs_no_where() -> None:
    assert list(QueryText("SELECT ?a{?a ?b ?c}", "q.rq").projection()) == ["a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?a {\n ?a ?b ", r"^q\.rq:2:\d+: "),
        ("SELECT ?a {\n ?a ex:b ?c }", r"^q\.rq:2:\d+: .*ex"),
        ("DROP ALL", r"^q\.rq:1:1: DROP is an update"),
        ("", r"^q\.rq:1:1: The end of the query"),
        ("DESCRIBE <urn:a>", r"^q\.rq:1: A canned query is a SELECT, not DESCRIBE"),
    ],
)
def test_what_is_no_select_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(QueryFileError, match=message):
        QueryText(text, "q.rq")
