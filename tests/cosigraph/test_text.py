# SPDX-License-Identifier: Apache-2.0
"""When two texts count as the same."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.text import digest, escape_markdown, normalise


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("## **Trees**\n\ngrow  \nslowly.\n", "Trees grow slowly."),
        ("- one\n- two\n\n---\n\n+ three", "one two three"),
        ("*some **trees** grow*", "some trees grow"),
        ("old<sup>1</sup> trees", "old<sup>1</sup> trees"),
        ("ten-year-old trees, 3 - 4 metres", "ten-year-old trees, 3 - 4 metres"),
        (r"2 \* 3, \- \[sic\]", "2 * 3, - [sic]"),
        ("cafe\u0301\u00a0noir", "caf\u00e9 noir"),
    ],
)
def test_layout_and_marks_are_taken_away(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n \t#-+*\\`_<&[>.)12"))))
def test_escaped_text_is_the_same_text(text: str) -> None:
    assert normalise(escape_markdown(text)) == unicodedata.normalize("NFC", " ".join(text.split()))


@given(st.text(alphabet="ab#-+*\\1.) "))
def test_within_a_line_less_is_escaped(text: str) -> None:
    assert normalise("x " + escape_markdown(text, begins_line=False)) == normalise(
        "x " + escape_markdown(text)
    )


def test_a_line_start_is_escaped_only_there() -> None:
    assert escape_markdown("- a") == r"\- a"
    assert escape_markdown("2) a") == r"2\) a"
    assert escape_markdown(") - a\n- b", begins_line=False) == ") - a\n\\- b"


def test_the_digest_is_that_of_the_normalised_text() -> None:
    assert digest("# B\u00e4ume\n") == hashlib.sha256("B\u00e4ume".encode()).hexdigest()
