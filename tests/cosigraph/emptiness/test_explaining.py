# SPDX-License-Identifier: Apache-2.0
"""The mistakes that analysts make when they ask the folder that ships, and what they are told."""

from __future__ import annotations

import pytest

from cosigraph import Project
from cosigraph.emptiness import ExplanationLimits, Kind
from tests.cosigraph.emptiness.asking import explained, mended

GRAPHS = "https://w3id.org/cosigraph/graph/"
CATALOGUE = f"<{GRAPHS}catalogue>"

MENDED = [
    ('?x skos:prefLabel "West Africa"@de', Kind.LANGUAGE, '"West Africa"@de', '"West Africa"@en'),
    ('?x skos:prefLabel "West Africa"', Kind.LANGUAGE, '"West Africa"', '"West Africa"@en'),
    ('?x cosi:code "A-1"@en', Kind.LANGUAGE, '"A-1"@en', '"A-1"'),
    ('?x cosi:number "1"', Kind.DATATYPE, '"1"', "1"),
    ("?x cosi:number 1.0", Kind.DATATYPE, "1.0", "1"),
    ('?x cosi:letter "a"', Kind.CASE, '"a"', '"A"'),
    ('?x cosi:code "a-1"', Kind.CASE, '"a-1"', '"A-1"'),
    ('?x cosi:shortName "Eurpol"', Kind.SPELLING, '"Eurpol"', '"Europol"'),
    ('?x cosi:goalOf "A"', Kind.TERM, '"A"', "priority:A"),
    ("?x cosi:letter priority:A", Kind.TERM, "priority:A", '"A"'),
    ("?x cosi:goalof ?y", Kind.UNKNOWN, "cosi:goalof", "cosi:goalOf"),
    ("?x cosi:goalOff ?y", Kind.UNKNOWN, "cosi:goalOff", "cosi:goalOf"),
    ("?x cosi:hasBlock/cosi:txt ?y", Kind.UNKNOWN, "cosi:txt", "cosi:text"),
    ("?x a cosi:Goals", Kind.UNKNOWN, "cosi:Goals", "cosi:Goal"),
    ("?x skos:letter ?y", Kind.UNKNOWN, "skos:letter", "cosi:letter"),
    (
        "?x a <http://w3id.org/cosigraph/ontology#Goal>",
        Kind.UNKNOWN,
        "<http://w3id.org/cosigraph/ontology#Goal>",
        "cosi:Goal",
    ),
    (
        "?x a <https://w3id.org/cosigraph/ontology/Goal>",
        Kind.UNKNOWN,
        "<https://w3id.org/cosigraph/ontology/Goal>",
        "cosi:Goal",
    ),
    (
        "?x cosi:goalOf <https://w3id.org/cosigraph/id/15850-11/priority/A/>",
        Kind.UNKNOWN,
        "<https://w3id.org/cosigraph/id/15850-11/priority/A/>",
        "priority:A",
    ),
    ("goal:A1 cosi:code ?y", Kind.UNKNOWN, "goal:A1", "goal:A-1"),
    ("goal:A-1 cosi:goalOf goal:A", Kind.UNKNOWN, "goal:A", "priority:A"),
    ("priority:A cosi:goalOf ?x", Kind.DIRECTION, "cosi:goalOf", "^cosi:goalOf"),
    ("?x a foaf:Agent", Kind.SUBCLASS, "a", "a/rdfs:subClassOf*"),
    ("?x a sh:Target ; ?y ?z", Kind.UNKNOWN, "sh:Target", None),
    ("?x cosi:letter ?y FILTER(?y = 'b')", Kind.CASE, "'b'", '"B"'),
    ("?x cosi:number ?y FILTER(?y IN ('1', '2'))", Kind.DATATYPE, "'1'", "1"),
    ("?x cosi:letter ?y FILTER('b' = STR(?y))", Kind.CASE, "'b'", '"B"'),
    ("VALUES ?y { 'h' } ?x cosi:letter ?y", Kind.CASE, "'h'", '"H"'),
    (
        "?x cosi:text ?y FILTER CONTAINS(?y, 'europol')",
        Kind.CASE,
        "CONTAINS(?y, 'europol')",
        "CONTAINS(LCASE(?y), LCASE('europol'))",
    ),
    (
        "?x cosi:text ?y FILTER(!BOUND(?z) && REGEX(?y, '^ENSURE'))",
        Kind.CASE,
        "REGEX(?y, '^ENSURE')",
        "REGEX(?y, '^ENSURE', \"i\")",
    ),
]


