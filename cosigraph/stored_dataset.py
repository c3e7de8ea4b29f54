# SPDX-License-Identifier: Apache-2.0
"""The dataset of a store: named graphs as in a project folder, and an unnamed one beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Triple, parse, serialize

from cosigraph.changes import Content
from cosigraph.dataset import Dataset, canonical_digest
from cosigraph.packed_dataset import PackedTriples, graph_sizes
from cosigraph.store import UNNAMED, Snapshot


class DefaultGraphKind(StrEnum):
    """What a query's default graph is: every graph merged, or the unnamed graph alone."""

    UNION = "union"
    UNNAMED = "unnamed"


@dataclass(frozen=True)
class StoredDataset(Dataset):
    """The dataset that a store holds in one of its versions.

    ``content`` is what the store keeps; ``unnamed`` are the triples of the unnamed graph, which
    the digest takes in.
    """

    content: Content = field(default_factory=lambda: Content(b"", ()))
    unnamed: Sequence[Triple] = ()
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION

    @classmethod
    def of(
        cls, content: Content, replaces: Mapping[str, str], default_graph: DefaultGraphKind
    ) -> StoredDataset:
        """Return the dataset with ``content``; a reading of a graph that is not there is none."""
        sizes = graph_sizes(content.nquads)
        graphs = {iri: PackedTriples(content.nquads, iri, sizes[iri]) for iri in content.graphs}
        there = {
            reading: replaced
            for reading, replaced in replaces.items()
            if reading in graphs and replaced in graphs
        }
        return cls(
            graphs=graphs,
            replaces=there,
            content=content,
            unnamed=PackedTriples(content.nquads, None, sizes[None]),
            default_graph=default_graph,
        )

    def default_graphs(self, reading: str | None = None) -> tuple[str, ...]:
        """Return the named graphs that are part of the default graph, as ``Dataset`` does."""
        if self.default_graph is DefaultGraphKind.UNNAMED and reading is None:
            return ()
        return super().default_graphs(reading)

    def default_triples(self, reading: str | None = None) -> tuple[Triple, ...]:
        """Return the triples of the default graph, each once, those of the unnamed graph first."""
        triples: dict[str | None, list[Triple]] = {None: []}
        triples.update((iri, []) for iri in self.default_graphs(reading))
        for quad in self._quads():
            if (name := _name(quad)) in triples:
                triples[name].append(quad.triple)
        return tuple(dict.fromkeys(chain.from_iterable(triples.values())))

    def default_size(self) -> int:
        """Return how many triples the default graph has."""
        return self._default_size

    @cached_property
    def _default_size(self) -> int:
        if self.default_graph is DefaultGraphKind.UNNAMED:
            return len(self.unnamed)
        part = {None, *self.default_graphs()}
        triples = (quad.triple for quad in self._quads() if _name(quad) in part)
        # Of their texts, which take less memory than they do.
        return len(set((serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines()))

    def named_quads(self) -> Iterator[Quad]:
        """Yield every triple of every named graph."""
        return (quad for quad in self._quads() if not isinstance(quad.graph_name, DefaultGraph))

    def _quads(self) -> Iterator[Quad]:
        """Yield everything, read once for all graphs."""
        return parse(self.content.nquads, format=RdfFormat.N_QUADS, lenient=True)

    @cached_property
    def digest(self) -> str:
        """``sha256:`` and the digest of all quads as canonical N-Quads (RDFC-1.0)."""
        return self.content.digest or canonical_digest(self.content.nquads)

    @cached_property
    def state(self) -> str:
        """The digest of the N-Quads as they are kept, with the labels of their blank nodes."""
        return hashlib.sha256(self.content.nquads).hexdigest()

    def snapshot(self) -> Snapshot:
        """Return the dataset in the form that a store is made from."""
        return Snapshot(
            nquads=self.content.nquads,
            default_graphs={**self.default_graphs_by_reading(), UNNAMED: ()},
            empty_graphs=tuple(iri for iri, triples in self.graphs.items() if not triples),
        )


def _name(quad: Quad) -> str | None:
    """Return the IRI of a quad's graph, None for the unnamed one."""
    return None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
