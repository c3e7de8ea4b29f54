# SPDX-License-Identifier: Apache-2.0
"""A file of Turtle or TriG with everything that its graph does not say: comments and spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from cosigraph.formatting.comments import ByOffset, Comments, Lines, read_comments
from cosigraph.source.lines import text_begin
from cosigraph.source.statements import Statements, read_statements
from cosigraph.source.tokens import STRING, SUFFIXED_STRING, TOKEN

SCHEME: Final = "cosigraph-base:"
BASE: Final = f"{SCHEME}//base.invalid/1/2/3/4/5/6/7/8/9/document"
"""The base of a file in which none is declared: of IRIs that have it the spelling is kept."""

GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph
Node: TypeAlias = NamedNode | BlankNode | Triple
Key: TypeAlias = tuple[object, ...]

_REST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
_ABSOLUTE = re.compile(rb"<[A-Za-z][A-Za-z0-9+.\-]*:")
_DATATYPE = re.compile(rb"\^\^[^\"'>]*(<[^>]*>)\Z")
_LANGUAGE = re.compile(r"@[A-Za-z0-9\-]+\Z")
_NOT_AS_WRITTEN = re.compile("[\t\b\r\f]")


class Spelling(NamedTuple):
    """How a literal is written: a string with its quotation marks and language, or all of it."""

    text: str
    language: str | None = None
    is_string: bool = True


class Notes:
    """Comments by what they belong to; each is taken once."""

    def __init__(self) -> None:
        self._lines: dict[Key, Lines] = {}

    def add(self, key: Key, lines: Lines) -> None:
        """Keep lines for a key, behind those that are there."""
        if lines:
            self._lines.setdefault(key, []).extend(lines)

    def has(self, *key: object) -> bool:
        """Return whether there is anything for the key."""
        return key in self._lines

    def take(self, *key: object) -> Lines:
        """Return what is kept for a key, and keep it no longer."""
        return self._lines.pop(key, [])

    def rest(self) -> Lines:
        """Return what was never taken."""
        return [line for lines in self._lines.values() for line in lines if line]


@dataclass
class Document:
    """What is written anew."""

    graphs: dict[GraphName, list[Triple]]
    prefixes: dict[str, str]
    iris: dict[str, str] = field(default_factory=dict)
    """The relative IRIs as they are written, with their brackets."""
    spellings: dict[tuple[GraphName, Triple], Spelling] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    header: Lines = field(default_factory=list)
    footer: Lines = field(default_factory=list)


def read_document(content: bytes, format_: RdfFormat) -> Document:
    """Read a file.

    Raises:
        SyntaxError: it is not well-formed.
    """
    text = content[text_begin(content) :]
    parser = pyoxigraph.parse(text, format=format_, base_iri=BASE)
    quads = list(parser)
    reader = _Reader(content, quads, dict(parser.prefixes))
    return reader.read()


class _Reader:
    def __init__(self, content: bytes, quads: list[Quad], prefixes: dict[str, str]) -> None:
        self._content = content
        self._quads = _relabelled(quads, content)
        self._statements: Statements = read_statements(content)
        self._comments: Comments = read_comments(content)
        graphs: dict[GraphName, list[Triple]] = {}
        for quad in self._quads:
            graphs.setdefault(quad.graph_name, []).append(quad.triple)
        self._document = Document(graphs, prefixes)
        self._keys: dict[int, Key] = {}
        self._subjects: dict[int, Key] = {}
        self._later_cells = self._find_later_cells()

    def read(self) -> Document:
        """Find the spellings, and what each comment belongs to."""
        document, comments = self._document, self._comments
        document.header, document.footer = comments.header, comments.footer
        for number in range(min(len(self._statements), len(self._quads))):
            self._read_statement(number)
        for prefix, written in comments.namespaces.items():
            if not _ABSOLUTE.match(written.encode()) and prefix in document.prefixes:
                document.iris[document.prefixes[prefix]] = written
        notes = document.notes
        for prefix, lines in comments.prefixes.items():
            notes.add(("prefix", prefix), lines[:1])
            document.header += lines[1:]  # it is declared several times
        for offset, lines in comments.before.items():
            notes.add(self._key(offset), lines)
        self._note_behind(comments.behind)
        self._note_nodes(comments.opening, "opening")
        self._note_nodes(comments.end, "end")
        self._note_graphs()
        return document

    def _read_statement(self, number: int) -> None:
        quad = self._quads[number]
        subject, predicate, value = self._statements[number]
        graph = quad.graph_name
        parts = zip(
            (subject, predicate, value), (quad.subject, quad.predicate, quad.object), strict=True
        )
        for place, term in parts:
            self._read_iri(place, term)
        if quad.subject not in self._later_cells:
            self._subjects.setdefault(subject[0], (graph, quad.subject))
        is_implied = predicate == value  # in a list
        if (is_implied and quad.predicate == _REST) or self._is_sign(predicate):
            return
        if not is_implied:
            self._keys[predicate[0]] = ("predicate", graph, quad.subject, quad.predicate)
        self._keys[value[0]] = ("object", graph, quad.triple)
        if isinstance(quad.object, Literal):
            token = self._content[value[0] : value[1]]
            datatype = _DATATYPE.search(token)
            if (
                datatype is not None
                and not _ABSOLUTE.match(datatype[1])
                and (quad.object.datatype.value.startswith(SCHEME))
            ):
                self._document.iris.setdefault(quad.object.datatype.value, datatype[1].decode())
            spelling = _spelling(token)
            if spelling is not None:
                self._document.spellings.setdefault((graph, quad.triple), spelling)

    def _is_sign(self, place: tuple[int, int]) -> bool:
        """Whether a predicate is not written but stands for a reifier."""
        return self._content[place[0] : place[1]] in (b"~", b"{|", b"<<")

    def _find_later_cells(self) -> set[object]:
        """Return the cells of lists but the first: they stand where their members do."""
        return {
            quad.object
            for number, quad in enumerate(self._quads[: len(self._statements)])
            if quad.predicate == _REST
            and self._statements[number][1] == self._statements[number][2]
        }

    def _read_iri(self, place: tuple[int, int], term: object) -> None:
        token = self._content[place[0] : place[1]]
        if (
            isinstance(term, NamedNode)
            and token[:1] == b"<" != token[1:2]
            and not _ABSOLUTE.match(token)
            and term.value.startswith(SCHEME)
        ):
            self._document.iris.setdefault(term.value, token.decode())

    def _key(self, offset: int) -> Key:
        """Return what the token at ``offset`` is."""
        if offset in self._keys:
            return self._keys[offset]
        return ("subject", *self._subjects.get(offset, (offset,)))

    def _note_behind(self, by_offset: ByOffset) -> None:
        """What is behind a value is behind it: one comment; all else comes before."""
        notes = self._document.notes
        for offset, lines in by_offset.items():
            key = self._key(offset)
            behind: Key = ("behind", *key[1:])
            if key[0] == "object" and lines and not notes.has(*behind):
                notes.add(behind, lines[:1])
                lines = lines[1:]  # noqa: PLW2901 - the first is dealt with
            notes.add(key, lines)

    def _note_nodes(self, by_offset: ByOffset, what: str) -> None:
        for offset, lines in by_offset.items():
            self._document.notes.add((what, *self._subjects.get(offset, (offset,))), lines)

    def _note_graphs(self) -> None:
        comments, notes = self._comments, self._document.notes
        offsets = sorted((offset, key[0]) for offset, key in self._subjects.items())
        for begin, end in comments.graphs:
            graph = next((name for offset, name in offsets if begin < offset < end), begin)
            notes.add(("graph", graph), comments.before_graphs[begin])
            notes.add(("end of graph", graph), comments.end_of_graphs[begin])


def _spelling(token: bytes) -> Spelling | None:
    """Return how a literal is written, None where the house would not write it so."""
    match = TOKEN.match(token)
    if match is None or match.lastindex not in (STRING, SUFFIXED_STRING):
        return Spelling(token.decode(), is_string=False)
    text = match[STRING].decode()
    if not text.startswith('"') or _NOT_AS_WRITTEN.search(text):
        return None
    suffix = (match[SUFFIXED_STRING] or b"").decode()
    language = _LANGUAGE.search(suffix)
    return Spelling(text, language[0] if language and "^^" not in suffix else None)


def _relabelled(quads: list[Quad], content: bytes) -> list[Quad]:
    """Give nodes without label one that is the same on every run."""
    written = {
        match[0][2:].decode()
        for match in TOKEN.finditer(content, text_begin(content))
        if match[0].startswith(b"_:")
    }
    labels = _free_labels(written)
    known: dict[BlankNode, BlankNode] = {}

    def node(term: object) -> object:
        if isinstance(term, BlankNode) and term.value not in written:
            if term not in known:
                known[term] = BlankNode(next(labels))
            return known[term]
        if isinstance(term, Triple):
            return Triple(node(term.subject), term.predicate, node(term.object))  # type: ignore[arg-type]
        return term

    return [
        Quad(node(quad.subject), quad.predicate, node(quad.object), node(quad.graph_name))  # type: ignore[arg-type]
        for quad in quads
    ]


def _free_labels(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        label = f"b{number}"
        if label not in taken:
            yield label
        number += 1
