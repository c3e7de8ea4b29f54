# SPDX-License-Identifier: Apache-2.0
"""A comparison: for each aspect, which of the things have which value, and the words that say so.

It is made of the answer to a canned query whose ``chart`` is of type ``comparison``; the chart
names the columns, so that nothing here knows what is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from cosigraph.canned import CannedQuery
from cosigraph.pictures.values import text
from cosigraph.table import Row, Table

TYPE: Final = "comparison"
#: What the chart must name; it may also name the ``place`` of the words.
DIMENSIONS: Final = ("thing", "label", "aspect", "value", "sentence", "quotation", "statement")


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that are compared."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """The words on which a sentence rests; ``number`` is that of its footnote, from 1."""

    number: int
    place: str
    quotation: str
    statement: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the words on which it rests."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A value, and for each of the things the words that give it: none where it has it not.

    ``cells`` has each place once, with the first of the words that stand there.
    """

    value: str
    cells: tuple[tuple[Source, ...], ...]

    @property
    def is_common(self) -> bool:
        """Whether all of the things have the value."""
        return all(self.cells)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is told in one respect."""

    name: str
    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Things side by side.

    Attributes:
        title: what is compared, in words
        things: the things, by their labels
        aspects: what is told of them, in the order of the answer
    """

    title: str
    things: tuple[Thing, ...]
    aspects: tuple[Aspect, ...]

    @property
    def sources(self) -> list[Source]:
        """All words, in the order of their numbers."""
        sentences = (sentence for aspect in self.aspects for sentence in aspect.sentences)
        return [source for sentence in sentences for source in sentence.sources]

    @classmethod
    def of(cls, query: CannedQuery, table: Table) -> Self:
        """The comparison that an answer to ``query`` tells, for which ``compares`` holds."""
        chart = query.chart or {}
        rows = [_Told.of(chart, row) for row in dict.fromkeys(table)]
        labels = {told.thing: told.label for told in rows}
        things = [Thing(iri, labels[iri]) for iri in sorted(labels, key=lambda iri: labels[iri])]
        by_aspect: dict[str, dict[str, list[_Told]]] = {}
        for told in rows:
            by_aspect.setdefault(told.aspect, {}).setdefault(told.value, []).append(told)
        number = 0
        aspects = []
        for name, by_value in by_aspect.items():
            lines, sentences = [], []
            for value, found in by_value.items():
                by_sentence: dict[str, list[_Told]] = {}
                for told in found:
                    by_sentence.setdefault(told.sentence, []).append(told)
                cells: dict[str, dict[str, Source]] = {thing.iri: {} for thing in things}
                for sentence, rests in by_sentence.items():
                    sources = []
                    for told in rests:
                        number += 1
                        source = Source(number, told.place, told.quotation, told.statement)
                        cells[told.thing].setdefault(told.place, source)
                        sources.append(source)
                    sentences.append(Sentence(sentence, tuple(sources)))
                lines.append(Line(value, tuple(tuple(cell.values()) for cell in cells.values())))
            aspects.append(Aspect(name, tuple(lines), tuple(sentences)))
        return cls(query.summary, tuple(things), tuple(aspects))


def compares(query: CannedQuery) -> bool:
    """Whether the front matter says what of an answer is compared."""
    chart = query.chart or {}
    return chart.get("type") == TYPE and all(each in chart for each in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the answer."""

    thing: str
    label: str
    aspect: str
    value: str
    sentence: str
    quotation: str
    statement: str
    place: str

    @classmethod
    def of(cls, chart: Mapping[str, str], row: Row) -> Self:
        names = (*DIMENSIONS, "place")
        return cls(*(text(row[chart[name]]) if name in chart else "" for name in names))