@pytest.mark.parametrize(("pattern", "kind", "term", "replacement"), MENDED)
def test_what_was_meant_is_told_and_helps(
    shipped: Project, pattern: str, kind: Kind, term: str, replacement: str | None
) -> None:
    text = f"SELECT *\n{{\n  {pattern}\n}}"
    explanation = explained(shipped, text)
    assert explanation.is_empty
    found = next(each for each in explanation.findings if each.kind is kind)
    if replacement is None:
        return
    assert (found.term, found.replacement) == (term, replacement)
    assert shipped.query(mended(text, found)).rows()


def test_each_pattern_that_matches_nothing_alone_is_told_with_its_place(shipped: Project) -> None:
    text = 'SELECT ?x {\n  ?x a cosi:Goal ;\n    cosi:code "X-1", "Y-1" ;\n    cosi:number ?n\n}'
    findings = [each for each in explained(shipped, text).findings if each.kind is Kind.PATTERN]
    assert [each.pattern for each in findings] == ['?x cosi:code "X-1"', '?x cosi:code "Y-1"']
    assert [str(each.position) for each in findings] == ["line 3, column 5", "line 3, column 22"]


def test_the_fewest_patterns_that_do_not_go_together_are_told(shipped: Project) -> None:
    text = (
        "SELECT * { ?p a cosi:Priority . ?g a cosi:Goal ; cosi:number 1 ; "
        'cosi:goalOf ?p . ?g cosi:code "B-2" . ?p skos:prefLabel ?label }'
    )
    (finding,) = [each for each in explained(shipped, text).findings if each.kind is Kind.JOIN]
    assert finding.pattern == '?g cosi:number 1\n?g cosi:code "B-2"'
    assert "?g" in finding.advice


def test_what_things_have_instead_of_a_property_is_told(shipped: Project) -> None:
    text = "SELECT * { ?x a cosi:Priority ; rdfs:label ?label }"
    join, near = explained(shipped, text).findings
    assert join.kind is Kind.JOIN
    assert near.replacement in {"skos:prefLabel", "skos:altLabel"}
    assert shipped.query(mended(text, near)).rows()


def test_few_values_are_all_told(shipped: Project) -> None:
    text = 'SELECT * { ?x skos:definition ?label FILTER(LANG(?label) = "fr") }'
    filtered, there = explained(shipped, text).findings
    assert (filtered.kind, there.kind) == (Kind.FILTER, Kind.THERE)
    assert 'LANG(?label) is "en"' in there.detail


def test_a_range_is_told(shipped: Project) -> None:
    text = "SELECT * { VALUES ?n { 99 } ?x cosi:letter ?y ; cosi:number ?m FILTER(?m > ?n) }"
    findings = explained(shipped, text.replace("cosi:letter ?y", "a cosi:Goal")).findings
    assert findings[0].pattern == "FILTER(?m > ?n)\nVALUES ?n { 99 }"
    assert findings[1].detail.startswith("?m goes from 1 to ")


def test_a_wrong_prefix_is_told_where_it_is_declared(shipped: Project) -> None:
    text = (
        "PREFIX cosi: <http://w3id.org/cosigraph/ontology#>\n"
        "SELECT * { ?x a cosi:Goal ; cosi:number 1 }"
    )
    (finding,) = [each for each in explained(shipped, text).findings if each.kind is Kind.PREFIX]
    assert str(finding.position) == "line 1, column 14"
    assert shipped.query(mended(text, finding)).rows()


