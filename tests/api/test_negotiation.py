# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph_api.negotiation import media_ranges, preferred, prefers_html

OFFERS = ("application/sparql-results+json", "application/xml", "text/csv", "text/html")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, OFFERS[0]),
        ("", OFFERS[0]),
        ("*/*", OFFERS[0]),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/xml;q=0.2", "application/xml"),
        ("text/csv;q=0, */*", OFFERS[0]),
        ("application/sparql-results+json;q=0, */*", "application/xml"),
        ("image/png", None),
        ("image/png, */*;q=0", None),
        ("text/csv;q=2", OFFERS[0]),
        ("nonsense", OFFERS[0]),
        ("nonsense, text/csv", "text/csv"),
        ('application/xml;profile="a,b;q=0", text/csv;q=0.5', "application/xml"),
        ("*/xml", OFFERS[0]),
        (BROWSER, "text/html"),
    ],
)
def test_the_best_liked_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert preferred(accept, OFFERS) == chosen


def test_the_most_specific_range_decides_an_offers_quality() -> None:
    assert preferred("text/*;q=0.9, text/csv;q=0.1, text/html;q=0.2", OFFERS) == "text/html"


def test_a_browser_prefers_html_and_a_program_does_not() -> None:
    assert prefers_html(BROWSER)
    assert not prefers_html("*/*")
    assert not prefers_html(None)
    assert not prefers_html("application/json")
    assert not prefers_html("text/csv")


@given(st.text())
def test_any_header_gives_an_offer_or_none(accept: str) -> None:
    assert preferred(accept, OFFERS) in {*OFFERS, None}


@given(
    st.lists(
        st.tuples(st.sampled_from(OFFERS), st.integers(min_value=0, max_value=1000)),
        min_size=1,
        unique_by=lambda member: member[0],
    )
)
def test_the_highest_quality_wins_and_none_at_zero(members: list[tuple[str, int]]) -> None:
    accept = ", ".join(f"{offer};q={quality / 1000:.3f}" for offer, quality in members)
    assert len(media_ranges(accept)) == len(members)
    chosen = preferred(accept, OFFERS)
    highest = max(quality for _, quality in members)
    if highest == 0:
        assert chosen is None
    else:
        assert chosen is not None
        assert dict(members)[chosen] == highest
