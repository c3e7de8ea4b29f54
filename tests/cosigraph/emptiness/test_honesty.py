# SPDX-License-Identifier: Apache-2.0
"""No pattern that matches something is said to match nothing, and no text makes it raise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cosigraph import open_project
from cosigraph.answers import Answer, prepare
from cosigraph.emptiness import ExplanationLimits, Kind
from cosigraph.errors import CosigraphError
from cosigraph.grammar import WORDS
from cosigraph.terms import RDF
from tests.cosigraph.emptiness.asking import explained, offset

ORCHARD = Path(__file__).parents[2] / "projects" / "orchard"
BASE = "https://orchard.example/"
REASONS = {Kind.PATTERN, Kind.JOIN, Kind.FILTER, Kind.MODIFIER, Kind.TEMPLATE, Kind.GRAPH}
UNKNOWN = {"tree:9", "orch:none", "orch:Fruit"}
# Few enough that whole groups of them match something now and then.
SUBJECTS = ("?a", "?b", "tree:1", "tree:9", "variety:russet", "_:c", "[]")
PROPERTIES = (
    "a",
    "?p",
    "orch:variety",
    "orch:flavour",
    "orch:height",
    "orch:variety/skos:prefLabel",
    "^orch:variety",
    "orch:none",
    "skos:notation",
)
OBJECTS = ("?a", "?b", "?c", "orch:Tree", "variety:russet", '"nutty"', '"Nutty"@en', "7.25", "[]")


PROJECT = open_project(ORCHARD)

triples = st.builds(
    "{} {} {} .".format,
    st.sampled_from(SUBJECTS),
    st.sampled_from(PROPERTIES),
    st.sampled_from(OBJECTS),
)
filters = st.sampled_from(
    (
        'FILTER(?a = "nutty")',
        "FILTER(?b > 5)",
        'FILTER(LANG(?c) = "en")',
        "FILTER(isIRI(?a) && !BOUND(?b))",
        "FILTER EXISTS { ?a orch:flavour ?c }",
        'FILTER CONTAINS(STR(?b), "Russet")',
        "FILTER(?a IN (tree:1, tree:2))",
    )
)
others = st.sampled_from(
    (
        "VALUES ?b { variety:russet }",
        "VALUES (?a ?b) { (tree:1 UNDEF) }",
        "VALUES ?c { }",
        "BIND(1 AS ?n)",
        "OPTIONAL { ?a orch:none ?d }",
        "MINUS { ?a orch:flavour 'sharp' }",
        "{ SELECT ?a { ?a a orch:Tree } LIMIT 1 }",
    )
)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.lists(inner, min_size=1, max_size=2).map(" ".join)
    return st.one_of(
        st.builds("{{ {} }}".format, group),
        st.builds("{{ {} }} UNION {{ {} }}".format, group, group),
        st.builds("OPTIONAL {{ {} }}".format, group),
        st.builds("GRAPH ?g {{ {} }}".format, group),
        st.builds("GRAPH <https://orchard.example/graph/trees> {{ {} }}".format, group),
    )


parts = st.recursive(st.one_of(triples, triples, filters, others), wrapped, max_leaves=3)
queries = st.builds(
    "{} {{ {} }}{}".format,
    st.sampled_from(("SELECT *", "ASK", "CONSTRUCT { ?a a ?b }", "SELECT DISTINCT ?a")),
    st.lists(parts, min_size=1, max_size=3).map("\n".join),
    st.sampled_from(("", "", " LIMIT 3", " VALUES ?a { tree:3 }")),
)


@given(queries, st.sampled_from((None, "second")))
@example("SELECT * { ?near orch:flavour ?near1 . ?near a orch:Fruit }", None)
def test_a_query_with_an_answer_is_never_said_to_have_a_reason_for_none(
    text: str, reading: str | None
) -> None:
    try:
        query = prepare(text, PROJECT.surroundings, reading=reading)
        answer = Answer(PROJECT.store, query)
        has_answer = answer.boolean or bool(answer.rows() if "bind" in query.format.kind else 0)
        has_answer = has_answer or bool(answer.triples())
    except CosigraphError:
        return
    explanation = explained(PROJECT, text, reading=reading)
    assert explanation.is_empty is not has_answer
    reasons = [each for each in explanation.findings if each.kind in REASONS]
    assert bool(reasons) is not has_answer, explanation.text()
    for finding in explanation.findings:
        assert finding.position is not None
        assert finding.kind is not Kind.UNKNOWN or finding.detail.split()[0] in UNKNOWN
        assert finding.term is None or text.startswith(finding.term, offset(text, finding))


terms = st.sampled_from(
    (
        None,
        NamedNode(f"{BASE}id/tree/1"),
        NamedNode(f"{BASE}id/tree/9"),
        NamedNode(f"{BASE}ontology#Tree"),
        NamedNode(f"{BASE}ontology#flavour"),
        NamedNode(f"{BASE}ontology#none"),
        NamedNode(f"{RDF}type"),
        Literal("nutty"),
        Literal("Nutty"),
    )
)
Pattern = tuple[NamedNode | Literal | None, ...]


def fitting(pattern: Pattern) -> list[tuple[object, ...]]:
    """The triples that a pattern matches, found without any engine."""
    return [
        tuple(triple)
        for triple in PROJECT.dataset.default_triples()
        if all(wanted in {None, term} for wanted, term in zip(pattern, triple, strict=True))
    ]


def written(patterns: Sequence[Pattern], joint: str) -> Iterator[str]:
    """The patterns in SPARQL; the subjects that are variables are the same one."""
    for index, pattern in enumerate(patterns):
        names = (joint, f"?p{index}", f"?o{index}")
        yield " ".join(
            str(term) if term is not None else name
            for term, name in zip(pattern, names, strict=True)
        )


@given(st.lists(st.tuples(terms, terms, terms), min_size=1, max_size=3))
def test_what_is_said_to_match_nothing_matches_nothing_by_another_reckoning(
    patterns: list[Pattern],
) -> None:
    texts = list(written(patterns, "?s"))
    text = f"SELECT * {{ {' . '.join(texts)} }}"
    try:
        prepare(text, PROJECT.surroundings)
        explanation = explained(PROJECT, text)
    except CosigraphError:
        return
    if explanation.is_empty is None:  # a literal in a place where none can be
        return
    alone = {each: fitting(pattern) for each, pattern in zip(texts, patterns, strict=True)}
    said = {each.pattern for each in explanation.findings if each.kind is Kind.PATTERN}
    assert said == {each for each, found in alone.items() if not found}
    subjects = [
        {triple[0] for triple in alone[each]}
        for each, pattern in zip(texts, patterns, strict=True)
        if pattern[0] is None
    ]
    together = set.intersection(*subjects) if subjects else {None}
    is_join_empty = not said and not together
    assert any(each.kind is Kind.JOIN for each in explanation.findings) is is_join_empty


snippets = st.sampled_from(
    [
        *SUBJECTS,
        *PROPERTIES,
        *OBJECTS,
        *"{}()[].;,<>|^*+?/!=&",
        *sorted(WORDS),
        "'''\\q'''",
        '"\\u0022',
        "true",
        "<x>",
        "# remark\n",
        "@en",
        "^^",
        "{|",
        "<<",
        "REGEX(?a, 'x')",
        "\ud800",
    ]
)


@given(st.one_of(st.text(), st.lists(snippets, max_size=12).map(" ".join)))
@example("ASK { ?a a 'x'^^<y z> }")
@example("DESCRIBE <x>")
@example("SELECT * { ?a a ?b } VALUES () { }")
@example("PREFIX : <x> PREFIX orch: : SELECT * { :a :b :c }")
def test_whatever_the_text_only_the_projects_errors_are_raised(text: str) -> None:
    with suppress(CosigraphError):
        explanation = explained(PROJECT, text, limits=ExplanationLimits(probes=30))
        explanation.text()
        explanation.members()


@given(st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(OBJECTS)), max_size=4))
def test_any_group_within_any_is_read(pairs: list[tuple[str, str]]) -> None:
    inner = " ".join(f"{first} orch:none {second} ." for first, second in pairs)
    for opening, closing in product(("{", "OPTIONAL {", "GRAPH ?g {"), ("}",)):
        text = f"SELECT * {{ {opening} {inner} {closing} }}"
        assert explained(PROJECT, text).stopped is None
