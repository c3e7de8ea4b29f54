# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cosigraph.chains import MOST_GROUPS, MOST_OPERATORS, refuse_long_chains
from cosigraph.errors import QuerySyntaxError

OPERATORS = {
    "not": ("ASK { FILTER(", "!", "true) }"),
    "sum": ("SELECT (1", " + 1", " AS ?x) {}"),
    "difference": ("SELECT (1", "-1", " AS ?x) {}"),
    "and": ("ASK { FILTER(true", " && true", ") }"),
    "or": ("ASK { ?s ?p ?o FILTER(?s = <a:a>", " || ?s = <a:a>", ") }"),
    "sequence": ("ASK { ?s <a:a>", "/<a:a>", " ?o }"),
    "alternative": ("ASK { ?s <a:a>", "|<a:a>", " ?o }"),
}
GROUPS = {
    "union": ("ASK { {}", "UNION {}", "}"),
    "optional": ("ASK {", "OPTIONAL { ?a ?b ?c }", "}"),
    "minus": ("ASK { ?s ?p ?o ", "MINUS { ?a ?b ?c }", "}"),
}


def chain(parts: tuple[str, str, str], length: int) -> str:
    before, link, after = parts
    return before + link * length + after


@pytest.mark.parametrize("name", OPERATORS)
def test_a_chain_of_operators_may_not_be_too_long(name: str) -> None:
    refuse_long_chains(chain(OPERATORS[name], MOST_OPERATORS))
    with pytest.raises(QuerySyntaxError, match="more than 4,096 operators") as caught:
        refuse_long_chains(chain(OPERATORS[name], MOST_OPERATORS + 1))
    assert caught.value.position is not None


@pytest.mark.parametrize("name", GROUPS)
def test_a_chain_of_groups_may_not_be_too_long(name: str) -> None:
    refuse_long_chains(chain(GROUPS[name], MOST_GROUPS))
    with pytest.raises(QuerySyntaxError, match=r"more than 1,024 UNION"):
        refuse_long_chains(chain(GROUPS[name], MOST_GROUPS + 1))


@pytest.mark.parametrize(
    "value", ["-1", "+1.5", "<http://a/b/c/d-e>", "'a+b-c'", "p:a-b", "'|' #-*/\n"]
)
def test_what_is_no_operator_does_not_count(value: str) -> None:
    refuse_long_chains(f"SELECT * {{ VALUES ?x {{ {f'{value} ' * 3 * MOST_OPERATORS} }} }}")
