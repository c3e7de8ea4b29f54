# SPDX-License-Identifier: Apache-2.0
"""Form fields are read as the standard library reads them."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cosigraph_api.form_fields import MOST_FIELDS, form_fields

ODD = st.text(alphabet="%=&+;2fFzZ0d\r\n aé\\", max_size=30)
ENCODED = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=5).map(
    lambda pairs: "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
)


def standard(text: str) -> list[tuple[str, str]] | str:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        return type(error).__name__


def ours(text: str) -> list[tuple[str, str]] | str:
    try:
        return form_fields(text)
    except ValueError as error:
        return type(error).__name__


@given(text=st.one_of(ODD, ENCODED))
@example(text="%3D%3d=%%&%=%41%4&a==%0A%0D&&b")
@example(text="a=%\n1")
@example(text="a=%C3%BC&b=%C3&c=%ff")
def test_they_are_read_as_the_standard_library_reads_them(text: str) -> None:
    assert ours(text) == standard(text)


@pytest.mark.parametrize("number", [MOST_FIELDS - 1, MOST_FIELDS, MOST_FIELDS + 1])
def test_there_is_a_limit(number: int) -> None:
    text = "&".join(["a=1"] * number)
    assert ours(text) == standard(text)
    assert (ours(text) == "ValueError") is (number > MOST_FIELDS)
