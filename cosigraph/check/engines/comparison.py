# SPDX-License-Identifier: Apache-2.0
"""A guard on rdflib's comparisons in SPARQL (SPARQL 1.1, section 17.3).

rdflib orders literals that cannot be compared by their datatypes, so that ``"2023" > 2020`` is
true where SPARQL has an error.
"""

from __future__ import annotations

from decimal import Decimal
from types import MethodType
from typing import Any, Final

from rdflib import XSD, Literal
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.operators import RelationalExpression
from rdflib.plugins.sparql.parserutils import Expr
from rdflib.plugins.sparql.sparql import Query, SPARQLError

_ORDERING: Final = frozenset({"<", ">", "<=", ">="})
_NUMBER, _STRING = "number", "string"


def guard_comparisons(query: Query) -> Query:
    """Let every ``<``, ``>``, ``<=`` and ``>=`` of a query be an error where SPARQL has one."""
    traverse(query.algebra, visitPre=_guard)
    return query


def _guard(node: Any) -> None:
    if isinstance(node, Expr) and node.name == "RelationalExpression" and node.op in _ORDERING:
        node._evalfn = MethodType(_compare, node)  # noqa: SLF001 - rdflib has no other way in


def _compare(expression: Expr, context: Any) -> Any:
    left, right = expression.expr, expression.other
    if isinstance(left, Literal) and isinstance(right, Literal) and _kind(left) != _kind(right):
        raise SPARQLError(f"{left!r} and {right!r} cannot be compared")
    return RelationalExpression(expression, context)


def _kind(literal: Literal) -> str:
    """Return what a literal is compared as: only with another of the same kind."""
    if isinstance(literal.value, int | float | Decimal) and not isinstance(literal.value, bool):
        return _NUMBER
    if literal.language is None and literal.datatype in (None, XSD.string):
        return _STRING
    return str(literal.language or literal.datatype)
