# SPDX-License-Identifier: Apache-2.0
"""Where in the files a statement stands.

No SHACL engine says it. A file in which something was found is read once more
(``cosigraph.source``): of Turtle, TriG, N-Triples and N-Quads the tokens are found, of RDF/XML the
element that describes the subject, of JSON-LD the file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cached_property
from pathlib import Path as FilePath

from pyoxigraph import NamedNode, Triple

from cosigraph.check.literal_likeness import likest
from cosigraph.check.property_paths import ALTERNATIVE, SEQUENCE, Path
from cosigraph.check.statement_index import Statement, StatementIndex, Step, Term
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position, ProjectError
from cosigraph.files import read_file
from cosigraph.source.lines import Lines
from cosigraph.source.rdf_xml import resource_offsets
from cosigraph.source.statements import Statements, read_statements

_TOKENS = {".ttl", ".trig", ".nt", ".nq"}


class Part(IntEnum):
    """A part of a statement."""

    SUBJECT = 0
    PREDICATE = 1
    OBJECT = 2


class Positions:
    """Finds the place of a focus node, of its property, or of one value."""

    def __init__(self, files: Iterable[ParsedFile], base_iri: str) -> None:
        self._index = StatementIndex(list(files))
        self._base_iri = base_iri
        self._sources: dict[FilePath, _Source] = {}

    def of(
        self,
        focus: Term,
        path: Path | NamedNode | None = None,
        value: Term | None = None,
    ) -> Position | None:
        """Return where a node, a value of it, or the last value of its property stands.

        A property that is missing is where the node is a subject; along a path of several
        properties, where the first of them is a value. A node that is no subject is where it is a
        value first. ``path`` is a property or a path (``cosigraph.check.property_paths``). None
        when no file holds the node.
        """
        along = Path(path) if isinstance(path, NamedNode) else path
        if along is not None:
            found = self._last_statement(focus, along, value)
            if found is not None:
                return self._position(found, Part.OBJECT)
        return self._of_node(focus)

    def _of_node(self, node: Term) -> Position | None:
        for statement in self._index.with_subject(node):
            return self._position(statement, Part.SUBJECT)
        for statement in self._index.with_object(node):
            return self._position(statement, Part.OBJECT)
        return None

    def _last_statement(self, node: Term, path: Path, value: Term | None) -> Statement | None:
        """Return the statement with the value, else the last with any, else the first to them."""
        steps = list(self._index.follow(node, path))
        if value is not None:
            for step in likest(value, steps, lambda step: step.end):
                return step.last  # none where the value is the node itself
        places = [step.last for step in steps if step.last is not None]
        if places:
            return max(places)
        return next((step.first for step in self._first_steps(node, path)), None)

    def _first_steps(self, node: Term, path: Path) -> Iterator[Step]:
        if path.operator == SEQUENCE:
            yield from self._first_steps(node, path.parts[0])
        elif path.operator == ALTERNATIVE:
            for branch in path.parts:
                yield from self._first_steps(node, branch)
        else:
            yield from (step for step in self._index.follow(node, path) if step.first is not None)

    def _position(self, statement: Statement, part: Part) -> Position:
        return self.at(self._index.files[statement.file], statement.number, part)

    def at(self, file: ParsedFile, number: int, part: Part = Part.OBJECT) -> Position:
        """Return where a part of the file's triple with this number stands."""
        source = self._sources.get(file.path)
        if source is None:
            source = self._sources[file.path] = _Source(file.path, self._base_iri)
        in_source = number if file.numbers is None else file.numbers[number]
        return source.position(in_source, part, file.triples[number])


class _Source:
    """A file that is read again."""

    def __init__(self, path: FilePath, base_iri: str) -> None:
        self._path = path
        self._base_iri = base_iri

    def position(self, number: int, part: Part, triple: Triple) -> Position:
        place = self._place(number, part, triple)
        if place is None:
            return Position(str(self._path), 1, 1)
        begin, end = place
        if end is None:
            return Position(str(self._path), *self._lines.at(begin))
        return Position(str(self._path), *self._lines.at(begin), *self._lines.at(end))

    def _place(self, number: int, part: Part, triple: Triple) -> tuple[int, int | None] | None:
        if self._path.suffix in _TOKENS:
            statements = self._statements
            return statements[number][part] if number < len(statements) else None
        if self._path.suffix == ".rdf" and isinstance(triple.subject, NamedNode):
            offset = self._resources.get(triple.subject.value)
            return None if offset is None else (offset, None)
        return None

    @cached_property
    def _content(self) -> bytes:
        try:
            return read_file(self._path)
        except ProjectError:  # gone since it was parsed
            return b""

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._content)

    @cached_property
    def _statements(self) -> Statements:
        return read_statements(self._content)

    @cached_property
    def _resources(self) -> dict[str, int]:
        return resource_offsets(self._content, self._base_iri)
