# SPDX-License-Identifier: Apache-2.0
"""A document's text, rebuilt from the blocks that the graph holds: see ``note_blocks``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from cosigraph.errors import UnknownDocumentError
from cosigraph.note_blocks import (
    DOCUMENTS,
    Block,
    Document,
    blocks_of,
    blocks_query,
    documents_of,
    passages_query,
)
from cosigraph.suggestions import suggestion_sentence
from cosigraph.text import escape_markdown

if TYPE_CHECKING:
    from cosigraph.project import Project

__all__ = [
    "Block",
    "Document",
    "NoteFormat",
    "blocks",
    "documents",
    "note_text",
    "rebuild",
    "unknown_document",
]


class NoteFormat(StrEnum):
    """How a document's text is written: with Markdown's marks, or with footnote calls only."""

    MARKDOWN = "markdown"
    TEXT = "text"


_STRONG = "**"


def documents(project: Project) -> list[Document]:
    """Return the documents whose text the graph holds, by key."""
    return documents_of(project.query(DOCUMENTS).rows())


def blocks(project: Project, key: str) -> list[Block]:
    """Return the blocks of a document in order.

    Raises:
        UnknownDocumentError: there is no document of that key with text.
    """
    found = blocks_of(
        project.query(blocks_query(key)).rows(), project.query(passages_query(key)).rows()
    )
    if not found:
        raise unknown_document(key, documents(project))
    return found


def unknown_document(key: str, known: Iterable[Document]) -> UnknownDocumentError:
    """The error to raise where there is no document of that key with text."""
    keys = [document.key for document in known]
    return UnknownDocumentError(
        f"The graph holds no text of a document '{key}'.",
        advice=suggestion_sentence(key, keys) or "It holds no document's text at all.",
    )


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
