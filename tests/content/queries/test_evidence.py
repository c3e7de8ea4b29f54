# SPDX-License-Identifier: Apache-2.0
"""Evidence is quoted where it stands, and told apart from what is read."""

from __future__ import annotations

import pytest

from cosigraph import Project
from tests.content.queries.asking import ask


@pytest.fixture(scope="module")
def texts(shipped: Project) -> dict[str, str]:
    rows = shipped.query("SELECT ?block ?text { ?block a cosi:TextBlock ; cosi:text ?text }")
    return {str(block)[1:-1]: str(getattr(text, "value", "")) for block, text in rows.rows()}


@pytest.mark.parametrize("name", ["evidence-for", "shared-goal-evidence"])
def test_a_quotation_stands_where_it_is_said_to(
    shipped: Project, texts: dict[str, str], name: str
) -> None:
    rows = ask(shipped, name)
    assert rows
    assert [row for row in rows if texts[row.block][row.start : row.end] != row.quotation] == []


@pytest.mark.parametrize("name", ["mentions", "goals-by-theme", "evidence-beyond-claims"])
def test_a_quotation_stands_in_the_text_of_the_goal_or_title(shipped: Project, name: str) -> None:
    said = {row.code: row.text for row in ask(shipped, "goals")}
    said |= {row.letter: row.title for row in ask(shipped, "priorities")}
    for row in ask(shipped, name, **({"strength": "arguable"} if "beyond" in name else {})):
        assert said[row.goal][row.start : row.end] == row.quotation


def test_every_statement_that_involves_a_thing_is_evidence_for_it(shipped: Project) -> None:
    statements = {
        str(row.statement).rpartition("/")[2]: row
        for row in ask(shipped, "evidence-for", thing="Frontex")
    }
    assert {"co-driver_C_frontex", "supporting-agency_B_frontex", "tasking"} <= set(statements)
    assert statements["co-driver_C_frontex"].kind == "role assignment"
    itself = ask(shipped, "evidence-for", thing=statements["co-driver_C_frontex"].statement)
    assert [row.quotation for row in itself] == ["with Frontex as co-driver"]


def test_what_is_stated_and_what_is_read_are_told_apart(shipped: Project) -> None:
    rows = ask(shipped, "provenance-of", thing="A-1")
    basis = {(str(row.property).rpartition("#")[2], row.basis) for row in rows}
    assert {("goalOf", "stated"), ("text", "stated"), ("realises", "editorial")} <= basis
    assert not {("realises", "stated"), ("goalOf", "editorial")} & basis
    realises = [row for row in rows if row.basis == "editorial" and "realises" in row.property]
    assert realises[0].quotations == (
        "contribute to strategic and operational analyses",
        "deliver the most comprehensive and accurate picture of drug trafficking",
    )


def test_a_role_is_proved_by_the_words_that_give_that_role(shipped: Project) -> None:
    rows = ask(shipped, "provenance-of", thing="Frontex")
    quoted = [
        (str(row.property).rpartition("#")[2], row.label, row.quotations)
        for row in rows
        if row.quotations
    ]
    assert quoted == [
        ("coLeads", "Priority C: Illegal immigration", ("with Frontex as co-driver",)),
        (
            "supports",
            "Priority B: Western Balkans",
            ("Frontex on illegal immigration, THB and Western Balkans",),
        ),
        ("supports", "Priority C: Illegal immigration", ("Frontex on illegal immigration",)),
        (
            "supports",
            "Priority F: Trafficking in human beings",
            ("Frontex on illegal immigration, THB",),
        ),
    ]
