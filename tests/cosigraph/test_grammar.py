# SPDX-License-Identifier: Apache-2.0
"""The grammar is complete, and one token ahead is enough to read by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from cosigraph.grammar import Node, first_terminals, is_optional, leading, rules, terminal
from cosigraph.sparql import tokens

KINDS = {
    *("IRIREF", "PNAME", "VAR", "STRING", "LANGTAG", "BLANK", "INTEGER", "DECIMAL"),
    *("FUNCTION", "AGGREGATE", "END"),
}


def parts(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from parts(part)


EVERY_PART = [part for rule in rules().values() for part in parts(rule)]


def test_every_symbol_is_a_rule_a_kind_of_token_or_quoted() -> None:
    symbols = {part.symbol for part in EVERY_PART if part.kind == "symbol"}
    assert {name for name in symbols if name[0] != "'"} - set(rules()) == KINDS


def test_every_rule_but_the_first_is_used() -> None:
    used = {part.symbol for part in EVERY_PART}
    assert set(rules()) - used == {"Query"}


def test_one_token_ahead_tells_the_alternatives_apart() -> None:
    for part in EVERY_PART:
        if part.kind == "choice":
            counted = Counter(name for option in part.parts for name in first_terminals(option))
            assert [name for name, count in counted.items() if count > 1] == []


def test_what_may_be_left_out_and_what_leads() -> None:
    assert is_optional(rules()["Prologue"])
    assert not is_optional(rules()["Group"])
    assert [part.symbol for part in leading(rules()["Bracketed"].parts[0])] == ["'('"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a", "'a'"),
        ("A", "'A'"),
        ("TRUE", "'true'"),
        ("select", "'SELECT'"),
        ("count", "AGGREGATE"),
        ("isIRI", "FUNCTION"),
        ("12", "INTEGER"),
        ("1.2", "DECIMAL"),
        ("ex:a", "PNAME"),
        ("&&", "'&&'"),
    ],
)
def test_a_token_has_the_grammars_name(text: str, name: str) -> None:
    (token,) = tokens(text)
    assert terminal(token) == name
