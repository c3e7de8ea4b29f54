# SPDX-License-Identifier: Apache-2.0
"""What is checked: a project's files as they were read, not what a store made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.canned import CannedQuery
from cosigraph.check.positions import Part, Positions
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.check.term_index import TermIndex
from cosigraph.configuration import Configuration
from cosigraph.errors import Position
from cosigraph.terms import Prefixes

ONTOLOGY, DATA, SHAPES = "ontology", "data", "shapes"


@dataclass(frozen=True)
class Sources:
    """The files of a project folder that could be read, each with its triples in its own order.

    A file belongs to the room in whose folder it lies: ``ontology``, ``data`` or ``shapes``.
    ``queries`` are the canned queries that could be read.
    """

    folder: Path
    configuration: Configuration
    files: tuple[ParsedFile, ...]
    queries: tuple[CannedQuery, ...] = ()

    @property
    def prefixes(self) -> Prefixes:
        """The project's prefixes."""
        return self.configuration.prefixes

    @cached_property
    def positions(self) -> Positions:
        """Where each statement of all files stands."""
        return Positions(self.files, self.configuration.base)

    @cached_property
    def terms(self) -> TermIndex:
        """The terms that the files define and use."""
        return TermIndex.of(self.files)

    def place(self, statement: Statement, part: Part = Part.OBJECT) -> Position:
        """Return where a part of a statement stands."""
        return self.positions.at(statement.file, statement.number, part)

    def told(self, statement: Statement) -> str:
        """Return a statement in words, with its place, for the detail of a finding."""
        path = statement.file.path.relative_to(self.folder)
        terms = " ".join(map(self._told_term, statement.triple))
        return f"{terms}  ({path}:{self.place(statement).line})"

    def _told_term(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self.shorten(term)
        return "[…]" if isinstance(term, BlankNode) else str(term)

    @cached_property
    def replaced(self) -> dict[str, str]:
        """For each graph that is an alternative reading the graph that it replaces, by IRI."""
        graphs = self.configuration.graphs
        return {graph.iri: graph.replaces for graph in graphs if graph.replaces}

    @cached_property
    def settled(self) -> tuple[ParsedFile, ...]:
        """The files of the settled reading, shapes included."""
        return tuple(file for file in self.files if file.graph_iri not in self.replaced)

    def of(self, *rooms: str) -> tuple[ParsedFile, ...]:
        """Return the files of the settled reading that lie in these rooms."""
        return tuple(file for file in self.settled if self.room(file) in rooms)

    def room(self, file: ParsedFile) -> str:
        """Return the top-level folder in which a file lies."""
        return file.path.relative_to(self.folder).parts[0]

    def only(self, files: Iterable[ParsedFile]) -> Sources:
        """Return the same project with these files alone."""
        return Sources(self.folder, self.configuration, tuple(files), self.queries)

    def shorten(self, term: NamedNode | str) -> str:
        """Return an IRI as a prefixed name where the project has a prefix for it."""
        return self.prefixes.shorten(term if isinstance(term, str) else term.value)


def triples_of(files: Iterable[ParsedFile]) -> Iterator[Triple]:
    """Yield the triples of the files, one file after the other."""
    return (triple for file in files for triple in file.triples)


def place_of(file: ParsedFile) -> Position:
    """Return the beginning of a file, for what is said of the whole of it."""
    return Position(str(file.path), 1, 1)
