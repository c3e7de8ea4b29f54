# SPDX-License-Identifier: Apache-2.0
"""Labels of blank nodes that do not depend on those in the files (RDFC-1.0), in bounded time.

RDFC-1.0 tries every order of blank nodes that are alike and lead to each other: a score of them
keeps it busy for years (RDF Dataset Canonicalization, section 7.1). Where a dataset has such
nodes, the labels of ``cosigraph.difference.blank_nodes`` take the place of the canonical ones.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

_MOST_ALIKE: Final = 5
"""How many nodes that are alike may lead to each other: each more takes several times as long."""
_LONGEST: Final = 200
"""How many may hang together in a row, for which the time grows with the square."""

_NODE: Final = re.compile(r"_:[^\s>)]+")


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads, each once, with labels that follow from what is said of the nodes."""
    dataset = Dataset(quads)
    found = list(dataset)
    if _takes_long(found):
        from cosigraph.difference.blank_nodes import labelled  # noqa: PLC0415 - few need it

        return list(labelled(sorted(found, key=str)).quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _takes_long(quads: Sequence[Quad]) -> bool:
    """Tell whether many nodes of which the same is said lead to each other in several ways."""
    from cosigraph.difference.blank_nodes import nodes_of  # noqa: PLC0415 - as above

    said: dict[str, list[str]] = defaultdict(list)
    ways: list[tuple[str, str, str]] = []
    for quad in quads:
        terms = (quad.subject, quad.object, quad.graph_name)
        nodes = [(place, node) for place, term in enumerate(terms) for node in nodes_of(term)]
        for place, node in nodes:
            said[node].append(f"{place} {_NODE.sub('_:', str(quad))}")
            ways += [
                (node, other, f"{place} {there} {quad.predicate.value}")
                for there, other in nodes
                if other != node
            ]
    digests = {
        node: hashlib.sha256("\n".join(sorted(lines)).encode()).digest()
        for node, lines in said.items()
    }
    number = Counter(digests.values())
    leaders = {node: node for node, digest in digests.items() if number[digest] > 1}

    def leader(node: str) -> str:
        while leaders[node] != node:
            leaders[node] = node = leaders[leaders[node]]
        return node

    among = [way for way in ways if way[0] in leaders and way[1] in leaders]
    for one, other, _ in among:
        leaders[leader(one)] = leader(other)
    sizes = Counter(map(leader, leaders))
    if max(sizes.values(), default=0) > _LONGEST:
        return True
    # A node that leads to one other by each property, as the cells of a list do, takes no time.
    several = Counter((one, way) for one, _, way in among)
    return any(
        count > 1 and sizes[leader(one)] > _MOST_ALIKE for (one, _), count in several.items()
    )
