# SPDX-License-Identifier: Apache-2.0
"""pySHACL, the reference engine, over rdflib's own memory store.

Not over Oxigraph's store, which rewrites some literals (``007`` becomes ``7``) and over which
pySHACL gives wrong results. Advanced features are off: no rule, function, expression or script of
the shapes is run. rdflib is kept from reaching beyond the data and from comparing a string with
a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from typing import Any

import pyshacl
import rdflib.plugins.sparql
from pyoxigraph import Triple
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    SPARQLConstraintComponentValidator,
)
from rdflib import Graph
from rdflib.plugins.sparql import evaluate

from cosigraph.check.engines.comparison import guarded_pyshacl
from cosigraph.check.engines.engine import Result
from cosigraph.check.engines.preparing import imported_prefixes, prepared, python_patterns
from cosigraph.check.engines.report import results_of
from cosigraph.check.quiet import quiet
from cosigraph.check.rdflib_graph import from_rdflib, to_rdflib
from cosigraph.errors import ShapesError

# rdflib would read files and addresses that a constraint's query names after FROM.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


class PyshaclEngine:
    """Validates with pySHACL."""

    name = "pyshacl"

    @cached_property
    def version(self) -> str:
        """The versions of the packages that decide on a result."""
        return f"{version('pyshacl')} with rdflib {version('rdflib')}"

    def validate(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
        """Return every result."""
        graph = to_rdflib(data)
        shapes_graph = to_rdflib([*python_patterns(prepared(shapes)), *imported_prefixes(shapes)])
        # A class keeps what it read of other graphs, by an id that a later graph may have again.
        SPARQLConstraintComponentValidator.validator_cache.clear()
        try:
            with quiet(), _no_service(), guarded_pyshacl():
                _, report, _ = pyshacl.validate(
                    graph, shacl_graph=shapes_graph, inference="none", advanced=False, inplace=True
                )
        except Exception as error:  # whatever a shape's query or pattern lets raise
            raise ShapesError(str(error)) from error
        if not isinstance(report, Graph):  # a ValidationFailure is returned, not raised
            raise ShapesError(getattr(report, "message", str(report)))
        return results_of(from_rdflib(report))


@contextmanager
def _no_service() -> Iterator[None]:
    """Let rdflib raise where it would ask another endpoint, however a shape says so."""
    original = evaluate.evalServiceQuery
    evaluate.evalServiceQuery = _refuse_service
    try:
        yield
    finally:
        evaluate.evalServiceQuery = original


def _refuse_service(ctx: Any, part: Any) -> Any:  # noqa: ARG001 - rdflib's names
    raise ValueError("SERVICE is not allowed: shapes are checked against this data alone")
