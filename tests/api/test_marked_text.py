# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosigraph.note_blocks import Block
from cosigraph_api.marked_text import Marking, pieces

PLACES = st.tuples(st.integers(-3, 12), st.integers(-3, 12))


@given(
    st.text(max_size=10),
    st.lists(PLACES, max_size=4),
    st.lists(PLACES, max_size=3),
    st.lists(st.integers(-3, 12), max_size=3),
)
def test_the_pieces_are_the_text_and_each_lies_within_its_marks(
    text: str,
    marked: list[tuple[int, int]],
    emphases: list[tuple[int, int]],
    calls: list[int],
) -> None:
    marks = tuple((place, number) for number, place in enumerate(calls))
    block = Block(1, text, emphases=tuple(emphases), marks=marks)
    markings = [Marking(start, end, "kind", "label") for start, end in marked]
    found = list(pieces(block, markings))
    assert "".join(piece.text for piece in found) == text
    assert sorted(p.footnote for p in found if p.footnote is not None) == list(range(len(calls)))
    place = 0
    for piece in found:
        end = place + len(piece.text)
        for marking in piece.markings:
            assert marking.start <= place
            assert end <= marking.end
        place = end
    for marking in markings:
        within = "".join(piece.text for piece in found if marking in piece.markings)
        is_possible = 0 <= marking.start < marking.end <= len(text)
        assert within == (text[marking.start : marking.end] if is_possible else "")
