# SPDX-License-Identifier: Apache-2.0
"""Where a query is wrong, and what was expected there."""

from __future__ import annotations

import contextlib

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.sparql import tokens
from cosigraph.syntax import explain, first_error

PREFIXES = {"skos": "http://www.w3.org/2004/02/skos/core#"}


def explained(text: str, base_iri: str | None = "https://x.example/") -> str:
    try:
        pyoxigraph.Store().query(text, prefixes=PREFIXES, base_iri=base_iri)
    except SyntaxError as error:
        return str(explain(text, PREFIXES, base_iri, error.msg or ""))
    pytest.fail("the engine takes the query")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * { ?s ?p }", "line 1, column 18: '}' stands where an object was expected."),
        ("SELECT * {\n ?s }", "line 2, column 5: '}' stands where a property was expected."),
        ("SELECT", "line 1, column 7: The end of the query stands where a variable, '(', '*', "),
        ("SELECT * { ?s ?p ?o", "The end of the query stands where "),
        (
            "SELECT * WHERE { ?s ?p ?o FILTR(?o) }",
            "line 1, column 27: 'FILTR' stands where a graph pattern, ",
        ),
        ("SELECT * { FILTR(?o) }", "Did you mean 'FILTER'?"),
        (
            "SELECT * { ?s ?p ?o FILTER(?o > ) }",
            "line 1, column 33: ')' stands where an expression was expected.",
        ),
        (
            "SELECT * { ?s ?p ?o FILTER ?o > 1 }",
            "line 1, column 28: '?o' stands where an expression in brackets was expected.",
        ),
        (
            "SELECT * { ?s ?p ?o FILTER(?o<5 &&) }",
            "line 1, column 35: ')' stands where an expression was expected.",
        ),
        (
            "SELECT * { ?s ?p ?o } LIMIT x",
            "line 1, column 29: 'x' stands where a whole number was expected.",
        ),
        (
            "PREFIX ex <https://x.example/> ASK {}",
            "line 1, column 8: 'ex' stands where a prefix that ends with ':' was expected.",
        ),
        (
            "SELECT ?s, ?o { ?s ?p ?o }",
            "line 1, column 10: ',' stands where a variable, '(', '{', FROM or WHERE was expected.",
        ),
        (
            "SELECT COUNT(?s) { ?s ?p ?o }",
            "line 1, column 8: 'COUNT' stands where a variable, '(', '*', DISTINCT or REDUCED ",
        ),
        (
            "SELECT (COUNT(?s)) { ?s ?p ?o }",
            "line 1, column 18: ')' stands where an operator or AS was expected.",
        ),
        (
            "SELECT * { ?s ?p 'abc }",
            "line 1, column 18: A string is opened here and not closed.",
        ),
        (
            "SELECT * { ?s ?p <https://x.example/a b> }",
            "line 1, column 18: <https://x.example/a b> is no IRI: it holds a character",
        ),
        (
            "SELECT * { ?s ?p <https://x.example:port/> }",
            "line 1, column 18: <https://x.example:port/> is no IRI: Invalid character 'p'.",
        ),
        (
            "SELECT * { ?s ?p ex:a }",
            "line 1, column 18: The prefix 'ex:' is not declared. "
            "Write PREFIX ex: <…> before the query.",
        ),
        (
            "SELECT * { ?s skso:prefLabel ?o }",
            "line 1, column 15: The prefix 'skso:' is not declared. Did you mean 'skos:'?",
        ),
        (
            "SELECT ?s { ?s ?p ?o } GROUP BY ?p",
            "The query cannot be run: The SELECT contains a variable that is unbound.",
        ),
        (
            "SELECT * { ?s ?p ?o } GROUP BY ?s",
            "The query cannot be run: SELECT * is not authorized with GROUP BY.",
        ),
        (
            "SELECT ?s (?o AS ?s) { ?s ?p ?o }",
            "The query cannot be run: The SELECT overrides an existing variable using an ",
        ),
        (
            "SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }",
            "The query cannot be run, though no single word of it is wrong. Look for a variable",
        ),
        ("SELECT * { VALUES (?a ?b) { (1) } }", "a row of VALUES with too few or too many values."),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_what_was_expected(
    text: str, message: str
) -> None:
    line = explained(text)
    assert message in line
    assert "\n" not in line


def test_a_relative_iri_without_a_base_is_one_clear_line() -> None:
    line = explained("SELECT * { ?s ?p <rel> }", base_iri=None)
    assert line == ("line 1, column 18: <rel> is no IRI: No scheme found in an absolute IRI.")


WELL_FORMED = [
    "SELECT * { ?s ?p ?o }",
    "SELECT DISTINCT ?s (COUNT(DISTINCT ?o) AS ?n) (SUM(?x + 1) * 2 AS ?m) WHERE { ?s ?p ?o ; a ?x "
    ", 1, -2.5, 1e3, true, 'a'@en, 'b'^^<a:b> . } GROUP BY ?s (STR(?o) AS ?k) HAVING (?n > 1) "
    "ORDER BY DESC(?n) ?s STR(?m) LIMIT 5 OFFSET 2 VALUES ?s { <a:b> UNDEF }",
    "SELECT (GROUP_CONCAT(DISTINCT ?o ; SEPARATOR = ', ') AS ?all) { ?s ?p ?o }",
    "BASE <a:b> PREFIX e: <e:> CONSTRUCT { ?s e:p [ e:q (1 2 []) ] } FROM <g:g> WHERE { "
    "{ ?s ?p ?o } UNION { ?s (^e:a|e:b)*/!(e:c|^a)+/e:d? ?o } MINUS { ?s e:x ?o } }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE ?s <a:b> { OPTIONAL { GRAPH ?g { ?s ?p ?o } } }",
    "DESCRIBE <a:b>",
    "ASK { FILTER(?a<5&&?b>3 || !(?c IN (1, 2)) && ?d NOT IN () && NOT EXISTS { ?x ?y ?z }) }",
    "ASK { VALUES (?a ?b) { (1 <a:b>) (UNDEF 'x') } BIND(IF(BOUND(?a), ?a, COALESCE(?b)) AS ?c) }",
    "ASK { { SELECT ?x { ?x ?y ?z } ORDER BY ?x LIMIT 1 } ?x ?q ?r . ?x a ?t . }",
    "ASK { ?s ?p ?o FILTER(-?o = +1 - 1 / 2) FILTER REGEX(?o, 'x') FILTER <a:f>(?o) }",
    "ASK { LATERAL { ?s ?p ?o } [] ?p () . (1) ?q 2 }",
]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_nothing_is_found_in_a_well_formed_query(text: str) -> None:
    assert first_error(text) is None
    with contextlib.suppress(RuntimeError):  # <a:f> is well-formed, but no function
        pyoxigraph.Store().query(text)


@given(data=st.data())
def test_what_is_expected_is_where_a_token_is_missing(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(WELL_FORMED))
    cut = data.draw(st.sampled_from(list(tokens(text))))
    error = first_error(text[: cut.start])
    if error is None:
        try:
            pyoxigraph.Store().query(text[: cut.start])
        except SyntaxError as wrong:  # by meaning: what remains no longer groups its variables
            if "SELECT contains a variable" not in str(wrong):
                raise
    else:
        assert str(error.detail).startswith("The end of the query stands where ")


@given(st.text())
def test_no_text_makes_the_explanation_itself_fail(text: str) -> None:
    assert "\n" not in str(explain(text, {}, None, "error at 1:1: expected [_]"))
