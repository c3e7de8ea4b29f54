# SPDX-License-Identifier: Apache-2.0
"""The statements of a dataset, written as N-Triples, the form that is kept.

What a dataset says of a thing that has an identifier of the project would be told as if the
project said it, so that is refused unless it is allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from cosigraph.adding.mapping import Mapping
from cosigraph.adding.source import Progress
from cosigraph.adding.table import Table
from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.errors import DatasetError, DataSyntaxError, Position
from cosigraph.files import larger_than_read, largest_file
from cosigraph.loading import parse_triples
from cosigraph.project import Project
from cosigraph.workers import BlockingStore, WorkerPool

_BATCH: Final = 10_000
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Statements:
    """How many statements there are, from how many rows, and which lines gave none."""

    number: int
    rows: int | None = None
    unused: tuple[int, ...] = ()


def from_rdf(
    path: Path, dataset: DeclaredDataset, base: str, output: Path, progress: Progress
) -> Statements:
    """Write the statements of an RDF file to ``output``.

    Raises:
        DatasetError: it is empty, or claims identifiers below ``base``.
        ProjectError: it cannot be read, is not well-formed or holds several graphs.
    """
    relative_to = dataset.source if dataset.is_remote else dataset.graph
    claims = _Claims(dataset, base)
    number = 0
    pending: list[Triple] = []
    with output.open("wb") as file:
        for triple in _named(_parsed(path, relative_to, dataset), dataset):
            claims.look_at(triple)
            pending.append(triple)
            number += 1
            if len(pending) == _BATCH:
                file.write(_ntriples(pending))
                pending.clear()
                progress(f"Reading the statements: {number:,}")
        file.write(_ntriples(pending))
    claims.refuse()
    if not number:
        raise DatasetError(f"'{dataset.source}' holds no statement.")
    return Statements(number)


def from_table(  # noqa: PLR0913, PLR0917 - a table, its mapping, and what they are used with
    path: Path,
    dataset: DeclaredDataset,
    mapping_path: Path,
    within: Path | None,
    project: Project,
    output: Path,
    progress: Progress,
) -> Statements:
    """Write the statements that a mapping makes of a table to ``output``, each once.

    Raises:
        DatasetError: the mapping or the table cannot be used, makes nothing, or claims
            identifiers of the project.
        ProjectError: a file cannot be read, or too many statements are made.
    """
    mapping = Mapping(mapping_path, within, project.surroundings)
    table = Table(path, dataset.source)
    claims = _Claims(dataset, project.configuration.base)
    # In a process of its own, which can open nothing and can be ended.
    store = BlockingStore(WorkerPool(project.dataset.snapshot(), size=1))
    seen: set[bytes] = set()
    rows, size = 0, 0
    unused: dict[int, None] = {}
    with closing(store), output.open("wb") as file:
        for mapped in mapping.apply(table, store):
            rows += mapped.number
            unused |= dict.fromkeys(row.line for row in mapped.unused)
            for line in mapped.ntriples.splitlines(keepends=True):
                digest = hashlib.blake2b(line, digest_size=16).digest()
                if digest not in seen:
                    seen.add(digest)
                    size += file.write(line)
            if size > largest_file():
                raise larger_than_read(output, largest_file())
            progress(f"Mapping {dataset.source}: {rows:,} rows, {len(seen):,} statements")
    if not seen:
        raise DatasetError(
            f"The mapping makes no statement of any of the {rows:,} rows of '{dataset.source}'.",
            position=Position(dataset.mapping),
            advice="Look whether its patterns match the project's graph.",
        )
    for quad in pyoxigraph.parse(path=str(output), format=RdfFormat.N_TRIPLES):
        claims.look_at(quad.triple)
    claims.refuse()
    return Statements(len(seen), rows, tuple(unused))


class _Claims:
    """Collects what a dataset states about things that have identifiers of the project."""

    def __init__(self, dataset: DeclaredDataset, base: str) -> None:
        self._dataset = dataset
        self._base = base
        self._found: dict[str, None] = {}

    def look_at(self, triple: Triple) -> None:
        subject = triple.subject
        if isinstance(subject, NamedNode) and self._dataset.claims(subject.value, self._base):
            self._found[subject.value] = None

    def refuse(self) -> None:
        """Raise DatasetError if there are claims that are not allowed."""
        if not self._found or self._dataset.own_identifiers:
            return
        names = [f"<{iri}>" for iri in list(self._found)[:_SHOWN]]
        more = len(self._found) - len(names)
        told = ", ".join(names) + (f" and {more:,} more" if more else "")
        raise DatasetError(
            "The dataset is refused: it states things about what the project itself names: "
            f"{told}.",
            advice="Let it have identifiers of its own and link to the project's; or allow it with "
            "--own-identifiers or 'own-identifiers = true'.",
        )


def _parsed(path: Path, base: str, dataset: DeclaredDataset) -> Iterator[Triple]:
    try:
        yield from parse_triples(path, base)
    except DataSyntaxError as error:
        where = error.position or Position()
        error.position = Position(dataset.source, where.line, where.column)
        raise


def _named(triples: Iterator[Triple], dataset: DeclaredDataset) -> Iterator[Triple]:
    """Yield the triples, with IRIs for blank nodes if that is wanted (RDF 1.1, section 3.5)."""
    if not dataset.name_blank_nodes:
        yield from triples
        return
    for triple in triples:
        subject, predicate, object_ = triple
        if isinstance(subject, BlankNode):
            subject = _name(subject, dataset.graph)
        if isinstance(object_, BlankNode):
            object_ = _name(object_, dataset.graph)
        yield Triple(subject, predicate, object_)


def _name(node: BlankNode, graph: str) -> NamedNode:
    return NamedNode(f"{graph.rstrip('/#')}/.well-known/genid/{node.value}")


def _ntriples(triples: list[Triple]) -> bytes:
    return pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""
