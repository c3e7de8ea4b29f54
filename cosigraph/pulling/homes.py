# SPDX-License-Identifier: Apache-2.0
"""The file that a new statement belongs to: that of its subject, or of the most alike one."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad

from cosigraph.pulling.difference import Difference

_DEEPEST = 32


class Homes:
    """Finds files, among those that can be written."""

    def __init__(self, found: Difference, writable: Collection[Path]) -> None:
        self._subjects: defaultdict[str, dict[str, Path]] = defaultdict(dict)
        for quad, path in found.said.items():
            if path in writable and isinstance(quad.subject, NamedNode):
                graph = str(quad.graph_name)
                self._subjects[graph].setdefault(quad.subject.value, path)
        self._sorted = {graph: sorted(paths) for graph, paths in self._subjects.items()}
        self._files = {
            f"<{iri}>": [path for path in paths if path in writable]
            for iri, paths in found.graphs.items()
        }
        # Of two that lead to a node the same one always.
        self._users: dict[tuple[str, str], Quad] = {
            (str(quad.graph_name), quad.object.value): quad
            for quad in sorted((*found.missing, *found.said), key=str)
            if isinstance(quad.object, BlankNode)
        }

    def of(self, quad: Quad) -> Path | None:
        """Return the file; None where no file that can be written has the graph."""
        graph = str(quad.graph_name)
        files = self._files.get(graph)
        if not files:
            return None
        subject: object = quad.subject
        for _ in range(_DEEPEST):
            if isinstance(subject, NamedNode):
                return self._nearest(graph, subject.value) or files[0]
            user = self._users.get((graph, getattr(subject, "value", "")))
            if user is None:
                break
            subject = user.subject
        return files[0]

    def _nearest(self, graph: str, iri: str) -> Path | None:
        """The file of the subject whose IRI begins most alike: one of its neighbours in order."""
        if iri in self._subjects[graph]:
            return self._subjects[graph][iri]
        known = self._sorted.get(graph, [])
        place = bisect(known, iri)
        near = known[max(place - 1, 0) : place + 1]
        if not near:
            return None
        best = max(near, key=lambda other: _alike(other, iri))
        return self._subjects[graph][best]


def _alike(one: str, other: str) -> int:
    """Return how many characters two strings begin with together."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
