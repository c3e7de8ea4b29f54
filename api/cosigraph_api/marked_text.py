# SPDX-License-Identifier: Apache-2.0
"""A block's text in pieces: what is marked in it, what is emphasised, where footnotes are called.

Marks overlap; a piece lies within all of its marks or within none, and the pieces joined are the
text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from cosigraph.note_blocks import Block
from cosigraph.pictures.values import text
from cosigraph.table import Row


@dataclass(frozen=True, slots=True)
class Marking:
    """A statement that rests on words of a block.

    Attributes:
        start: where the words begin, in code points of the block's text
        end: where they end
        kind: what is marked
        label: what the thing is called that the statement is about
        remark: how it stands to it, or ""
        thing: the thing's IRI, or ""
        statement: the statement's IRI, or ""
    """

    start: int
    end: int
    kind: str
    label: str
    remark: str = ""
    thing: str = ""
    statement: str = ""

    @property
    def told(self) -> str:
        """The marking in words."""
        return f"{self.kind}: {self.label}" + (f" ({self.remark})" if self.remark else "")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with what marks it, or the call of a footnote."""

    text: str
    markings: tuple[Marking, ...] = ()
    is_emphasised: bool = False
    footnote: int | None = None


def marking_of(row: Row, chart: Mapping[str, str]) -> tuple[str, Marking] | None:
    """The block's IRI and the marking that a row tells; None if the row has no place."""
    start, end = row[chart["start"]], row[chart["end"]]
    if not isinstance(start, int) or not isinstance(end, int):
        return None

    def told(key: str) -> str:
        return text(row[chart[key]]) if key in chart else ""

    thing, statement = told("thing"), told("statement")
    label = told("label") or thing or statement
    return told("block"), Marking(start, end, told("kind"), label, told("remark"), thing, statement)


def pieces(block: Block, markings: Iterable[Marking]) -> Iterator[Piece]:
    """The block's text in pieces, in order."""
    length = len(block.text)
    marked = [each for each in markings if 0 <= each.start < each.end <= length]
    calls = sorted((min(max(place, 0), length), number) for place, number in block.marks)
    places = {0, length, *(place for place, _ in calls)}
    for start, end in (*((each.start, each.end) for each in marked), *block.emphases):
        places |= {place for place in (start, end) if 0 <= place <= length}
    ordered = sorted(places)
    yield from _calls(calls, 0)
    for start, end in pairwise(ordered):
        within = tuple(each for each in marked if each.start <= start and end <= each.end)
        is_emphasised = any(first <= start and end <= last for first, last in block.emphases)
        yield Piece(block.text[start:end], within, is_emphasised)
        yield from _calls(calls, end)


def _calls(calls: Iterable[tuple[int, int]], place: int) -> Iterator[Piece]:
    return (Piece("", footnote=number) for at, number in calls if at == place)