def test_a_graph_that_is_not_there_is_told(shipped: Project) -> None:
    text = f"SELECT * {{ GRAPH <{GRAPHS}catalog> {{ ?x a ?y }} }}"
    (finding,) = explained(shipped, text).findings
    assert finding.kind is Kind.GRAPH
    assert "catalogue" in finding.advice


def test_a_pattern_in_the_wrong_graph_is_told(shipped: Project) -> None:
    text = f"SELECT * {{ GRAPH {CATALOGUE} {{ ?x a cosi:Goal }} }}"
    pattern, near = explained(shipped, text).findings
    assert (pattern.kind, near.kind) == (Kind.PATTERN, Kind.OTHER_GRAPH)
    narrow = explained(shipped, "SELECT * { ?x a cosi:Goal }", graphs=(f"{GRAPHS}catalogue",))
    pattern, near = narrow.findings
    assert near.replacement is not None
    assert near.replacement.startswith("GRAPH <")
    assert shipped.query(f"SELECT * {{ {near.replacement} }}").rows()


def test_the_dataset_of_the_query_is_told_if_a_graph_is_not_in_it(shipped: Project) -> None:
    text = f"SELECT * FROM {CATALOGUE} {{ GRAPH {CATALOGUE} {{ ?x ?y ?z }} }}"
    (finding,) = explained(shipped, text).findings
    assert finding.kind is Kind.GRAPH
    assert "FROM NAMED" in finding.advice


def test_what_another_reading_says_is_told(shipped: Project) -> None:
    def made(reading: str) -> set[str]:
        graph = f"GRAPH <{GRAPHS}reading/15850-11/{reading}>"
        rows = shipped.query(f"SELECT ?g ?s {{ {graph} {{ ?g cosi:hasTheme ?s }} }}").rows()
        return {" ".join(map(str, row)) for row in rows}

    settled = shipped.query("SELECT ?g ?s { ?g cosi:hasTheme ?s }").rows()
    pairs = made("first") - made("second") - {" ".join(map(str, row)) for row in settled}
    goal, theme = min(pairs).split()
    text = f"SELECT * {{ {goal} cosi:hasTheme {theme} . }}"
    _, near = explained(shipped, text).findings
    assert near.kind is Kind.OTHER_GRAPH
    assert "reading 'first'" in near.advice
    assert explained(shipped, text, reading="first").is_empty is False
    assert explained(shipped, text, reading="second").findings[1].kind is Kind.OTHER_GRAPH


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x a cosi:Goal } LIMIT 0",
        "SELECT * { ?x a cosi:Goal } OFFSET 1000",
        "SELECT ?x { ?x a cosi:Goal } GROUP BY ?x HAVING (COUNT(*) > 9)",
        "SELECT * { { SELECT ?x { ?x a cosi:Goal } LIMIT 0 } }",
    ],
)
def test_what_stands_behind_the_pattern_may_leave_nothing(shipped: Project, text: str) -> None:
    (finding,) = explained(shipped, text).findings
    assert finding.kind is Kind.MODIFIER


def test_every_form_of_query_is_explained(shipped: Project) -> None:
    missing = '{ ?x cosi:letter "a" }'
    for text in (
        f"ASK {missing}",
        f"CONSTRUCT {{ ?x a cosi:Found }} WHERE {missing}",
        f"CONSTRUCT WHERE {missing}",
        f"DESCRIBE ?x {missing}",
        'SELECT * { ?x cosi:letter ?y } VALUES ?y { "a" }',
        f"SELECT * {{ {{ SELECT ?x {missing} }} }}",
        f"SELECT * {{ {missing} UNION {{ ?x cosi:letter 'b' }} }}",
        'SELECT * { [ cosi:letter "a" ; ] . _:x a cosi:Goal }',
        'SELECT * { GRAPH ?g { ?x cosi:letter "a" } }',
    ):
        explanation = explained(shipped, text)
        assert explanation.is_empty, text
        assert any(each.kind is Kind.CASE for each in explanation.findings), text
    (finding,) = explained(shipped, "DESCRIBE goal:A1").findings
    assert (finding.kind, finding.replacement) == (Kind.UNKNOWN, "goal:A-1")
    (finding,) = explained(
        shipped, "CONSTRUCT { ?text a ?x } { ?x cosi:text ?text ; a cosi:Goal }"
    ).findings
    assert finding.kind is Kind.TEMPLATE


