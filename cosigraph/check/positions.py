# SPDX-License-Identifier: Apache-2.0
"""Where in the files a statement stands.

No SHACL engine says it. For Turtle and N-Triples, rdflib's parser is run once more over a file in
which something was found, with its steps observed; the other formats give the file alone. This
rests on private names of rdflib 7 (``rdflib.plugins.parsers.notation3``), which the tests hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, MutableSequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, NamedNode
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser
from rdflib.term import Node

from cosigraph.check.rdflib_graph import quiet
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position

_LOCATED = {".ttl", ".nt"}
Place: TypeAlias = tuple[int, int]


class Positions:
    """Finds the place of a focus node, of its property, or of one value."""

    def __init__(self, files: Iterable[ParsedFile], base_iri: str) -> None:
        self._files = list(files)
        self._base_iri = base_iri
        self._located: dict[Path, _Located] = {}

    def of(
        self, focus: Node, path: Node | None = None, value: Node | None = None
    ) -> Position | None:
        """Return where the statement with ``value`` stands, else the property, else the subject.

        A focus node that is no subject anywhere is looked for as a value. None when no file
        holds it.
        """
        name = self._nearest_name(focus)
        files = self._files_by_subject.get(name, [])
        if not files:
            return self._as_value(focus)
        places = [(file, self._locate(file)) for file in files]
        for key in ((name, path, value), (name, path), (name,)):
            for file, located in places:
                place = located.find(key)
                if place is not None:
                    return Position(str(file.path), *place)
        return Position(str(files[0].path))

    @cached_property
    def _files_by_subject(self) -> dict[str, list[ParsedFile]]:
        found: dict[str, list[ParsedFile]] = {}
        for file in self._files:
            for name in dict.fromkeys(str(_value(triple.subject)) for triple in file.triples):
                found.setdefault(name, []).append(file)
        return found

    @cached_property
    def _users(self) -> dict[str, str]:
        """For each blank node a subject that points to it."""
        return {
            triple.object.value: _value(triple.subject)
            for file in self._files
            for triple in file.triples
            if isinstance(triple.object, BlankNode)
        }

    def _nearest_name(self, focus: Node) -> str:
        """Return the IRI from which a blank node is reached; other terms stay what they are."""
        name = str(focus)
        seen: set[str] = set()
        while name in self._users and name not in seen:
            seen.add(name)
            name = self._users[name]
        return name

    def _as_value(self, focus: Node) -> Position | None:
        for file in self._files:
            if any(_value(triple.object) == str(focus) for triple in file.triples):
                place = self._locate(file).values.get(str(focus))
                return Position(str(file.path), *(place or ()))
        return None

    def _locate(self, file: ParsedFile) -> _Located:
        if file.path not in self._located:
            self._located[file.path] = _locate(file.path, self._base_iri)
        return self._located[file.path]


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else getattr(term, "value", "")


class _Located:
    """The places of one file's statements; keys hold as much of a statement as is known."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, ...], Place] = {}
        self.values: dict[str, Place] = {}

    def find(self, key: tuple[object, ...]) -> Place | None:
        if None in key:
            return None
        return self.places.get(tuple(map(str, key)))


def _locate(path: Path, base_iri: str) -> _Located:
    located = _Located()
    if path.suffix in _LOCATED:
        text = path.read_text(encoding="utf-8-sig")
        parser = _ObservedParser(_Sink(Graph()), text, located, base_iri)
        with (
            quiet(),
            suppress(BadSyntax),
        ):  # before what is newer than rdflib's Turtle, places are found
            parser.loadBuf(text)
    return located


class _Sink(RDFSink):
    """Takes statements in without keeping them, and literals as they are written."""

    def newLiteral(  # noqa: N802 - rdflib's name
        self, s: str, dt: URIRef | None, lang: str | None
    ) -> Literal:
        return Literal(s, datatype=dt, lang=lang or None, normalize=False)

    def makeStatement(self, quadruple: Any, why: Any = None) -> None:  # noqa: N802
        """Keep nothing: only the places count."""


class _ObservedParser(SinkParser):
    """rdflib's parser, noting where each subject and object begins."""

    def __init__(self, sink: RDFSink, text: str, located: _Located, base_iri: str) -> None:
        super().__init__(sink, baseURI=base_iri, turtle=True)
        self._text = text
        self._found = located
        self._line_starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        self._subject_at = 0
        self._objects_at: deque[int] = deque()

    def statement(self, argstr: str, i: int) -> int:
        self._subject_at = self.skipSpace(argstr, i)
        return super().statement(argstr, i)

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        """As rdflib's, object by object, with the start of each."""
        starts = []
        while True:
            starts.append(self.skipSpace(argstr, i))
            i = self.object(argstr, i, res)
            if i < 0:
                return -1
            j = self.skipSpace(argstr, i)
            if j < 0:
                self.BadSyntax(argstr, j, "EOF found after object")
            if argstr[j] != ",":
                # Statements within the objects' own brackets have been made by now.
                self._objects_at = deque(starts)
                return j
            i = j + 1

    def makeStatement(self, quadruple: Any) -> None:  # noqa: N802 - rdflib's name
        _, predicate, subject, value = quadruple
        names = [str(self._store.normalise(None, term)) for term in (subject, predicate, value)]
        subject_place = self._place(self._subject_at)
        object_place = self._place(self._objects_at.popleft()) if self._objects_at else None
        places = self._found.places
        places.setdefault((names[0],), subject_place)
        if object_place is not None:
            places[names[0], names[1]] = object_place
            places.setdefault(tuple(names), object_place)
            self._found.values.setdefault(names[2], object_place)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1
