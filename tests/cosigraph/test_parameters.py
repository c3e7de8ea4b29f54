# SPDX-License-Identifier: Apache-2.0
"""Binding: terms take the place of what stands in a query's parameter blocks, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from cosigraph.canned import CannedQuery
from cosigraph.errors import ParameterValueError, UnknownParameterError
from cosigraph.parameter_values import literal_value
from cosigraph.parameters import Parameter, ParameterType, bind, shown, values_blocks
from cosigraph.sparql import tokens
from cosigraph.table import Column
from cosigraph.terms import Term

TEXT = """# VALUES ?p_the_word { UNDEF }
SELECT ?word ?n WHERE {
  VALUES ?p_the_word { UNDEF }
  VALUES ?p_n {
    UNDEF
  } # VALUES ?p_n { UNDEF }
  BIND("VALUES ?p_the_word { UNDEF }" AS ?text)
  BIND(?p_the_word AS ?word) BIND(?p_n AS ?n)
}
"""
WORD = Parameter("the-word", ParameterType.STRING, many=True)
NUMBER = Parameter("n", ParameterType.INTEGER)


def canned(text: str = TEXT, *parameters: Parameter) -> CannedQuery:
    return CannedQuery(
        name="words",
        text=text,
        path=Path("queries/words.rq"),
        summary="Words",
        columns=(Column("word"), Column("n")),
        parameters={each.name: each for each in parameters or (WORD, NUMBER)},
    )


def rows(text: str) -> list[tuple[Term | None, ...]]:
    solutions = pyoxigraph.Store().query(text)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [tuple(solution) for solution in solutions]


def test_without_terms_the_text_stays_as_it_is() -> None:
    assert bind(canned(), {}) == TEXT


def test_only_the_block_changes_and_lines_keep_their_numbers() -> None:
    number = literal_value(NUMBER, 3)
    bound = bind(canned(), {"n": [number]})
    before, after = TEXT.splitlines(), bound.splitlines()
    assert len(before) == len(after)
    assert [i for i in range(len(before)) if before[i] != after[i]] == [3, 4, 5]
    assert after[5].endswith("} # VALUES ?p_n { UNDEF }")
    assert rows(bound) == [(None, number)]


def test_comments_and_strings_that_look_like_blocks_are_left_alone() -> None:
    bound = bind(canned(), {"the-word": [Literal("x")], "n": [literal_value(NUMBER, 3)]})
    assert bound.splitlines()[0] == TEXT.splitlines()[0]
    assert '"VALUES ?p_the_word { UNDEF }"' in bound
    assert "# VALUES ?p_n { UNDEF }" in bound


def test_every_block_of_a_parameter_is_bound() -> None:
    text = """SELECT ?a ?b {
      { SELECT (?p_n AS ?a) { VALUES ?p_n { UNDEF } } }
      { SELECT (?p_n AS ?b) { values $p_n{UNDEF} } }
    }"""
    three = literal_value(NUMBER, 3)
    assert rows(bind(canned(text, NUMBER), {"n": [three]})) == [(three, three)]
    assert [block.variable for block in values_blocks(text)] == ["p_n", "p_n"]


def test_a_block_with_strings_and_braces_in_it_is_replaced_whole() -> None:
    text = 'SELECT ?p_n { VALUES ?p_n { "}" <urn:x> # }\n "\'}" } }'
    three = literal_value(NUMBER, 3)
    assert rows(bind(canned(text, NUMBER), {"n": [three]})) == [(three,)]


def test_a_term_that_is_given_twice_gives_no_row_twice() -> None:
    assert len(rows(bind(canned(), {"the-word": [Literal("x"), Literal("x")]}))) == 1


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UnknownParameterError, match=r"no parameter 'm'.*the-word, n"):
        bind(canned(), {"m": [Literal("x")]})


def test_a_required_parameter_that_is_missing_is_told_with_its_form() -> None:
    required = Parameter("n", ParameterType.INTEGER, required=True)
    with pytest.raises(ParameterValueError, match=r"needs the parameter 'n'.*whole number"):
        bind(canned("SELECT * { VALUES ?p_n { UNDEF } }", required), {})


def test_no_value_and_too_many_are_refused() -> None:
    with pytest.raises(ParameterValueError, match="'the-word' was given no value"):
        bind(canned(), {"the-word": []})
    with pytest.raises(ParameterValueError, match="'n' takes one value, not 2"):
        bind(canned(), {"n": [literal_value(NUMBER, 1), literal_value(NUMBER, 2)]})


def test_a_blank_node_is_no_value() -> None:
    with pytest.raises(ParameterValueError, match="Give an IRI or a literal"):
        bind(canned(), {"the-word": [BlankNode("x")]})


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        '" } . ?s ?p ?o . { "',
        "' } UNION { SERVICE <http://example.org/> {} } #",
        '\\" } #',
        "\\u0022 } #",
        "\\\\u0022",
        "\n} DROP ALL #",
        "> } <",
        '"""',
        "'''",
        "UNDEF",
        "\x00",
        "\u2028",
        "?p_n",
        "}",
    ]
)


@given(st.lists(ANY_TEXT, min_size=1, unique=True))
def test_whatever_the_texts_they_are_bound_as_terms_and_come_back(texts: list[str]) -> None:
    terms = [literal_value(WORD, text) for text in texts]
    bound = bind(canned(), {"the-word": terms})
    # "UNDEF" gives way to the strings; every other token is the one it was.
    before, after = list(tokens(TEXT)), list(tokens(bound))
    assert len(after) == len(before) - 1 + len(texts)
    start = next(i for i, token in enumerate(before) if token.text == "UNDEF")
    assert {token.kind for token in after[start : start + len(texts)]} == {"string"}
    rest = after[:start] + after[start + len(texts) :]
    assert [token.text for token in rest] == [
        token.text for i, token in enumerate(before) if i != start
    ]
    assert [row[0] for row in rows(bound)] == terms


@given(st.text(st.characters()))
def test_whatever_the_iri_it_is_refused_or_comes_back(text: str) -> None:
    try:
        node = NamedNode("https://example.org/" + text)
    except ValueError:
        return
    assert rows(bind(canned(), {"the-word": [node]})) == [(node, None)]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["en", "de-at", "x-a"]))
def test_language_strings_come_back(text: str, language: str) -> None:
    term = Literal(text, language=language)
    assert rows(bind(canned(), {"the-word": [term]})) == [(term, None)]


def test_a_value_is_shown_short_and_on_one_line() -> None:
    assert shown("a\nb\u202e") == "'a\ufffdb\ufffd'"
    assert shown(2) == "'2'"
    assert len(shown("x" * 1000)) == 80