def test_a_list_and_brackets_are_taken_apart(shipped: Project) -> None:
    text = "SELECT * { ?x cosi:goalOf [ cosi:letter 'a' ] ; cosi:text ('x' ()) }"
    patterns = {each.pattern for each in explained(shipped, text).findings}
    assert "_:blank1 cosi:letter 'a'" in patterns
    assert any("first> 'x'" in pattern for pattern in patterns)


def test_filters_that_go_only_together_are_told_together(shipped: Project) -> None:
    text = "SELECT * { ?x cosi:number ?n ; a cosi:Goal FILTER(?n > 3) FILTER(?n < 3) }"
    (finding,) = explained(shipped, text).findings
    assert finding.pattern == "FILTER(?n > 3)\nFILTER(?n < 3)"


def test_a_parameter_of_a_canned_query_is_explained_as_it_is_bound(shipped: Project) -> None:
    query = shipped.queries["find-text"]
    text = query.text.replace("UNDEF", '"no such words"', 1)
    explanation = explained(shipped, text)
    assert explanation.is_empty
    assert explanation.findings


def test_a_probe_has_no_variable_of_the_query(shipped: Project) -> None:
    names = ("near", "near1", "near_", "near2", "near_1")
    for name in names:
        others = " ".join(f"OPTIONAL {{ ?near cosi:none ?{each} }}" for each in names)
        text = f'SELECT * {{ ?{name} cosi:letter "a" . {others} }}'
        assert explained(shipped, text).findings[-1].replacement == '"A"'


def test_a_project_explains_in_its_reading(shipped: Project) -> None:
    explanation = shipped.explain('SELECT ?x { ?x cosi:letter "a" }')
    assert explanation == explained(shipped, explanation.query)


def test_an_answer_that_is_not_empty_is_not_explained(shipped: Project) -> None:
    explanation = explained(shipped, "SELECT * { ?x a cosi:Goal OPTIONAL { ?x a cosi:None } }")
    assert (explanation.is_empty, explanation.findings) == (False, [])
    counted = explained(shipped, "SELECT (COUNT(*) AS ?n) { ?x a cosi:Goals }")
    assert counted.is_empty is False
    assert "matches nothing" in counted.summary


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x a cosi:Goals {| cosi:by ?y |} }",
        "SELECT * { <<( ?x a cosi:Goals )>> cosi:by ?y }",
        'SELECT * { ?x cosi:code "\\u0041-0" }',
        f"SELECT * {{ ?x a cosi:Goals {'#' * 40_000}\n }}",
        f"SELECT * {'{' * 200} ?x a cosi:Goals {'}' * 200}",
    ],
)
def test_what_cannot_be_taken_apart_is_said_to_be_so(shipped: Project, text: str) -> None:
    explanation = explained(shipped, text)
    assert explanation.is_empty
    assert explanation.findings == []
    assert "could not be taken apart" in str(explanation.stopped)


def test_it_ends_at_its_limits_and_says_so(shipped: Project) -> None:
    text = "SELECT * { ?x a cosi:Goals ; a cosi:Gaols }"
    few = explained(shipped, text, limits=ExplanationLimits(probes=3))
    assert few.probes == 3
    assert few.stopped is not None
    assert "3 probes" in few.stopped
    assert few.is_empty is None
    late = explained(shipped, text, limits=ExplanationLimits(seconds=0))
    assert late.probes == 0
    assert late.stopped is not None


def test_more_findings_than_help_are_not_told(shipped: Project) -> None:
    patterns = " ".join(f"?x cosi:code 'none-{number}' ." for number in range(200))
    explanation = explained(
        shipped, f"SELECT * {{ {patterns} }}", limits=ExplanationLimits(probes=10_000)
    )
    assert len(explanation.findings) == 50
    assert "50 findings" in str(explanation.stopped)
