# SPDX-License-Identifier: Apache-2.0
"""The dataset of a store: named graphs as in a project folder, and an unnamed one beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse

from cosigraph.changes import Content
from cosigraph.dataset import Dataset
from cosigraph.store import UNNAMED, Snapshot


class DefaultGraphKind(StrEnum):
    """What a query's default graph is: every graph merged, or the unnamed graph alone."""

    UNION = "union"
    UNNAMED = "unnamed"


@dataclass(frozen=True)
class StoredDataset(Dataset):
    """The dataset that a store holds in one of its versions.

    ``content`` is what the store keeps; ``unnamed`` are the triples of the unnamed graph. The
    digest is that of the N-Quads as they are kept, whose blank nodes have lasting labels.
    """

    content: Content = field(default_factory=lambda: Content(b"", ()))
    unnamed: tuple[Triple, ...] = ()
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION

    @classmethod
    def of(
        cls, content: Content, replaces: Mapping[str, str], default_graph: DefaultGraphKind
    ) -> StoredDataset:
        """Return the dataset with ``content``; a reading of a graph that is not there is none."""
        graphs: dict[str, list[Triple]] = {iri: [] for iri in content.graphs}
        unnamed: list[Triple] = []
        for quad in parse(content.nquads, format=RdfFormat.N_QUADS, lenient=True):
            if isinstance(quad.graph_name, DefaultGraph):
                unnamed.append(quad.triple)
            else:
                graphs[quad.graph_name.value].append(quad.triple)
        there = {
            reading: replaced
            for reading, replaced in replaces.items()
            if reading in graphs and replaced in graphs
        }
        return cls(
            graphs={iri: tuple(triples) for iri, triples in graphs.items()},
            replaces=there,
            content=content,
            unnamed=tuple(unnamed),
            default_graph=default_graph,
        )

    def default_graphs(self, reading: str | None = None) -> tuple[str, ...]:
        """Return the named graphs that are part of the default graph, as ``Dataset`` does."""
        if self.default_graph is DefaultGraphKind.UNNAMED and reading is None:
            return ()
        return super().default_graphs(reading)

    def default_triples(self, reading: str | None = None) -> tuple[Triple, ...]:
        """Return the triples of the default graph, each once, those of the unnamed graph first."""
        return tuple(dict.fromkeys((*self.unnamed, *super().default_triples(reading))))

    @cached_property
    def digest(self) -> str:
        """``sha256:`` and the digest of the N-Quads."""
        return "sha256:" + hashlib.sha256(self.content.nquads).hexdigest()

    def snapshot(self) -> Snapshot:
        """Return the dataset in the form that a store is made from."""
        return Snapshot(
            nquads=self.content.nquads,
            default_graphs={**self.default_graphs_by_reading(), UNNAMED: ()},
            empty_graphs=tuple(iri for iri, triples in self.graphs.items() if not triples),
        )
