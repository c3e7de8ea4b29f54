# SPDX-License-Identifier: Apache-2.0
"""What a store is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

UNNAMED = ""
"""The reading whose default graph is the unnamed graph alone; no graph has that name."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a store is made from: graphs as N-Quads, and which of them are the default graph.

    The keys of ``default_graphs`` are the names of readings, None for the settled one. The unnamed
    graph, if there is one, is always part of it. ``empty_graphs`` are the named graphs that are
    there without a triple.
    """

    nquads: bytes
    default_graphs: Mapping[str | None, tuple[str, ...]]
    empty_graphs: tuple[str, ...] = ()

    def quads(self) -> Iterator[Quad]:
        """Yield the quads, with the same labels of blank nodes in each process."""
        # Lenient, as these lines were written from terms that have been checked.
        # Store.load would give the blank nodes new labels.
        return pyoxigraph.parse(self.nquads, format=RdfFormat.N_QUADS, lenient=True)
