# SPDX-License-Identifier: Apache-2.0
"""A guard on rdflib's comparisons, in SPARQL (1.1, section 17.3) and in pySHACL.

rdflib orders literals that cannot be compared by their datatypes, so that ``"2023" > 2020`` is
true where SPARQL has an error, and ``"x"^^xsd:integer`` is greater than any number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import MethodType
from typing import Any, Final

from pyshacl.constraints.core import value_range_constraints
from pyshacl.rdfutil import compare
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


@contextmanager
def guarded_pyshacl() -> Iterator[None]:
    """Let pySHACL's comparisons be errors, which it knows to handle, where SPARQL's are."""
    original: Callable[[Literal, Literal], int] = compare.compare_literal
    modules: tuple[Any, ...] = (compare, value_range_constraints)

    def guarded(left: Literal, right: Literal) -> int:
        if left != right and not _are_comparable(left, right):
            raise TypeError(f"{left!r} and {right!r} cannot be compared")
        return original(left, right)

    for module in modules:
        module.compare_literal = guarded
    try:
        yield
    finally:
        for module in modules:
            module.compare_literal = original


def _guard(node: Any) -> None:
    if isinstance(node, Expr) and node.name == "RelationalExpression" and node.op in _ORDERING:
        node._evalfn = MethodType(_compare, node)  # noqa: SLF001 - rdflib has no other way in


def _compare(expression: Expr, context: Any) -> Any:
    left, right = expression.expr, expression.other
    are_literals = isinstance(left, Literal) and isinstance(right, Literal)
    if are_literals and not _are_comparable(left, right):
        raise SPARQLError(f"{left!r} and {right!r} cannot be compared")
    return RelationalExpression(expression, context)


def _are_comparable(left: Literal, right: Literal) -> bool:
    return _kind(left) == _kind(right) and not left.ill_typed and not right.ill_typed


def _kind(literal: Literal) -> str:
    """Return what a literal is compared as: only with another of the same kind."""
    if isinstance(literal.value, int | float | Decimal) and not isinstance(literal.value, bool):
        return _NUMBER
    if literal.language is None and literal.datatype in (None, XSD.string):
        return _STRING
    return str(literal.language or literal.datatype)
