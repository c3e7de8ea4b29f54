# SPDX-License-Identifier: Apache-2.0
"""Quads as what they say of things: statements by subject, with blank nodes folded into them.

A thing is a subject with an IRI. What is said of a blank node is part of the value through which
a thing reaches it; a blank node that no thing reaches is a thing without an IRI.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from cosigraph.turtle import natural_key
from cosigraph.vocabulary import RDF, XSD

Value = NamedNode | BlankNode | Literal | Triple

TYPE: Final = RDF + "type"
_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"
_DEEPEST: Final = 12
_MOST_NODES: Final = 500
"""How many blank nodes are written out in a value; those behind them are told by their labels."""


class Statement(NamedTuple):
    """What is said of a thing: in which graph (None for the unnamed one), by which property."""

    graph: str | None
    predicate: str
    value: Value


@dataclass(frozen=True)
class Descriptions:
    """Statements by thing; a thing without an IRI goes by its blank node's label after ``_:``.

    The statements are in no order: there may be very many of them, of which few are looked at.
    """

    statements: Mapping[str, Sequence[Statement]]
    folded: Mapping[str, Sequence[Statement]]
    """What is said of blank nodes, by their labels."""

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Descriptions:
        """Return what the quads say."""
        named: dict[str, list[Statement]] = defaultdict(list)
        blank: dict[str, list[Statement]] = defaultdict(list)
        pointed: set[str] = set()
        for quad in quads:
            graph = quad.graph_name
            name = None if isinstance(graph, DefaultGraph) else _name(graph)
            statement = Statement(name, quad.predicate.value, quad.object)
            subject = quad.subject
            assert not isinstance(subject, Triple)  # noqa: S101 - RDF 1.2 allows none there
            (blank if isinstance(subject, BlankNode) else named)[subject.value].append(statement)
            if isinstance(quad.object, BlankNode) and quad.object != subject:
                pointed.add(quad.object.value)
        folded = dict(blank)
        reached = _reached(named.values(), folded) if folded else set()
        for label in sorted(folded, key=lambda label: (label in pointed, label)):
            if label not in reached:
                named[f"_:{label}"] = blank[label]
                reached |= _reached([blank[label]], folded) | {label}
        return cls(dict(named), folded)

    def text(self, value: Value, name: Callable[[str], str]) -> str:
        """Return a value on one line as Turtle writes it, ``name`` writing the IRIs in it."""
        return self._text(value, name, (), iter(range(_MOST_NODES)))

    def _text(
        self,
        value: Value,
        name: Callable[[str], str],
        above: tuple[str, ...],
        left: Iterator[int],
    ) -> str:
        """Return the same, within the nodes ``above``, while there are any ``left`` to write."""
        if isinstance(value, NamedNode):
            return name(value.value)
        if isinstance(value, Triple):
            parts: tuple[Value, ...] = (value.subject, value.predicate, value.object)
            return f"<<( {' '.join(self._text(part, name, above, left) for part in parts)} )>>"
        if isinstance(value, Literal):
            return _literal(value, name)
        label = value.value
        said = self.folded.get(label)
        if said is None or label in above or len(above) >= _DEEPEST or next(left, None) is None:
            return f"_:{label}"
        items = self._items(label)
        if items is not None:
            inner = [self._text(item, name, (*above, label), left) for item in items]
            return f"( {' '.join(inner)} )"
        pairs = [
            f"{'a' if each.predicate == TYPE else name(each.predicate)} "
            f"{self._text(each.value, name, (*above, label), left)}"
            for each in in_order(said)
        ]
        return f"[ {' ; '.join(pairs)} ]"

    def _items(self, label: str) -> list[Value] | None:
        """Return the members of the list that begins at a blank node, if it is one."""
        items: list[Value] = []
        seen: set[str] = set()
        node: Value = BlankNode(label)
        while isinstance(node, BlankNode) and node.value not in seen:
            seen.add(node.value)
            said = {each.predicate: each.value for each in self.folded.get(node.value, ())}
            if set(said) != {_FIRST, _REST} or len(self.folded[node.value]) != len(said):
                return None
            items.append(said[_FIRST])
            node = said[_REST]
        return items if node == NamedNode(_NIL) else None


def _reached(
    roots: Iterable[Iterable[Statement]], folded: Mapping[str, Sequence[Statement]]
) -> set[str]:
    reached: set[str] = set()
    pending = [each.value for statements in roots for each in statements]
    while pending:
        value = pending.pop()
        if isinstance(value, Triple):
            pending += [value.subject, value.object]
        elif isinstance(value, BlankNode) and value.value not in reached:
            reached.add(value.value)
            pending += [each.value for each in folded.get(value.value, ())]
    return reached


def _name(graph: NamedNode | BlankNode | Triple) -> str:
    return graph.value if isinstance(graph, NamedNode) else str(graph)


def _literal(literal: Literal, name: Callable[[str], str]) -> str:
    datatype = literal.datatype.value
    if literal.language is not None or datatype == XSD + "string":
        return str(literal)
    quoted = str(Literal(literal.value))
    return f"{quoted}^^{name(datatype)}"


def in_order(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements sorted: the type first, then by property, value and graph."""
    return tuple(sorted(statements, key=_order))


def _order(statement: Statement) -> tuple[object, ...]:
    predicate = statement.predicate
    value = natural_key(str(statement.value))
    return (predicate != TYPE, predicate, value, statement.graph or "")
