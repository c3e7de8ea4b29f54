# SPDX-License-Identifier: Apache-2.0
"""Property paths of shapes (SHACL, section 2.3.1): how they are written, and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.errors import ShapesError
from cosigraph.vocabulary import RDF, SH

INVERSE: Final = "^"
SEQUENCE: Final = "/"
ALTERNATIVE: Final = "|"
ZERO_OR_MORE: Final = "*"
ONE_OR_MORE: Final = "+"
ZERO_OR_ONE: Final = "?"
_REPEATED: Final = {
    f"{SH}zeroOrMorePath": ZERO_OR_MORE,
    f"{SH}oneOrMorePath": ONE_OR_MORE,
    f"{SH}zeroOrOnePath": ZERO_OR_ONE,
}


@dataclass(frozen=True, slots=True)
class Path:
    """A path: a predicate, or ``operator`` on its parts, written as in SPARQL."""

    predicate: NamedNode | None = None
    operator: str = ""
    parts: tuple[Path, ...] = ()

    def __str__(self) -> str:
        return self.written(lambda predicate: f"<{predicate.value}>")

    def written(self, shorten: Callable[[NamedNode], str]) -> str:
        """Return the path in SPARQL's syntax."""
        if self.predicate is not None:
            return shorten(self.predicate)
        parts = [
            part.written(shorten) if part.predicate is not None else f"({part.written(shorten)})"
            for part in self.parts
        ]
        if self.operator == INVERSE:
            return f"^{parts[0]}"
        if self.operator in (SEQUENCE, ALTERNATIVE):
            return self.operator.join(parts)
        return f"{parts[0]}{self.operator}"

    def inverse(self) -> Path:
        """Return the path that leads back."""
        if self.predicate is not None:
            return Path(None, INVERSE, (self,))
        if self.operator == INVERSE:
            return self.parts[0]
        parts = tuple(part.inverse() for part in self.parts)
        return Path(None, self.operator, parts[::-1] if self.operator == SEQUENCE else parts)

    def missing(self, used: Collection[NamedNode]) -> frozenset[NamedNode]:
        """Return the predicates that keep it from being walked where only these are used.

        Of alternatives, one that can be walked is enough.
        """
        if self.predicate is not None:
            return frozenset({self.predicate}.difference(used))
        missing = [part.missing(used) for part in self.parts]
        if self.operator == ALTERNATIVE and not all(missing):
            return frozenset()
        return frozenset().union(*missing)


class ShapesPaths:
    """Reads the paths of a shapes graph."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        self._objects: dict[Any, list[tuple[str, Any]]] = {}
        for subject, predicate, value in shapes:
            if type(subject) is BlankNode:
                self._objects.setdefault(subject, []).append((predicate.value, value))

    def path(self, node: Any) -> Path:
        """Return the path that begins at a node.

        Raises:
            ShapesError: it is no well-formed path.
        """
        return self._path(node, frozenset())

    def _path(self, node: Any, above: frozenset[Any]) -> Path:
        if type(node) is NamedNode:
            return Path(node)
        if node in above:
            raise ShapesError("The path holds itself.")
        above |= {node}
        objects = dict(self._objects.get(node, []))
        if f"{RDF}first" in objects:
            return Path(None, SEQUENCE, tuple(self._list(node, above)))
        if f"{SH}inversePath" in objects:
            return Path(None, INVERSE, (self._path(objects[f"{SH}inversePath"], above),))
        if f"{SH}alternativePath" in objects:
            parts = tuple(self._list(objects[f"{SH}alternativePath"], above))
            if parts:
                return Path(None, ALTERNATIVE, parts)
        for predicate, operator in _REPEATED.items():
            if predicate in objects:
                return Path(None, operator, (self._path(objects[predicate], above),))
        raise ShapesError("The path is none that SHACL defines.")

    def _list(self, node: Any, above: frozenset[Any]) -> Iterator[Path]:
        seen: set[Any] = set()
        while node != NamedNode(f"{RDF}nil"):
            objects = dict(self._objects.get(node, []))
            if node in seen or f"{RDF}first" not in objects or f"{RDF}rest" not in objects:
                raise ShapesError("The path is no well-formed list.")
            seen.add(node)
            yield self._path(objects[f"{RDF}first"], above)
            node = objects[f"{RDF}rest"]
