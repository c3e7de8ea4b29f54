# SPDX-License-Identifier: Apache-2.0
"""Which statements of the files a store no longer has, and which of the store's they lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from cosigraph.blank_nodes import labelled, replace_nodes
from cosigraph.changes import Content
from cosigraph.configuration import Configuration
from cosigraph.files import Allowance
from cosigraph.loading import Bounds, parse_source, source_files
from cosigraph.vocabulary import XSD

_ANY = NamedNode("urn:x-cosigraph:any")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs.

    Attributes:
        paths: the files of the project
        graphs: the files of each graph that a file has, by its IRI
        surplus: the statements that the store does not have, by file and number in it
        missing: the statements that no file has
        unnamed: the statements of the store's unnamed graph
        said: the statements that stay, with their files
    """

    paths: Sequence[Path]
    graphs: Mapping[str, Sequence[Path]]
    surplus: Sequence[tuple[Path, int]]
    missing: frozenset[Quad]
    unnamed: frozenset[Quad]
    said: Mapping[Quad, Path]


def compare(folder: Path, configuration: Configuration, content: Content) -> Difference:
    """Compare the files of a project with the data of a store.

    Of numbers and dates a store keeps the value: another spelling in a file is no difference.

    Raises:
        ProjectError: a file cannot be read.
    """
    statements: list[tuple[Path, int, Quad]] = []
    graphs: defaultdict[str, list[Path]] = defaultdict(list)
    paths = []
    kept = _AsKept()
    bounds = Bounds(folder, Allowance())
    for number, source in enumerate(source_files(folder, configuration)):
        paths.append(source.path)
        for graph in parse_source(source, configuration, f"f{number}b", bounds):
            graphs[graph.iri].append(source.path)
            name = NamedNode(graph.iri)
            numbers = graph.numbers or range(len(graph.triples))
            statements += [
                (source.path, place, kept.quad(triple, name))
                for place, triple in zip(numbers, graph.triples, strict=True)
            ]
    labels = labelled(quad for _, _, quad in statements).labels
    stored = labelled(_quads(content)).quads
    said: dict[Quad, Path] = {}
    surplus = []
    for path, place, quad in statements:
        known = replace_nodes(quad, labels)
        if known in stored:
            said.setdefault(known, path)
        else:
            surplus.append((path, place))
    others = stored.difference(said)
    unnamed = frozenset(quad for quad in others if isinstance(quad.graph_name, DefaultGraph))
    return Difference(paths, graphs, surplus, frozenset(others - unnamed), unnamed, said)


def _quads(content: Content) -> Iterator[Quad]:
    yield from pyoxigraph.parse(content.nquads, format=RdfFormat.N_QUADS, lenient=True)


class _AsKept:
    """Statements as a store gives them back."""

    def __init__(self) -> None:
        self._store = pyoxigraph.Store()
        self._known: dict[Literal | Triple, Literal | Triple] = {}

    def quad(self, triple: Triple, graph: NamedNode) -> Quad:
        value = triple.object
        if isinstance(value, Triple) or (
            isinstance(value, Literal) and value.datatype.value != XSD + "string"
        ):
            value = self._kept(value)
        return Quad(triple.subject, triple.predicate, value, graph)

    def _kept(self, value: Literal | Triple) -> Literal | Triple:
        if value not in self._known:
            self._store.clear()
            self._store.add(Quad(_ANY, _ANY, value))
            (quad,) = self._store
            kept = quad.object
            assert isinstance(kept, Literal | Triple)  # noqa: S101 - it is what was put in
            self._known[value] = kept
        return self._known[value]
