# SPDX-License-Identifier: Apache-2.0
"""The front matter of a canned query: YAML in comment lines, with places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import QueryFileError
from cosigraph.front_matter import read_front_matter


def test_scalars_stay_as_they_are_written() -> None:
    entry = read_front_matter("#+ a: no\n#+ b: 1.50\n#+ c: 2011-10-21\n#+ d: 007\n", "q.rq")
    texts = {key: value.text() for key, value in entry.mapping().items()}
    assert texts == {"a": "no", "b": "1.50", "c": "2011-10-21", "d": "007"}


def test_a_block_of_text_keeps_its_lines() -> None:
    entry = read_front_matter("#+ a: |\n#+   one\n#+\n#+   two\nSELECT", "q.rq")
    assert entry.mapping()["a"].text() == "one\n\ntwo"


def test_places_are_those_of_the_file() -> None:
    entry = read_front_matter("# a licence\n\n#+ a:\n#+   b: c\n", "q.rq")
    inner = entry.mapping()["a"].mapping()["b"]
    assert str(inner.key_position) == "q.rq:4:6"
    assert str(inner.position) == "q.rq:4:9"


def test_a_single_value_is_a_list_of_itself() -> None:
    entry = read_front_matter("#+ a: one\n#+ b: [one, two]\n", "q.rq").mapping()
    assert [item.text() for item in entry["a"].items()] == ["one"]
    assert [item.text() for item in entry["b"].items()] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "q.rq:1: The query has no front matter."),
        ("", "q.rq:1: The query has no front matter."),
        ("#+ a: b\n\n#+ c: d\n", "q.rq:3: The front matter is interrupted."),
        ("#+a: b\n", "q.rq:1: A space is missing after '#+'."),
        ("#+\nSELECT", "q.rq:1: The front matter is empty."),
        ("#+ a: b: c\n", "q.rq:1:8: The front matter is not well-formed YAML"),
        ("#\n#+ a: [b\nSELECT", "q.rq:2:9: The front matter is not well-formed YAML"),
        ("#+ a: \x07\n", "q.rq:1: The front matter holds a character that YAML does not allow."),
    ],
)
def test_what_is_no_front_matter_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(QueryFileError) as caught:
        read_front_matter(text, "q.rq")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(QueryFileError, match=r"^q.rq:2:4: The key 'a' stands here twice"):
        read_front_matter("#+ a: b\n#+ a: c\n", "q.rq").mapping()


def test_an_unknown_key_is_refused_with_the_one_that_was_meant() -> None:
    entry = read_front_matter("#+ sumary: b\n", "q.rq")
    with pytest.raises(QueryFileError, match=r"1:4: The key 'sumary' .* Did you mean 'summary'"):
        entry.fields("summary", "columns")


def test_the_wrong_kind_of_value_is_refused() -> None:
    entry = read_front_matter("#+ a: [b]\n#+ c:\n#+ d: yes\n", "q.rq").mapping()
    with pytest.raises(QueryFileError, match="A single value is expected"):
        entry["a"].text()
    with pytest.raises(QueryFileError, match="Keys with values"):
        entry["a"].mapping()
    with pytest.raises(QueryFileError, match="A value is missing"):
        entry["c"].text()
    with pytest.raises(QueryFileError, match="neither true nor false"):
        entry["d"].flag()


@given(st.text())
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    refusal = ""
    try:
        read_front_matter("#+ " + text, "q.rq").fields("summary")
    except QueryFileError as error:
        refusal = str(error)
    assert len(refusal.splitlines()) <= 1
