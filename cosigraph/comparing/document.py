# SPDX-License-Identifier: Apache-2.0
"""A comparison to take to a meeting: a document in which every sentence has its footnotes."""

from __future__ import annotations

from collections.abc import Iterable

from cosigraph.comparing.comparison import Comparison, Source
from cosigraph.word_document import WordDocument


def comparison_document(
    comparison: Comparison, version: str, about: Iterable[tuple[str, str]]
) -> bytes:
    """The comparison as a .docx file.

    Args:
        comparison: what is told
        version: the version of the data
        about: what the document says of itself at its end, as names and texts
    """
    names = [thing.label for thing in comparison.things]
    document = WordDocument(f"{comparison.title}: {'; '.join(names)}")
    document.heading("Side by side")
    document.paragraph("Each field tells where the words stand; the sentences below quote them.")
    for aspect in comparison.aspects:
        document.heading(aspect.name, 2)
        lines = (
            [line.value, *(", ".join(_place(source) for source in cell) for cell in line.cells)]
            for line in aspect.lines
        )
        document.table(["", *names], lines)
    document.heading("In words")
    for aspect in comparison.aspects:
        document.heading(aspect.name, 2)
        for sentence in aspect.sentences:
            notes = [_footnote(source, version) for source in sentence.sources]
            document.paragraph(sentence.text, notes)
    document.heading("About this document")
    for name, text in about:
        document.paragraph(f"{name}: {text}")
    return document.content()


def _place(source: Source) -> str:
    return source.place or "yes"


def _footnote(source: Source, version: str) -> tuple[str, str, str]:
    place = f"{source.place}: " if source.place else ""
    return f"{place}“{source.quotation}”. ", source.statement, f". Data version {version}."
