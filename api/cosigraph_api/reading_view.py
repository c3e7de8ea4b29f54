# SPDX-License-Identifier: Apache-2.0
"""A document as its page shows it: parts in order, with what is marked beside each block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cosigraph.note_blocks import Block

from .marked_text import Marking, Piece, pieces

_HIGHEST, _LOWEST = 2, 6  # levels of headings below the page's own
_HEADING = re.compile(r"(#+)\s+")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of marking; ``number`` tells its look, ``count`` how many there are."""

    name: str
    number: int
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ReadingBlock:
    """A block as it is shown.

    Attributes:
        anchor: its fragment within the page
        form: how it is set: heading, item, footnote, strong, italic, or plain
        level: a heading's level, else 0
        number: a footnote's number, else None
        pieces: its text
        notes: what is marked in it, by kind: each thing once, with all that says so
        footnotes: the footnotes that are called in it
        iri: its own
    """

    anchor: str
    form: str
    level: int
    number: int | None
    pieces: tuple[Piece, ...]
    notes: Mapping[str, Sequence[Sequence[Marking]]]
    footnotes: tuple[ReadingBlock, ...]
    iri: str

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: a heading, and the title below it if it has one."""

    anchor: str
    text: str
    title: str


def kinds_of(markings: Iterable[Marking], shown: Sequence[str] | None) -> list[Kind]:
    """The kinds in the order in which they come; ``shown`` are those to be shown, or the first."""
    counts: dict[str, int] = {}
    for marking in markings:
        counts[marking.kind] = counts.get(marking.kind, 0) + 1
    wanted = list(counts)[:1] if shown is None else shown
    return [
        Kind(name, number, count, name in wanted)
        for number, (name, count) in enumerate(counts.items(), 1)
    ]


def reading_blocks(
    blocks: Sequence[Block], markings: Mapping[str, Sequence[Marking]], shown: Sequence[str]
) -> list[ReadingBlock]:
    """The blocks in order; a footnote stands with the block that calls it."""
    anchors = _anchors(blocks)
    footnotes = {
        block.footnote_number: block for block in blocks if block.footnote_number is not None
    }
    called = {number for block in blocks for _, number in block.marks}

    def made(block: Block) -> ReadingBlock:
        own = markings.get(block.iri, ())
        form, level = _form(block)
        return ReadingBlock(
            anchors[block.ordinal, block.iri],
            form,
            level,
            block.footnote_number,
            tuple(pieces(block, [each for each in own if each.kind in shown])),
            _notes(own),
            tuple(made(footnotes[number]) for _, number in block.marks if number in footnotes),
            block.iri,
        )

    return [made(block) for block in blocks if block.footnote_number not in called]


def contents(blocks: Sequence[ReadingBlock]) -> list[Entry]:
    """The headings of the highest level that there is, each with the italics right below it."""
    levels = [block.level for block in blocks if block.level]
    highest = min(levels, default=0)
    followers = [*blocks[1:], None]
    return [
        Entry(
            block.anchor,
            block.text,
            after.text if after is not None and after.form == "italic" else "",
        )
        for block, after in zip(blocks, followers, strict=True)
        if block.level and block.level == highest
    ]


def anchor_of(iri: str) -> str:
    """The fragment that is a block's address within the page: the last part of its IRI."""
    return re.sub(r"[^\w.-]", "-", re.split(r"[/#]", iri)[-1])


def _form(block: Block) -> tuple[str, int]:
    heading = _HEADING.fullmatch(block.prefix)
    if heading is not None:
        return "heading", min(max(len(heading[1]), _HIGHEST), _LOWEST)
    if block.footnote_number is not None:
        return "footnote", 0
    if block.is_list_item:
        return "item", 0
    forms = {"**": "strong", "*": "italic"}
    return forms.get(block.prefix, "plain"), 0


def _anchors(blocks: Iterable[Block]) -> dict[tuple[int, str], str]:
    """A fragment for each block: the last part of its IRI, or its number where that is taken."""
    found: dict[tuple[int, str], str] = {}
    for block in blocks:
        name = anchor_of(block.iri)
        is_free = name and name not in found.values()
        found[block.ordinal, block.iri] = name if is_free else f"block-{block.ordinal}"
    return found


def _notes(markings: Iterable[Marking]) -> dict[str, list[list[Marking]]]:
    by_kind: dict[str, dict[tuple[str, str, str], list[Marking]]] = {}
    for each in markings:
        things = by_kind.setdefault(each.kind, {})
        same = things.setdefault((each.thing, each.label, each.remark), [])
        if each.statement not in [other.statement for other in same]:
            same.append(each)
    return {kind: list(things.values()) for kind, things in by_kind.items()}
