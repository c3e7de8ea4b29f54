# SPDX-License-Identifier: Apache-2.0
"""Where in the files a result of a validation stands.

A value stands where it is the object of the statement that leads to it; too many values where the
last one stands; a value that is missing, and what is said of a node itself, where the node is
first a subject. A path of several steps leads to the statement of its last step.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from cosigraph.check.engines import Result
from cosigraph.check.property_paths import ShapesPaths
from cosigraph.check.rdflib_graph import term_to_rdflib
from cosigraph.check.sources import Sources, triples_of
from cosigraph.check.walking import Steps
from cosigraph.errors import Position, ShapesError
from cosigraph.vocabulary import SH

_MISSING: Final = frozenset(
    f"{SH}{name}ConstraintComponent" for name in ("MinCount", "HasValue", "QualifiedMinCount")
)
_EQUALS: Final = f"{SH}EqualsConstraintComponent"


class ResultPlaces:
    """Finds the places of results in a project's files."""

    def __init__(self, sources: Sources, paths: ShapesPaths) -> None:
        self._sources = sources
        self._paths = paths

    def of(self, result: Result) -> Position | None:
        """Return where a result stands; None when no file holds its focus node."""
        if result.path is None or (result.value is None and result.component.value in _MISSING):
            return self.statement(result.focus)
        if type(result.path) is NamedNode and result.component.value != _EQUALS:
            return self.statement(result.focus, result.path, result.value)
        statement = self._statement_of(result)
        if statement is None:
            return self.statement(result.focus)
        return self.statement(*statement)

    def statement(self, subject: Any, predicate: Any = None, value: Any = None) -> Position | None:
        """Return where a statement stands, else its property, else its subject."""
        others = [None if term is None else term_to_rdflib(term) for term in (predicate, value)]
        return self._sources.positions.of(term_to_rdflib(subject), *others)

    def _statement_of(self, result: Result) -> Triple | None:
        """Return the statement that leads to the value, or to the last value of the path."""
        try:
            path = self._paths.path(result.path)
        except ShapesError:
            return None
        found = self._steps.last_steps(path, result.focus, result.value)
        if found:
            return found[-1] if result.value is None else found[0]
        if result.value is None:
            return None
        # sh:equals tells of values of the other property too
        about = self._steps.of_subject(result.focus)
        return next((triple for triple in about if triple.object == result.value), None)

    @cached_property
    def _steps(self) -> Steps:
        return Steps(triples_of(self._sources.files))
