# SPDX-License-Identifier: Apache-2.0
"""The shapes of a project as a graph: which shapes there are, what they ask, which of them report.

A shape reports when its own results reach the report: it has a target, or a shape that reports
uses it with ``sh:property``. What is used with ``sh:node``, ``sh:not`` and so on only decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.check.property_paths import ShapesPaths
from cosigraph.loading import parse_file
from cosigraph.vocabulary import RDF, RDFS, SH

TARGETS: Final = tuple(
    NamedNode(f"{SH}{name}")
    for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
)
TYPE: Final = NamedNode(f"{RDF}type")
_CLASS: Final = NamedNode(f"{RDFS}Class")
_DEACTIVATED: Final = NamedNode(f"{SH}deactivated")
_PARAMETER: Final = NamedNode(f"{SH}parameter")
_PATH: Final = NamedNode(f"{SH}path")
_PROPERTY: Final = NamedNode(f"{SH}property")
_TRUE: Final = "true"
_SHAPE_TYPES: Final = tuple(NamedNode(f"{SH}{name}") for name in ("NodeShape", "PropertyShape"))
CORE_CONSTRAINTS: Final = frozenset(
    f"{SH}{name}"
    for name in (
        *("class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive"),
        *("maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern", "languageIn"),
        *("uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals", "not", "and", "or"),
        *("xone", "node", "qualifiedMinCount", "qualifiedMaxCount", "closed", "hasValue", "in"),
        "sparql",
    )
)


class ShapesGraph:
    """Answers questions about a shapes graph."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self.paths = ShapesPaths(self.triples)
        self._objects: dict[Any, dict[Any, list[Any]]] = {}
        self._subjects: dict[Any, list[Any]] = {}
        for subject, predicate, value in self.triples:
            self._objects.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._subjects.setdefault((predicate, value), []).append(subject)

    def objects(self, subject: Any, predicate: NamedNode) -> list[Any]:
        """Return the values of a predicate, in the order of the files."""
        return self._objects.get(subject, {}).get(predicate, [])

    def values(self, subject: Any) -> list[Any]:
        """Return every value of a subject."""
        return [value for values in self._objects.get(subject, {}).values() for value in values]

    def subjects(self, predicate: NamedNode, value: Any) -> list[Any]:
        """Return the subjects that have the value."""
        return self._subjects.get((predicate, value), [])

    @cached_property
    def declared(self) -> list[NamedNode]:
        """The shapes that have an IRI and a type, in the order of the files."""
        typed = (shape for kind in _SHAPE_TYPES for shape in self.subjects(TYPE, kind))
        return list(dict.fromkeys(shape for shape in typed if type(shape) is NamedNode))

    @cached_property
    def used(self) -> frozenset[Any]:
        """Everything that is a value."""
        return frozenset(value for _, value in self._subjects)

    def targets(self, shape: Any) -> Iterator[tuple[NamedNode, Any]]:
        """Yield the targets of a shape; that of a shape that is a class as its type."""
        for predicate in TARGETS:
            for value in self.objects(shape, predicate):
                yield predicate, value
        if _CLASS in self.objects(shape, TYPE):
            yield TYPE, shape

    def is_deactivated(self, shape: Any) -> bool:
        """Tell whether a shape is switched off."""
        values = self.objects(shape, _DEACTIVATED)
        return any(isinstance(value, Literal) and value.value == _TRUE for value in values)

    @cached_property
    def reporting(self) -> list[Any]:
        """The shapes whose own results reach the report."""
        found = dict.fromkeys(s for s in self._objects if next(self.targets(s), None) is not None)
        waiting = list(found)
        while waiting:
            for shape in self.objects(waiting.pop(), _PROPERTY):
                if shape not in found:
                    found[shape] = None
                    waiting.append(shape)
        return [shape for shape in found if not self.is_deactivated(shape)]

    @property
    def has_components(self) -> bool:
        """Tell whether these shapes define constraint components (SHACL, section 6)."""
        return next(self._values_of(_PARAMETER), None) is not None

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The predicates that constrain: SHACL's, and those of the components of these shapes."""
        own = (value for values in self._values_of(_PARAMETER) for value in values)
        paths = (path for parameter in own for path in self.objects(parameter, _PATH))
        return CORE_CONSTRAINTS | {path.value for path in paths if type(path) is NamedNode}

    def _values_of(self, predicate: NamedNode) -> Iterator[list[Any]]:
        return (found[predicate] for found in self._objects.values() if predicate in found)

    def constraints(self, shape: Any) -> list[tuple[NamedNode, Any]]:
        """Return what constrains, with each value."""
        return [
            (predicate, value)
            for predicate, values in self._objects.get(shape, {}).items()
            if predicate.value in self.parameters
            for value in values
        ]


def shacl_for_shacl() -> tuple[Triple, ...]:
    """Return the shapes for shapes graphs that the W3C publishes (SHACL, appendix C)."""
    return tuple(parse_file(_asset("shacl-shacl.ttl"), f"{SH}", "shsh"))


def shacl_terms() -> frozenset[str]:
    """Return the IRIs that SHACL defines: core, SPARQL, advanced features, JavaScript."""
    triples = parse_file(_asset("shacl.ttl"), f"{SH}")
    subjects = (triple.subject for triple in triples)
    return frozenset(s.value for s in subjects if type(s) is NamedNode and s.value.startswith(SH))


def _asset(name: str) -> Path:
    """Return a file that pySHACL brings, without importing it."""
    return Path(str(distribution("pyshacl").locate_file(f"pyshacl/assets/{name}")))
