# SPDX-License-Identifier: Apache-2.0
"""The blocks of a document's text: the queries that find them, and what is made of the rows.

A document (``cosi:key``) has blocks in order (``cosi:hasBlock``, ``cosi:ordinal``), each with its
text and its kind; the kind says how Markdown marks it (``cosi:markdownPrefix``, ``…Suffix``).
A block with a ``cosi:footnoteNumber`` is a footnote; its mark stands at the end of the passage
that it is anchored to. Passages (``oa:hasSource`` a block, ``oa:TextPositionSelector``) count in
code points of the block's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from cosigraph.terms import Term, Value, to_python
from cosigraph.vocabulary import COSI, OA


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document's text.

    ``emphases`` are pairs of start and end, ``marks`` pairs of a place and the number of the
    footnote called there; all in code points of ``text``. ``iri`` is the block's own.
    """

    ordinal: int
    text: str
    prefix: str = ""
    suffix: str = ""
    footnote_number: int | None = None
    emphases: tuple[tuple[int, int], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    iri: str = ""

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


_PROLOGUE = f"PREFIX cosi: <{COSI}> PREFIX oa: <{OA}>\n"

DOCUMENTS: Final = (
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


def documents_of(rows: Iterable[Sequence[Term | None]]) -> list[Document]:
    """The documents that the rows of ``DOCUMENTS`` tell, by key."""
    return [
        Document(str(key), str(label or ""), _whole(number)) for key, label, number in _values(rows)
    ]


def blocks_query(key: str) -> str:
    """The query for the blocks of the document of that key."""
    return _BLOCKS % {"key": str(Literal(key))}


def passages_query(key: str) -> str:
    """The query for what is emphasised in its blocks, and where its footnotes are called."""
    return _PASSAGES % {"key": str(Literal(key))}


def blocks_of(
    block_rows: Iterable[Sequence[Term | None]], passage_rows: Iterable[Sequence[Term | None]]
) -> list[Block]:
    """The blocks in order, from the rows of ``blocks_query`` and ``passages_query``."""
    emphases: dict[Value | None, list[tuple[int, int]]] = {}
    marks: dict[Value | None, list[tuple[int, int]]] = {}
    for block, start, end, number in _values(passage_rows):
        if number is None:
            emphases.setdefault(block, []).append((_whole(start), _whole(end)))
        else:
            marks.setdefault(block, []).append((_whole(end), _whole(number)))
    return [
        Block(
            ordinal=_whole(ordinal),
            text=str(text),
            prefix=str(prefix or ""),
            suffix=str(suffix or ""),
            footnote_number=None if number is None else _whole(number),
            emphases=tuple(emphases.get(block, ())),
            marks=tuple(marks.get(block, ())),
            iri=str(block),
        )
        for block, ordinal, text, prefix, suffix, number in _values(block_rows)
    ]


def _values(rows: Iterable[Sequence[Term | None]]) -> Iterable[tuple[Value | None, ...]]:
    return (tuple(None if term is None else to_python(term) for term in row) for row in rows)


def _whole(value: Value | None) -> int:
    """Return a count or place as an integer; what is none counts as nothing."""
    return value if isinstance(value, int) else 0
