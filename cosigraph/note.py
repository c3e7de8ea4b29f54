# SPDX-License-Identifier: Apache-2.0
"""A document's text, rebuilt from the blocks that the graph holds.

A document (``cosi:key``) has blocks in order (``cosi:hasBlock``, ``cosi:ordinal``), each with its
text and its kind; the kind says how Markdown marks it (``cosi:markdownPrefix``, ``…Suffix``).
A block with a ``cosi:footnoteNumber`` is a footnote; its mark stands at the end of the passage
that it is anchored to. Passages (``oa:hasSource`` a block, ``oa:TextPositionSelector``) count in
code points of the block's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from cosigraph.errors import UnknownDocumentError
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Value, to_python
from cosigraph.text import escape_markdown
from cosigraph.vocabulary import COSI, OA

if TYPE_CHECKING:
    from cosigraph.project import Project


class NoteFormat(StrEnum):
    """How a document's text is written: with Markdown's marks, or with footnote calls only."""

    MARKDOWN = "markdown"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document's text.

    ``emphases`` are pairs of start and end, ``marks`` pairs of a place and the number of the
    footnote called there; all in code points of ``text``.
    """

    ordinal: int
    text: str
    prefix: str = ""
    suffix: str = ""
    footnote_number: int | None = None
    emphases: tuple[tuple[int, int], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def is_list_item(self) -> bool:
        """Whether Markdown takes the block as an item of a list."""
        return bool(re.fullmatch(r"\s*[-+*]\s+", self.prefix))


@dataclass(frozen=True, slots=True)
class Document:
    """A document with text: its key, and its label where it has one."""

    key: str
    label: str
    blocks: int


_STRONG = "**"
_PROLOGUE = f"PREFIX cosi: <{COSI}> PREFIX oa: <{OA}>\n"

_DOCUMENTS = (
    _PROLOGUE
    + """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?key (MIN(?name) AS ?label) (COUNT(DISTINCT ?block) AS ?blocks) WHERE {
  ?document cosi:key ?key ; cosi:hasBlock ?block .
  OPTIONAL { ?document dcterms:title|skos:prefLabel ?name }
} GROUP BY ?key ORDER BY ?key
"""
)

_BLOCKS = (
    _PROLOGUE
    + """
SELECT ?block ?ordinal ?text ?prefix ?suffix ?number WHERE {
  ?document cosi:key ?key ; cosi:hasBlock ?block .
  FILTER (STR(?key) = %(key)s)
  ?block cosi:ordinal ?ordinal ; cosi:text ?text .
  OPTIONAL { ?block cosi:blockKind/cosi:markdownPrefix ?prefix }
  OPTIONAL { ?block cosi:blockKind/cosi:markdownSuffix ?suffix }
  OPTIONAL { ?block cosi:footnoteNumber ?number }
} ORDER BY ?ordinal ?block
"""
)

_PASSAGES = (
    _PROLOGUE
    + """
SELECT DISTINCT ?block ?start ?end ?number WHERE {
  ?document cosi:key ?key ; cosi:hasBlock ?block .
  FILTER (STR(?key) = %(key)s)
  { ?block cosi:emphasises ?passage }
  UNION { ?footnote cosi:anchor ?passage ; cosi:footnoteNumber ?number }
  ?passage oa:hasSource ?block ; oa:hasSelector ?selector .
  ?selector a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
} ORDER BY ?block ?start ?end ?number
"""
)


def documents(project: Project) -> list[Document]:
    """Return the documents whose text the graph holds, by key."""
    return [
        Document(str(key), str(label or ""), _whole(number))
        for key, label, number in _rows(project, _DOCUMENTS)
    ]


def blocks(project: Project, key: str) -> list[Block]:
    """Return the blocks of a document in order.

    Raises:
        UnknownDocumentError: there is no document of that key with text.
    """
    quoted = {"key": str(Literal(key))}
    emphases: dict[Value | None, list[tuple[int, int]]] = {}
    marks: dict[Value | None, list[tuple[int, int]]] = {}
    for block, start, end, number in _rows(project, _PASSAGES % quoted):
        if number is None:
            emphases.setdefault(block, []).append((_whole(start), _whole(end)))
        else:
            marks.setdefault(block, []).append((_whole(end), _whole(number)))
    found = [
        Block(
            ordinal=_whole(ordinal),
            text=str(text),
            prefix=str(prefix or ""),
            suffix=str(suffix or ""),
            footnote_number=None if number is None else _whole(number),
            emphases=tuple(emphases.get(block, ())),
            marks=tuple(marks.get(block, ())),
        )
        for block, ordinal, text, prefix, suffix, number in _rows(project, _BLOCKS % quoted)
    ]
    if not found:
        keys = [document.key for document in documents(project)]
        raise UnknownDocumentError(
            f"The graph holds no text of a document '{key}'.",
            advice=suggestion_sentence(key, keys) or "It holds no document's text at all.",
        )
    return found


def rebuild(blocks: Iterable[Block], format: NoteFormat = NoteFormat.MARKDOWN) -> str:  # noqa: A002
    """Return the text of the blocks, ended by a line feed.

    Blocks are parted by an empty line, items of one list by none.
    """
    text = ""
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            text += "\n" if previous.is_list_item and block.is_list_item else "\n\n"
        text += _markdown(block) if format is NoteFormat.MARKDOWN else _plain(block)
        previous = block
    return text + "\n"


def note_text(
    project: Project,
    key: str,
    format: NoteFormat = NoteFormat.MARKDOWN,  # noqa: A002 - the word that users know
) -> str:
    """Return a document's text as the graph holds it; raises UnknownDocumentError."""
    return rebuild(blocks(project, key), format)


def _markdown(block: Block) -> str:
    body = ""
    for text, mark in _pieces(block):
        begins_line = not body or body.endswith("\n")
        body += mark if text is None else escape_markdown(text, begins_line=begins_line)
    body = body.replace("\n", "  \n")
    return f"{block.prefix}{_number(block)}{body}{block.suffix}"


def _plain(block: Block) -> str:
    body = "".join(
        text if text is not None else "" if mark == _STRONG else mark
        for text, mark in _pieces(block)
    )
    return f"{'- ' if block.is_list_item else ''}{_number(block)}{body}"


def _number(block: Block) -> str:
    return "" if block.footnote_number is None else f"{_call(block.footnote_number)} "


def _call(number: int) -> str:
    return f"<sup>{number}</sup>"


def _pieces(block: Block) -> Iterator[tuple[str | None, str]]:
    """Yield the text between marks, as ``(text, "")``, and the marks, as ``(None, mark)``.

    Where several stand in one place, an emphasis ends before a footnote is called, and another
    begins after it.
    """
    places = sorted(
        [(end, 0, _STRONG) for _, end in block.emphases]
        + [(place, 1, _call(number)) for place, number in block.marks]
        + [(start, 2, _STRONG) for start, _ in block.emphases]
    )
    last = 0
    for place, _, mark in places:
        yield block.text[last:place], ""
        yield None, mark
        last = place
    yield block.text[last:], ""


def _rows(project: Project, query: str) -> Iterator[tuple[Value | None, ...]]:
    for row in project.query(query).rows():
        yield tuple(None if term is None else to_python(term) for term in row)


def _whole(value: Value | None) -> int:
    """Return a count or place as an integer; what is none counts as nothing."""
    return value if isinstance(value, int) else 0
