# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.latest_prefixes import LatestPrefixes


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=3), max_size=5))
def test_prefixes_arrive_whichever_came_before(sent: list[dict[str, str]]) -> None:
    here, there = LatestPrefixes(), LatestPrefixes()
    for prefixes in sent:
        assert there.decoded(here.encoded(prefixes)) == prefixes
        assert there.decoded(here.encoded(prefixes)) == prefixes
