# SPDX-License-Identifier: Apache-2.0
"""A dataset without its triples: what is known of it, and the N-Quads to read them from.

A server needs the names and sizes of the graphs all the time, the triples hardly ever; as objects
they take ten times the memory of their text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse

from cosigraph.dataset import Dataset
from cosigraph.store import Snapshot


class PackedTriples(Sequence[Triple]):
    """The triples of one graph, read out of N-Quads whenever they are asked for.

    ``graph`` is its IRI, None for the unnamed graph; ``size`` is how many there are.
    """

    def __init__(self, nquads: bytes, graph: str | None, size: int) -> None:
        self._nquads = nquads
        self._graph = graph
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Triple]:
        if self._size == 0:
            return
        # Lenient, as these lines were written from terms that have been checked.
        for quad in parse(self._nquads, format=RdfFormat.N_QUADS, lenient=True):
            name = quad.graph_name
            if (None if isinstance(name, DefaultGraph) else name.value) == self._graph:
                yield quad.triple

    @overload
    def __getitem__(self, index: int) -> Triple: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Triple, ...]: ...
    def __getitem__(self, index: int | slice) -> Triple | tuple[Triple, ...]:
        return tuple(self)[index]


def graph_sizes(nquads: bytes) -> Counter[str | None]:
    """Count the triples of each graph; None is the unnamed graph."""
    quads = parse(nquads, format=RdfFormat.N_QUADS, lenient=True)
    names = (quad.graph_name for quad in quads)
    return Counter(None if isinstance(name, DefaultGraph) else name.value for name in names)


@dataclass(frozen=True, slots=True)
class MadeGraph:
    """A named graph that is made and not of the files: its IRI, its triples, their digest."""

    iri: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a dataset without its triples.

    Attributes:
        sizes: how many triples each graph has, by its IRI.
        replaces: the graphs that alternative readings replace, by their IRIs.
        default_size: how many triples the default graph has.
        digest: the digest of the named graphs.
        notices: what the catalogue says of the data, as names and texts.
        made: the graphs that can be asked beside those of the files.
    """

    sizes: Mapping[str, int]
    replaces: Mapping[str, str]
    default_size: int
    digest: str
    notices: tuple[tuple[str, str], ...]
    made: tuple[MadeGraph, ...] = ()


@dataclass(frozen=True)
class PackedDataset(Dataset):
    """A dataset of which no more than the N-Quads and an outline are held."""

    nquads_of_graphs: bytes = b""
    outline: Outline = field(default_factory=lambda: Outline({}, {}, 0, "", ()))

    @classmethod
    def of(cls, nquads: bytes, outline: Outline) -> PackedDataset:
        """Return the dataset with these quads, of which ``outline`` is known."""
        graphs = {iri: PackedTriples(nquads, iri, size) for iri, size in outline.sizes.items()}
        return cls(graphs, outline.replaces, nquads, outline)

    def default_size(self) -> int:
        """Return how many triples the default graph has."""
        return self.outline.default_size

    @cached_property
    def digest(self) -> str:
        """The digest of the named graphs, as it was when their triples were at hand."""
        return self.outline.digest

    @property
    def made(self) -> tuple[MadeGraph, ...]:
        """The graphs that can be asked beside those of the files."""
        return self.outline.made

    def snapshot(self) -> Snapshot:
        """Return the dataset in the form that a store is made from."""
        return Snapshot(self.nquads_of_graphs, self.default_graphs_by_reading())
