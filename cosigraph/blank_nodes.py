# SPDX-License-Identifier: Apache-2.0
"""Labels of blank nodes that follow from what is said of them.

RDFC-1.0 numbers the blank nodes of a whole dataset, so that one new node may give all others new
labels, and some small graphs keep it busy for hours. Here each group of blank nodes that hang
together is labelled on its own: by the digest of its statements, and in it by colour refinement
(what a node's statements say, then what its neighbours' say, and so on), trying every order only
where that leaves nodes alike. A group that did not change keeps its labels whatever changed beside
it. The work for each group is bounded; beyond that, nodes that are still alike are taken in the
order in which they came, and counted in ``Labelled.undecided``.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Subject = NamedNode | BlankNode | Triple
Term = NamedNode | BlankNode | Literal | Triple

MOST_ORDERS: Final = 100
"""How many orders of nodes that are alike are tried for one group."""

MOST_STEPS: Final = 200_000
"""How many nodes are coloured anew, in all rounds and orders, for one group; more for large ones,
so that each of their nodes can be coloured a few times."""
_ROUNDS: Final = 8

_PLAIN: Final = frozenset({NamedNode, Literal})
_HOLE: Final = "\0"  # in no term as N-Quads writes it


@dataclass(frozen=True, slots=True)
class Labelled:
    """Quads whose blank nodes have labels that follow from their content.

    ``undecided`` is the number of blank nodes whose labels may depend on the order in the source;
    ``labels`` are the new labels by the old ones.
    """

    quads: set[Quad]
    undecided: int = 0
    labels: Mapping[str, BlankNode] = field(default_factory=dict)


def labelled(quads: Iterable[Quad]) -> Labelled:
    """Return the quads, each once, with their blank nodes labelled anew."""
    found: set[Quad] = set()
    with_nodes: dict[Quad, tuple[str, ...]] = {}
    for quad in quads:
        nodes = () if _is_plain(quad) else tuple(_nodes_of_quad(quad))
        if nodes:
            with_nodes[quad] = nodes
        else:
            found.add(quad)
    copies: Counter[str] = Counter()
    undecided = 0
    labels: dict[str, BlankNode] = {}
    for group in _groups(with_nodes):
        order = group.order()
        undecided += group.undecided
        copies[order.digest] += 1
        for number, node in enumerate(order.nodes):
            labels[node] = BlankNode(f"b{order.digest}c{copies[order.digest]}n{number}")
    found.update(replace_nodes(quad, labels) for quad in with_nodes)
    return Labelled(found, undecided, labels)


def replace_nodes(quad: Quad, labels: Mapping[str, NamedNode | BlankNode]) -> Quad:
    """Return the quad with others in the place of its blank nodes; the keys are their labels."""

    def subject(term: Subject) -> NamedNode | BlankNode:
        assert not isinstance(term, Triple)  # noqa: S101 - RDF 1.2 allows none there
        return labels[term.value] if isinstance(term, BlankNode) else term

    def value(term: Term) -> Term:
        if isinstance(term, BlankNode):
            return labels[term.value]
        if isinstance(term, Triple):
            return Triple(subject(term.subject), term.predicate, value(term.object))
        return term

    graph = quad.graph_name
    return Quad(
        subject(quad.subject),
        quad.predicate,
        value(quad.object),
        graph if isinstance(graph, DefaultGraph) else subject(graph),
    )


def _is_plain(quad: Quad) -> bool:
    """Tell quickly that most quads have no blank node."""
    return (
        type(quad.object) in _PLAIN
        and type(quad.subject) is NamedNode
        and type(quad.graph_name) is not BlankNode
    )


def nodes_of(term: object) -> Iterator[str]:
    """Yield the labels of the blank nodes in a term, in order."""
    if isinstance(term, BlankNode):
        yield term.value
    elif isinstance(term, Triple):
        yield from nodes_of(term.subject)
        yield from nodes_of(term.object)


def _nodes_of_quad(quad: Quad) -> Iterator[str]:
    yield from nodes_of(quad.subject)
    yield from nodes_of(quad.object)
    yield from nodes_of(quad.graph_name)


def _groups(with_nodes: Mapping[Quad, tuple[str, ...]]) -> Iterator[_Group]:
    """Yield the groups of blank nodes that statements connect, whatever the order of the quads."""
    statements: dict[str, list[_Statement]] = defaultdict(list)
    leaders: dict[str, str] = {}

    def leader(node: str) -> str:
        while leaders.setdefault(node, node) != node:
            leaders[node] = node = leaders[leaders[node]]
        return node

    for nodes in with_nodes.values():
        for node in nodes:
            leaders[leader(node)] = leader(nodes[0])
    for quad, nodes in with_nodes.items():
        statements[leader(nodes[0])].append(_Statement(_template(quad), nodes))
    for group in statements.values():
        yield _Group(group)


def _template(quad: Quad) -> str:
    return " ".join(_text(term) for term in quad)


def _text(term: object) -> str:
    if isinstance(term, BlankNode):
        return _HOLE
    if isinstance(term, Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(map(_text, parts))} )>>"
    return "" if isinstance(term, DefaultGraph) else str(term)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A quad as text with a hole for each of its blank nodes, and these in order."""

    template: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """The nodes of a group in an order, and the digest of the statements when so numbered."""

    digest: str
    nodes: tuple[str, ...]


