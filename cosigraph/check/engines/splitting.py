# SPDX-License-Identifier: Apache-2.0
"""Queries of shapes apart from their other constraints, over data whose blank nodes have names.

pyshifty writes the focus node into the query. A blank node in a query is a variable (SPARQL 1.1,
section 4.1.4), so that the query would tell of every node. Where data has blank nodes, the queries
are therefore asked of data that has IRIs in their place; everything else is asked of the data as it
is, so that ``sh:nodeKind`` and the like see blank nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.check.engines.engine import Result
from cosigraph.check.shapes_graph import CORE_CONSTRAINTS, ShapesGraph
from cosigraph.errors import UnsupportedShapesError
from cosigraph.vocabulary import SH

_NAME: Final = "urn:cosigraph:blank:"
_SPARQL: Final = f"{SH}sparql"
_QUERIES: Final = frozenset(f"{SH}{name}" for name in ("select", "ask"))
_KIND_OF_NODE: Final = re.compile(r"is(?:Blank|IRI|URI)\b", re.IGNORECASE)
_SHAPES_OF_VALUES: Final = frozenset(
    f"{SH}{name}" for name in ("node", "not", "and", "or", "xone", "qualifiedValueShape")
)


def has_blank_nodes(data: Iterable[Triple]) -> bool:
    """Tell whether any statement of the data has a blank node."""
    return any(type(t.subject) is BlankNode or type(t.object) is BlankNode for t in data)


def split(shapes: Iterable[Triple]) -> tuple[list[Triple], list[Triple]] | None:
    """Return the shapes without their queries, and with these alone; None where there are none.

    Raises:
        UnsupportedShapesError: a query decides for another constraint, or asks for blank nodes.
    """
    graph = ShapesGraph(shapes)
    queried = {_SPARQL} | (graph.parameters - CORE_CONSTRAINTS)
    asking = {t.subject for t in graph.triples if t.predicate.value in queried}
    if not asking:
        return None
    if not asking <= set(graph.reporting) or _decides(graph, asking):
        raise UnsupportedShapesError("a query decides for another constraint, with blank nodes")
    for triple in graph.triples:
        is_query = triple.predicate.value in _QUERIES and isinstance(triple.object, Literal)
        if is_query and _KIND_OF_NODE.search(triple.object.value):  # type: ignore[union-attr]
            raise UnsupportedShapesError("a query asks which nodes are blank")
    without = [t for t in graph.triples if t.predicate.value not in queried]
    alone = [t for t in graph.triples if t.predicate.value not in CORE_CONSTRAINTS - {_SPARQL}]
    return without, alone


def _decides(graph: ShapesGraph, asking: set[Any]) -> bool:
    """Tell whether a shape with a query is used, directly or not, to judge values."""
    waiting = [t.object for t in graph.triples if t.predicate.value in _SHAPES_OF_VALUES]
    seen: set[Any] = set()
    while waiting:
        node = waiting.pop()
        if node in asking:
            return True
        if node not in seen and not isinstance(node, Literal):
            seen.add(node)
            waiting += graph.values(node)
    return False


def with_names(data: Iterable[Triple]) -> list[Triple]:
    """Return the data with an IRI in the place of each blank node."""
    return [
        Triple(_named(t.subject), t.predicate, _named(t.object))
        if type(t.subject) is BlankNode or type(t.object) is BlankNode
        else t
        for t in data
    ]


def without_names(result: Result) -> Result:
    """Return a result with the blank nodes again that the data has."""
    return replace(
        result,
        focus=_blank(result.focus),
        value=_blank(result.value),
        messages=tuple(_retold(message) for message in result.messages),
    )


def _named(term: Any) -> Any:
    return NamedNode(f"{_NAME}{term.value}") if type(term) is BlankNode else term


def _blank(term: Any) -> Any:
    if type(term) is NamedNode and term.value.startswith(_NAME):
        return BlankNode(term.value.removeprefix(_NAME))
    return term


def _retold(message: Literal) -> Literal:
    words = re.sub(rf"<?{_NAME}(\w+)>?", r"_:\1", message.value)
    return Literal(words, language=message.language) if words != message.value else message
