# SPDX-License-Identifier: Apache-2.0
"""The named graphs of a project as they stand in its files, their union and their digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from cosigraph.canonical import canonical
from cosigraph.errors import UnknownReadingError
from cosigraph.store import Snapshot
from cosigraph.suggestions import suggestion_sentence

_BLANK_NODE = b"_:"  # or a text that holds this, which costs a little time and no more


@dataclass(frozen=True)
class Dataset:
    """Named graphs, some of which are alternative readings of another.

    ``graphs`` maps a graph's IRI to its triples in the order of the files, each once. ``replaces``
    maps the IRI of an alternative reading to that of the graph whose place it can take.
    """

    graphs: Mapping[str, Sequence[Triple]]
    replaces: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def readings(self) -> dict[str, str]:
        """The names of the alternative readings and their graphs' IRIs.

        A name is the last segment of the IRI; where two would be the same, the name is what
        follows ``/graph/``.
        """
        short = Counter(iri.rpartition("/")[2] for iri in self.replaces)
        return {
            last if short[last := iri.rpartition("/")[2]] == 1 else _graph_name(iri): iri
            for iri in self.replaces
        }

    def default_graphs(self, reading: str | None = None) -> tuple[str, ...]:
        """Return the IRIs of the graphs whose union is the default graph.

        ``reading`` is a name in ``readings``, a graph's name or its IRI.

        Raises:
            UnknownReadingError: there is no such reading.
        """
        settled = tuple(iri for iri in self.graphs if iri not in self.replaces)
        if reading is None:
            return settled
        chosen = self._spellings.get(reading)
        if chosen is None:
            raise UnknownReadingError(
                f"There is no reading '{reading}'.",
                advice=suggestion_sentence(reading, self.readings)
                or "The project has one reading only.",
            )
        return tuple(chosen if iri == self.replaces[chosen] else iri for iri in settled)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Everything that a reading may be called, and its graph's IRI."""
        whole = {_graph_name(iri): iri for iri in self.replaces}
        return self.readings | whole | {iri: iri for iri in self.replaces}

    def default_triples(self, reading: str | None = None) -> tuple[Triple, ...]:
        """Return the triples of the default graph, each once, by graph."""
        graphs = self.default_graphs(reading)
        return tuple(dict.fromkeys(triple for iri in graphs for triple in self.graphs[iri]))

    def default_size(self) -> int:
        """Return how many triples the default graph has."""
        return len(self.default_triples())

    def named_quads(self) -> Iterator[Quad]:
        """Yield every triple of every named graph, alternative readings included."""
        for iri, triples in self.graphs.items():
            graph = NamedNode(iri)
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def nquads(self, reading: str | None = None) -> bytes:
        """Return all graphs, the default graph included, as sorted canonical N-Quads."""
        default = (Quad(*triple) for triple in self.default_triples(reading))
        return _sorted_lines([*self.named_quads(), *default])

    @cached_property
    def digest(self) -> str:
        """``sha256:`` and the digest of the named graphs as canonical N-Quads (RDFC-1.0)."""
        return canonical_digest(self._lines)

    @property
    def state(self) -> str:
        """What decides an answer to its last byte: the digest, where labels follow from it."""
        return self.digest

    @cached_property
    def _lines(self) -> bytes:
        """The named graphs as sorted N-Quads."""
        lines: list[bytes] = []
        for iri, triples in self.graphs.items():
            end = f" {NamedNode(iri)} .\n".encode()
            # This takes half the time of quads that are made and written.
            written = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            lines += [line.removesuffix(b" .") + end for line in written.splitlines()]
        lines.sort()
        return b"".join(lines)

    def snapshot(self) -> Snapshot:
        """Return the dataset in the form that a store is made from."""
        return Snapshot(self._lines, self.default_graphs_by_reading())

    def default_graphs_by_reading(self) -> dict[str | None, tuple[str, ...]]:
        """Return ``default_graphs`` for whatever a reading may be called, None for the settled."""
        readings: tuple[str | None, ...] = (None, *self._spellings)
        return {reading: self.default_graphs(reading) for reading in readings}


def _graph_name(iri: str) -> str:
    return iri.partition("/graph/")[2] or iri


def canonical_digest(nquads: bytes) -> str:
    """Return ``sha256:`` and the digest of sorted N-Quads in canonical form (RDFC-1.0)."""
    return "sha256:" + hashlib.sha256(_canonical(nquads)).hexdigest()


def _canonical(nquads: bytes) -> bytes:
    """Return N-Quads with the canonical labels of blank nodes (RDFC-1.0), sorted.

    The labels depend on the quads with blank nodes alone (RDF Dataset Canonicalization, section
    4.4.3), so no others are canonicalised, which takes long.
    """
    lines = nquads.splitlines(keepends=True)
    labelled = b"".join(line for line in lines if _BLANK_NODE in line)
    if not labelled:
        return nquads
    quads = canonical(pyoxigraph.parse(labelled, format=RdfFormat.N_QUADS, lenient=True))
    written = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    others = (line for line in lines if _BLANK_NODE not in line)
    return b"".join(sorted([*others, *written.splitlines(keepends=True)]))


def _sorted_lines(quads: Iterable[Quad]) -> bytes:
    written = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))
