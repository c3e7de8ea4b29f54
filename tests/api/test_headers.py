# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosigraph_api.headers import SECURITY, entity_tag, is_current

PARTS = st.lists(st.text(st.characters()), max_size=4)


@given(PARTS, PARTS)
def test_tags_are_the_same_just_when_all_parts_are(one: list[str], other: list[str]) -> None:
    assert (entity_tag(one) == entity_tag(other)) is (one == other)


@given(PARTS)
def test_a_tag_is_strong_and_current_to_itself(parts: list[str]) -> None:
    tag = entity_tag(parts)
    assert tag.startswith('"')
    assert tag.endswith('"')
    assert is_current(tag, tag)


def test_no_condition_and_another_tag_are_not_current() -> None:
    assert not is_current(None, '"a"')
    assert not is_current('"b"', '"a"')
    assert not is_current('"b", W/"c"', '"a"')
    assert is_current('"b", W/"a"', '"a"')


def test_pages_run_no_script_and_load_nothing_from_elsewhere() -> None:
    policy = SECURITY["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