class _Group:
    """Blank nodes that hang together, and all statements in which they stand."""

    def __init__(self, statements: Sequence[_Statement]) -> None:
        self._statements = statements
        self._of: dict[str, list[_Statement]] = defaultdict(list)
        for statement in statements:
            for node in dict.fromkeys(statement.nodes):
                self._of[node].append(statement)
        self._nodes = list(self._of)  # in the order of their first appearance
        self._most_steps = max(MOST_STEPS, _ROUNDS * len(self._nodes))
        self._steps = 0
        self._orders = 0
        self.undecided = 0

    def order(self) -> _Order:
        """Return the order with the least digest among those that were tried."""
        return self._search(self._refined(dict.fromkeys(self._nodes, "")))

    def _search(self, colours: dict[str, str]) -> _Order:
        alike = self._alike(colours)
        if not alike or self._is_exhausted:
            return self._numbered(colours)
        found: list[_Order] = []
        for node in alike:
            if found and self._is_exhausted:
                self.undecided = len(self._nodes)
                break
            chosen = self._refined({**colours, node: _digest(colours[node] + "!")})
            found.append(self._search(chosen))
        return min(found, key=lambda order: order.digest)

    @property
    def _is_exhausted(self) -> bool:
        return self._orders >= MOST_ORDERS or self._steps >= self._most_steps

    def _alike(self, colours: Mapping[str, str]) -> list[str]:
        """Return the nodes of the smallest set of those that have the same colour, if any."""
        by_colour: dict[str, list[str]] = defaultdict(list)
        for node in self._nodes:
            by_colour[colours[node]].append(node)
        sets = [(len(nodes), colour) for colour, nodes in by_colour.items() if len(nodes) > 1]
        return by_colour[min(sets)[1]] if sets else []

    def _refined(self, colours: dict[str, str]) -> dict[str, str]:
        """Colour each node by its statements and its neighbours' colours, until that adds none."""
        number = len(set(colours.values()))
        while number < len(self._nodes) and self._steps < self._most_steps:
            self._steps += len(self._nodes)
            finer = {node: self._colour(node, colours) for node in self._nodes}
            colours, before = finer, number
            number = len(set(colours.values()))
            if number == before:
                break
        return colours

    def _colour(self, node: str, colours: Mapping[str, str]) -> str:
        lines = sorted(
            "\n".join(
                (statement.template, *("." if n == node else colours[n] for n in statement.nodes))
            )
            for statement in self._of[node]
        )
        return _digest("\n\n".join([colours[node], *lines]))

    def _numbered(self, colours: Mapping[str, str]) -> _Order:
        self._orders += 1
        if self._alike(colours):
            self.undecided = len(self._nodes)
        nodes = sorted(self._nodes, key=colours.__getitem__)
        numbers = {node: str(number) for number, node in enumerate(nodes)}
        lines = sorted(
            "\n".join((statement.template, *(numbers[node] for node in statement.nodes)))
            for statement in self._statements
        )
        return _Order(_digest("\n\n".join(lines)), tuple(nodes))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
