# SPDX-License-Identifier: Apache-2.0
"""SHACL property paths (section 2.3.1) as rdflib's, and the same the other way round."""

from __future__ import annotations

from typing import Literal, TypeAlias

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.paths import (
    AlternativePath,
    InvPath,
    MulPath,
    Path,
    SequencePath,
)
from rdflib.term import Node

PropertyPath: TypeAlias = URIRef | Path

_Sign: TypeAlias = Literal["*", "+", "?"]
_REPEATED: dict[URIRef, _Sign] = {
    SH.zeroOrMorePath: "*",
    SH.oneOrMorePath: "+",
    SH.zeroOrOnePath: "?",
}


def read_path(graph: Graph, node: Node) -> PropertyPath | None:
    """Return the path that ``node`` is in a graph of shapes or results; None where it is none."""
    return _Reader(graph).path(node)


def inverse(path: PropertyPath) -> PropertyPath:
    """Return the path from the values back."""
    if isinstance(path, InvPath):
        return path.arg
    if isinstance(path, SequencePath):
        return SequencePath(*map(inverse, reversed(path.args)))
    if isinstance(path, AlternativePath):
        return AlternativePath(*map(inverse, path.args))
    if isinstance(path, MulPath):
        return MulPath(inverse(path.path), path.mod)
    return InvPath(path)


class _Reader:
    """Reads a path that may, wrongly, run in a circle."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._within: list[Node] = []

    def path(self, node: Node | None) -> PropertyPath | None:
        if isinstance(node, URIRef):
            return node
        if not isinstance(node, BNode) or node in self._within:
            return None
        self._within.append(node)
        found = self._of_blank_node(node)
        self._within.pop()
        return found

    def _of_blank_node(self, node: BNode) -> PropertyPath | None:
        graph = self._graph
        if (node, RDF.first, None) in graph:
            members = self._members(node)
            return None if members is None else SequencePath(*members)
        backwards = self.path(graph.value(node, SH.inversePath))
        if backwards is not None:
            return inverse(backwards)
        alternatives = self._members(graph.value(node, SH.alternativePath))
        if alternatives is not None:
            return AlternativePath(*alternatives)
        for predicate, sign in _REPEATED.items():
            repeated = self.path(graph.value(node, predicate))
            if repeated is not None:
                return MulPath(repeated, sign)
        return None

    def _members(self, head: Node | None) -> list[PropertyPath] | None:
        if head is None:
            return None
        members = []
        seen: set[Node] = set()
        cell: Node | None = head
        while cell is not None and cell != RDF.nil:
            member = self.path(self._graph.value(cell, RDF.first))
            if member is None or cell in seen:
                return None
            seen.add(cell)
            members.append(member)
            cell = self._graph.value(cell, RDF.rest)
        return members or None
