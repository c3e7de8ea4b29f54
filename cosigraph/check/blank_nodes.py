# SPDX-License-Identifier: Apache-2.0
"""Blank nodes where published data should have identifiers.

OWL and SHACL need them for restrictions and lists, so ``ontology/`` and ``shapes/`` may have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode

from cosigraph.check.findings import Finding, Severity
from cosigraph.check.positions import Positions
from cosigraph.check.rdflib_graph import to_rdflib
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position

_EXEMPT = ("ontology", "shapes")


def check_blank_nodes(
    files: Iterable[ParsedFile], folder: Path, base_iri: str
) -> Iterator[Finding]:
    """Yield a finding for each blank node of the data, where it is first a subject or a value."""
    for file in files:
        if file.path.relative_to(folder).parts[0] in _EXEMPT:
            continue
        positions = Positions([file], base_iri)
        seen: set[BlankNode] = set()
        for triple in file.triples:
            blank = {node for node in (triple.subject, triple.object) if type(node) is BlankNode}
            if blank - seen:
                seen |= blank
                ((subject, predicate, value),) = to_rdflib([triple])
                yield Finding(
                    rule="identifiers/blank-node",
                    severity=Severity.VIOLATION,
                    message="A blank node stands in the data: nobody can name it or link to it.",
                    position=positions.of(subject, predicate, value) or Position(str(file.path)),
                    advice="Give it an IRI.",
                )
