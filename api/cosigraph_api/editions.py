# SPDX-License-Identifier: Apache-2.0
"""One version of the data while it is served: all that changes when something is written.

A request is answered from one edition from its beginning to its end, whatever is written
meanwhile: its version, its entity tag and its content belong together.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph
from pyoxigraph import RdfFormat

import cosigraph
from cosigraph.formats import ResultFormat
from cosigraph.names import NameResolver
from cosigraph.packed_dataset import PackedDataset
from cosigraph.project import Project
from cosigraph.store import Snapshot
from cosigraph.stored_dataset import StoredDataset
from cosigraph.versioned_store import Version

from .headers import entity_tag


@dataclass(eq=False)
class Edition:
    """A version of the data.

    Attributes:
        project: the project with these data
        setup: the data as the workers take them
        stored: the version of the store that holds them, None for those of a project folder
        resolvers: what finds the terms that a person means, by reading
    """

    project: Project
    setup: Snapshot
    stored: Version | None = None
    resolvers: dict[str | None, NameResolver] = field(default_factory=dict)

    @cached_property
    def state(self) -> str:
        """What decides an answer beside what is asked: software, engine, data, configuration."""
        dataset = self.project.dataset
        readings = sorted(dataset.replaces.items())
        made = dataset.made if isinstance(dataset, PackedDataset) else ()
        version = self.project.version
        everything = repr((*self._surroundings, version, dataset.state, readings, made))
        return hashlib.sha256(everything.encode()).hexdigest()

    @property
    def _surroundings(self) -> tuple[object, ...]:
        configuration = self.project.configuration
        prefixes = sorted(configuration.prefixes.namespaces.items())
        return cosigraph.__version__, pyoxigraph.__version__, configuration.base, prefixes

    def has_graph(self, iri: str | None) -> bool:
        """Whether there is a graph of that name; the default graph, None, always is."""
        return iri is None or iri in self.project.dataset.graphs

    def graph_tag(self, iri: str | None, format_: ResultFormat) -> str:
        """The entity tag of one graph: it changes when that graph does, not with any other."""
        known = self._digests.get(iri)
        if known is None:
            known = self._digests[iri] = self._graph_digest(iri)
        return entity_tag(("graph", repr(self._surroundings), known, format_.label))

    @cached_property
    def _digests(self) -> dict[str | None, str]:
        return {}

    def _graph_digest(self, iri: str | None) -> str:
        dataset = self.project.dataset
        if iri is not None:
            triples = dataset.graphs[iri]
        elif isinstance(dataset, StoredDataset):
            triples = dataset.unnamed
        else:
            triples = dataset.default_triples()
        written = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        return hashlib.sha256(b"".join(sorted(written.splitlines(keepends=True)))).hexdigest()


PINNED: ContextVar[Edition | None] = ContextVar("cosigraph_edition", default=None)
"""The edition that the request of this context is answered from."""
