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
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import pyoxigraph
import pyshacl
import rdflib.plugins.sparql
from pyoxigraph import Triple
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    SPARQLConstraintComponentValidator,
)
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.sparql import evaluate

from cosigraph.check.engines.engine import Result
from cosigraph.check.engines.preparing import imported_prefixes, prepared
from cosigraph.check.engines.report import results_of
from cosigraph.check.rdflib_graph import from_rdflib, quiet, to_rdflib
from cosigraph.errors import ShapesError

# rdflib would read files and addresses that a constraint's query names after FROM.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False

_ILL_TYPED = "urn:cosigraph:ill-typed:"


class PyshaclEngine:
    """Validates with pySHACL."""

    name = "pyshacl"

    @cached_property
    def version(self) -> str:
        """The versions of the packages that decide on a result."""
        return f"{version('pyshacl')} with rdflib {version('rdflib')}"

    def validate(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
        """Return every result."""
        graph = _mark_ill_typed(to_rdflib(data))
        shapes_graph = to_rdflib([*prepared(shapes), *imported_prefixes(shapes)])
        # A class keeps what it read of other graphs, by an id that a later graph may have again.
        SPARQLConstraintComponentValidator.validator_cache.clear()
        try:
            with quiet(), _no_service():
                _, report, _ = pyshacl.validate(
                    graph, shacl_graph=shapes_graph, inference="none", advanced=False, inplace=True
                )
        except Exception as error:  # whatever a shape's query or pattern lets raise
            raise ShapesError(str(error)) from error
        if not isinstance(report, Graph):  # a ValidationFailure is returned, not raised
            raise ShapesError(getattr(report, "message", str(report)))
        return [_unmarked(result) for result in results_of(from_rdflib(report))]


def _mark_ill_typed(graph: Graph) -> Graph:
    """Give ill-typed literals a datatype of their own, as rdflib cannot compare them."""
    for subject, predicate, value in list(graph):
        if isinstance(value, Literal) and value.ill_typed:
            marked = Literal(str(value), datatype=URIRef(f"{_ILL_TYPED}{value.datatype}"))
            graph.remove((subject, predicate, value))
            graph.add((subject, predicate, marked))
    return graph


def _unmarked(result: Result) -> Result:
    value = result.value
    if isinstance(value, pyoxigraph.Literal) and value.datatype.value.startswith(_ILL_TYPED):
        datatype = pyoxigraph.NamedNode(value.datatype.value.removeprefix(_ILL_TYPED))
        return replace(result, value=pyoxigraph.Literal(value.value, datatype=datatype))
    return result


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
