# SPDX-License-Identifier: Apache-2.0
"""What breaks for people who query: terms, identifiers, graphs, and what queries take and give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosigraph.canned import CannedQuery
from cosigraph.difference.breaking import Breaking, BreakingKind, breaking_changes
from cosigraph.difference.comparison import compare
from cosigraph.difference.contracts import contract_changes
from cosigraph.project import Project
from tests.cosigraph.difference.making import version

OWL = "http://www.w3.org/2002/07/owl#"
BASE = "https://example.org/"


def broken(old: str, new: str, base: str | None = None) -> list[Breaking]:
    owl = f"@prefix owl: <{OWL}> . "
    before, after = (replace(version(owl + text), base=base) for text in (old, new))
    return breaking_changes(compare(before, after))


def told(old: str, new: str, base: str | None = None) -> list[str]:
    return [f"{each.kind} {(each.iri or '').removeprefix(BASE)}" for each in broken(old, new, base)]


def test_a_term_that_is_gone_breaks_whatever_the_base() -> None:
    old = ":C a owl:Class ; :p 1 . :i a :C . :D a owl:Class . :x :p 1 ."
    assert told(old, ":D a owl:Class . :x :p 1 .") == ["term-gone C"]


def test_a_term_that_is_kept_as_deprecated_breaks_nothing() -> None:
    old = ":C a owl:Class . :D a owl:Class ."
    assert told(old, ":C owl:deprecated true . :D a owl:Class .") == []


def test_an_identifier_of_the_project_that_is_gone_breaks() -> None:
    old, new = ":a :p 1 . <urn:x:b> :p 1 . :c :p 1 .", ":c :p 1 ."
    assert told(old, new, BASE) == ["identifier-gone a"]
    assert told(old, new) == []


def test_a_renamed_identifier_breaks_and_its_new_name_is_told() -> None:
    (each,) = broken(':a :p "x" ; :q 1 .', ':b :p "x" ; :q 1 .', BASE)
    assert (each.kind, each.iri, each.instead) == (BreakingKind.IDENTIFIER, f"{BASE}a", f"{BASE}b")


def test_what_no_statement_uses_any_more_breaks() -> None:
    old = ":g { :a a :C ; :p 1 ; :q 2 } :h { :a :q 2 }"
    assert told(old, ":h { :a :q 2 }") == [
        "use-gone http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "use-gone C",
        "use-gone p",
        "graph-gone g",
    ]


def test_what_is_new_breaks_nothing() -> None:
    assert told(":a :p 1 .", ":a :p 1 ; :q 1 . :b a owl:Class .", BASE) == []


@pytest.fixture
def query(orchard: Project) -> CannedQuery:
    return orchard.queries["trees"]


def contract(old: CannedQuery, *new: CannedQuery) -> list[str]:
    found = contract_changes({old.name: old}, {each.name: each for each in new})
    return [each.detail for each in found]


def test_a_query_that_is_gone_breaks(query: CannedQuery) -> None:
    assert contract(query) == ["The query 'trees' is gone."]
    assert contract(query, query) == []


def test_a_query_that_takes_other_parameters_breaks(query: CannedQuery) -> None:
    variety, planted = query.parameters.values()
    now = {
        "variety": replace(variety, many=False, required=True),
        "since": replace(planted, name="since", required=True),
    }
    assert contract(query, replace(query, parameters=now)) == [
        "The query 'trees' takes one value of 'variety', no longer many.",
        "The query 'trees' now needs the parameter 'variety'.",
        "The query 'trees' no longer has the parameter 'planted-before'.",
        "The query 'trees' now needs the parameter 'since'.",
    ]
    other = replace(
        query, parameters={"variety": variety, planted.name: replace(planted, type=variety.type)}
    )
    assert contract(query, other) == [
        "The query 'trees' takes 'planted-before' as iri, no longer as date."
    ]


def test_a_query_that_gives_other_columns_breaks(query: CannedQuery) -> None:
    columns = (replace(query.columns[0], datatype="any"), *query.columns[1:-1])
    assert contract(query, replace(query, columns=columns)) == [
        "The query 'trees' gives 'tree' as any, otherwise than before.",
        "The query 'trees' no longer has the column 'flavours'.",
    ]


def test_a_query_that_takes_and_gives_more_breaks_nothing(query: CannedQuery) -> None:
    fewer = replace(query, parameters={}, columns=query.columns[1:])
    assert contract(fewer, query) == []
