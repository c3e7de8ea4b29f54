# SPDX-License-Identifier: Apache-2.0
"""The graphs as files: sorted N-Triples, compressed, the same bytes for the same data.

A graph is taken from the N-Quads that are loaded, which are as its files have them; the store,
which rewrites some literals, is not asked.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse, serialize

EXTENSION: Final = ".nt.gz"
_BLANK_NODE: Final = b"_:"


@dataclass(frozen=True, slots=True)
class Dump:
    """A graph's file, and what is to be known of it.

    Attributes:
        graph: the graph's IRI
        name: its name, which is that of the file without extension
        content: the compressed N-Triples
        sha256: their digest, as hexadecimal digits
        triples: how many there are
    """

    graph: str
    name: str
    content: bytes
    sha256: str
    triples: int

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.content)


def dump_name(iri: str, base: str) -> str:
    """Return what a graph's file is called: as the graph, or a digest of an IRI of another kind."""
    name = iri.removeprefix(f"{base}graph/")
    return hashlib.sha256(iri.encode()).hexdigest()[:16] if name == iri else name


def dumps(nquads: bytes, graphs: Iterable[str], base: str, *, relabel: bool = True) -> list[Dump]:
    """Return a dump of each graph.

    Args:
        nquads: N-Quads as Oxigraph writes them, one a line
        graphs: the IRIs of the graphs
        base: the project's, below which a graph has its name
        relabel: whether blank nodes get canonical labels (RDFC-1.0); a store's have lasting ones
    """
    lines: dict[bytes, list[bytes]] = {f" {NamedNode(iri)} .".encode(): [] for iri in graphs}
    for line in nquads.splitlines():
        end = line[line.rfind(b" <", 0, -2) :] if line.endswith(b"> .") else b""
        found = lines.get(end)
        if found is not None:
            found.append(line[: -len(end)] + b" .\n")
    return [
        _dump(iri, base, found, relabel=relabel)
        for iri, found in zip(graphs, lines.values(), strict=True)
    ]


def _dump(iri: str, base: str, lines: list[bytes], *, relabel: bool) -> Dump:
    written = b"".join(sorted(_relabelled(lines) if relabel else lines))
    content = gzip.compress(written, mtime=0)
    name = dump_name(iri, base)
    return Dump(iri, name, content, hashlib.sha256(content).hexdigest(), len(lines))


def _relabelled(lines: list[bytes]) -> list[bytes]:
    """The lines with canonical labels, which depend on those with blank nodes alone."""
    labelled = [line for line in lines if _BLANK_NODE in line]
    if not labelled:
        return lines
    graph = Dataset(parse(b"".join(labelled), format=RdfFormat.N_TRIPLES, lenient=True))
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize((quad.triple for quad in graph), format=RdfFormat.N_TRIPLES) or b""
    others = [line for line in lines if _BLANK_NODE not in line]
    return [*others, *written.splitlines(keepends=True)]
