# SPDX-License-Identifier: Apache-2.0
"""A quotation differs from its text in nothing, or what differs is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.check.quotations import Quotation, differences

TEXT = "Trees bear fruit. Old trees \U0001f333 bear less fruit."


def told(quotation: Quotation, span: tuple[int, int] | None, text: str = TEXT) -> list[str]:
    found = differences(quotation, span, text, "block:1")
    return [f"{each.part}: {each.message} {each.advice}" for each in found]


@given(st.text(min_size=1), st.data())
def test_what_is_cut_from_a_text_is_at_its_position(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quotation = Quotation(text[start:end], text[:start][-5:], text[end:][:5])
    assert told(quotation, (start, end), text) == []
    assert told(quotation, None, text) == []


@given(st.text(min_size=1), st.integers(0, 50), st.text(), st.text())
def test_a_quotation_is_found_where_the_advice_says(
    words: str, start: int, before: str, after: str
) -> None:
    text = f"{before}{words}{after}"
    for message in told(Quotation(words), (start, start + len(words)), text):
        found = re.search(r"oa:start (\d+), oa:end (\d+)", message)
        assert found is not None
        assert text[int(found[1]) : int(found[2])] == words


@pytest.mark.parametrize(
    ("quotation", "span", "message"),
    [
        (
            Quotation("fruit", "less "),
            (11, 16),
            'prefix: Before the quotation stands "bear ", not "less ". '
            "Did you mean oa:start 40, oa:end 45?",
        ),
        (
            Quotation("fruit"),
            (12, 17),
            'exact: At 12 to 17 of block:1 stands "ruit.", not "fruit". '
            "Did you mean oa:start 11, oa:end 16? They stand at 1 more place.",
        ),
        (
            Quotation("fruits"),
            (11, 17),
            'exact: At 11 to 17 of block:1 stands "fruit.", not "fruits". '
            "The words stand nowhere in this text: correct them, or oa:hasSource.",
        ),
        (
            Quotation("Old", "x"),
            None,
            'exact: "Old" does not stand in the text of block:1 with the words around it. '
            "Did you mean oa:start 18, oa:end 21, with other words around them?",
        ),
    ],
)
def test_what_differs_is_told_with_where_the_words_are(
    quotation: Quotation, span: tuple[int, int] | None, message: str
) -> None:
    assert told(quotation, span) == [message]


def test_a_message_is_one_line_with_no_sign_that_a_terminal_obeys() -> None:
    (message,) = told(Quotation("x"), (0, 4), "\x1b[2J\n more")
    assert message.isprintable()
