# SPDX-License-Identifier: Apache-2.0
"""Blank nodes where published data should have identifiers.

OWL and SHACL need them for restrictions and lists, so ``ontology/`` and ``shapes/`` may have them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode

from cosigraph.check.findings import Finding
from cosigraph.check.positions import Part
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, SHAPES, Sources


def check_blank_nodes(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each blank node of the data, where it is first a subject or a value."""
    blank_node = rule("identifiers/blank-node")
    for file in sources.files:
        if sources.room(file) in (ONTOLOGY, SHAPES):
            continue
        seen: set[BlankNode] = set()
        for number, triple in enumerate(file.triples):
            for part, node in ((Part.SUBJECT, triple.subject), (Part.OBJECT, triple.object)):
                if isinstance(node, BlankNode) and node not in seen:
                    seen.add(node)
                    yield blank_node.finding(
                        "A blank node stands in the data: nobody can name it or link to it.",
                        sources.positions.at(file, number, part),
                        advice="Give it an IRI.",
                    )
