# SPDX-License-Identifier: Apache-2.0
"""Texts that are taken for one query are one, and answers that are taken for lasting last."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.query_identity import is_volatile, normal_form

PLAIN = "SELECT ?a WHERE { ?a <http://x.example/p> 'b # c' }"


@pytest.mark.parametrize(
    "text",
    [
        "  SELECT ?a\n\tWHERE {\r\n ?a <http://x.example/p> 'b # c'  }\n",
        "# why\nSELECT ?a # what\nWHERE { ?a <http://x.example/p> 'b # c' }# end",
    ],
)
def test_white_space_and_comments_make_no_other_query(text: str) -> None:
    assert normal_form(text) == normal_form(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ASK { ?a ?b 'c  d' }", "ASK { ?a ?b 'c d' }"),
        ('ASK { ?a ?b """c\n d""" }', 'ASK { ?a ?b """c d""" }'),
        ("ASK { ?a ?b '''# c''' }", "ASK { ?a ?b '''# d''' }"),
        (r"ASK { ?a x:b\#c ?d }", r"ASK { ?a x:b\#d ?d }"),
        (r"ASK { ?a ?b 'c\' # d' }", r"ASK { ?a ?b 'c\' # e' }"),
        # Oxigraph compares here, and what looks like an IRI holds the beginning of a string
        ("ASK { FILTER(?a<?b+'>#  x') }", "ASK { FILTER(?a<?b+'># y') }"),
        ("ASK { FILTER(?a<?b#> )\n && ?c) }", "ASK { FILTER(?a<?b#> ) && ?c) }"),
        ("ASK { ?a<?b#>  ?c\n}", "ASK { ?a<?b#> ?c }"),
    ],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


PIECES = [
    *(
        "?a",
        "?b",
        "x:p",
        "<http://x.example/a>",
        "<?b",
        "<",
        ">",
        "'c # d'",
        '"e  f"',
        "1",
        "(",
        ")",
    ),
    *("#", "\n", " ", "  ", "\t", "'", "{", "}", ".", "FILTER", "&&", "\\#", "+", "''", "a"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_the_engine_gives_a_normal_form_the_same_answer(pieces: list[str]) -> None:
    text = f"SELECT * {{ VALUES (?a ?b) {{ (1 2) ('c # d' 'e  f') }} {''.join(pieces)} }}"

    def answer(asked: str) -> str | bytes | None:
        try:
            results = pyoxigraph.Store().query(asked, prefixes={"x": "http://x.example/"})
        except (SyntaxError, ValueError):
            return None
        assert isinstance(results, pyoxigraph.QuerySolutions)
        return results.serialize(format=pyoxigraph.QueryResultsFormat.JSON)

    assert answer(normal_form(text)) == answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT (rand( ) AS ?n) {}",
        "SELECT (StrUUID # c\n () AS ?n) {}",
        "SELECT (1+BNODE('a') AS ?n) {}",
        "ASK { SERVICE <http://x.example/> {} }",
        "ASK { FILTER(trueSERVICE<http://x.example/> {}) }",
        "ASK { service silent ?a {} }",
        "ASK { service x:y {} }",
        "ASK { SERVICE#\n?a {} }",
        r"SELECT (\u004eOW() AS ?n) {}",
        r"SELECT (\U0000004eOW() AS ?n) {}",
    ],
)
def test_what_may_change_is_volatile(text: str) -> None:
    assert is_volatile(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a foaf:knows ?b }",
        "SELECT * { ?a <http://x.example/service> 'now and rand' }",
        "SELECT * { ?services x:brand ?uuid . ?uuid x:bnode ?now }",
    ],
)
def test_a_word_that_only_looks_so_is_not(text: str) -> None:
    assert not is_volatile(text)
