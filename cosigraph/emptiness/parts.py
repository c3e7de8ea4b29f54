# SPDX-License-Identifier: Apache-2.0
"""A group of patterns taken apart into what can be asked on its own.

A part keeps the author's own characters, but for blank nodes: they are written as variables, which
mean the same in a pattern, so that a triple can be asked without those around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cosigraph.emptiness.tree import Tree, unused_name
from cosigraph.sparql import Token
from cosigraph.terms import RDF


class Sort(StrEnum):
    """What a part of a group is."""

    TRIPLE = "triple"
    VALUES = "values"
    GROUP = "group"
    UNION = "union"
    GRAPH = "graph"
    FILTER = "filter"
    OTHER = "other"  # OPTIONAL, MINUS, BIND, LATERAL: alone they always match


@dataclass(frozen=True, slots=True)
class Place:
    """A term, or a path, and where it stands.

    Attributes:
        sort: ``variable``, ``iri``, ``literal`` or ``path``.
        text: what stands there, a blank node being a variable.
        shown: what stands there, a blank node without a label being given one.
        start: where it starts in the query.
        iris: for ``path``, the IRIs in it.
    """

    sort: str
    text: str
    shown: str
    start: int
    iris: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern, whose property may be a path."""

    subject: Place
    verb: Place
    object: Place

    def __iter__(self) -> Iterator[Place]:
        return iter((self.subject, self.verb, self.object))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group.

    Attributes:
        sort: what it is.
        text: what to ask.
        shown: what to show of it.
        start: where it starts in the query.
        tree: it in the query's tree; a triple pattern has none of its own.
        triple: of a triple pattern, its terms.
        groups: of a group, a union or a graph, the groups within.
        graph: of ``GRAPH``, which.
    """

    sort: Sort
    text: str
    shown: str
    start: int
    tree: Tree | None = None
    triple: Triple | None = None
    groups: tuple[Group, ...] = ()
    graph: Place | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of a group in order, its filters apart; or the subquery that it is."""

    parts: tuple[Part, ...] = ()
    filters: tuple[Part, ...] = ()
    subquery: Tree | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a pattern stands: in which ``GRAPH``, and beside which other patterns."""

    graphs: tuple[Place, ...] = ()
    beside: str = ""

    def wrap(self, pattern: str) -> str:
        """The pattern as it is to be asked."""
        text = f"{pattern}\n{self.beside}"
        for graph in reversed(self.graphs):
            text = f"GRAPH {graph.text} {{\n{text}\n}}"
        return text


def joined(parts: Iterable[Part]) -> str:
    """What asks for all of the parts together."""
    return "\n".join(part.text for part in parts)


class Dissection:
    """Takes the groups of one query apart."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._prefix = unused_name(text, "blank")
        self._anonymous = 0

    def group(self, tree: Tree) -> Group:
        """The parts of a group: of what stands in its braces."""
        subquery = tree.child("SubSelect")
        body = tree.child("GroupBody")
        if subquery is not None or body is None:
            return Group(subquery=subquery)
        return self._split(body.trees)

    def template(self, trees: Iterable[Tree]) -> Group:
        """The parts of ``CONSTRUCT WHERE``, which holds triples only."""
        return self._split(trees)

    def values(self, tree: Tree) -> Part:
        """The part that a ``VALUES`` is."""
        return self._part(Sort.VALUES, tree)

    def iri(self, tree: Tree) -> Place:
        """The IRI, or the variable, that a tree is."""
        token = next(tree.tokens())
        sort = "variable" if token.kind == "variable" else "iri"
        return Place(sort, token.text, token.text, token.start)

    def slice(self, tree: Tree) -> str:
        """The characters of a tree."""
        return self._text[tree.start : tree.end]

    def _split(self, trees: Iterable[Tree]) -> Group:
        parts: list[Part] = []
        filters: list[Part] = []
        for tree in trees:
            if tree.rule == "Triples":
                for subject in tree.trees:
                    parts += self._same_subject(subject)
            elif tree.rule == "GroupPart":
                part = self._group_part(tree)
                (filters if part.sort is Sort.FILTER else parts).append(part)
        return Group(tuple(parts), tuple(filters))

    def _group_part(self, tree: Tree) -> Part:
        first = tree.parts[0]
        if isinstance(first, Tree):
            groups = tuple(self.group(each) for each in tree.trees)
            return self._part(Sort.UNION if len(groups) > 1 else Sort.GROUP, tree, groups)
        if first.is_word("GRAPH"):
            name, inner = tree.trees
            return self._part(Sort.GRAPH, tree, (self.group(inner),), self.iri(name))
        if first.is_word("FILTER"):
            return self._part(Sort.FILTER, tree)
        return self._part(Sort.VALUES if first.is_word("VALUES") else Sort.OTHER, tree)

    def _part(
        self, sort: Sort, tree: Tree, groups: tuple[Group, ...] = (), graph: Place | None = None
    ) -> Part:
        text = self.slice(tree)
        return Part(sort, text, text, tree.start, tree, groups=groups, graph=graph)

    def _same_subject(self, tree: Tree) -> Iterator[Part]:
        first = tree.trees[0]
        subject = self._term(first)
        yield from self._within(first, subject)
        properties = tree.child("Properties")
        if properties is not None:
            yield from self._properties(subject, properties)

    def _properties(self, subject: Place, tree: Tree) -> Iterator[Part]:
        verb: Place | None = None
        start = subject.start  # of a pattern whose subject stands before: where its own text is
        for part in tree.trees:
            if part.rule == "Verb":
                verb = self._verb(part)
                start = verb.start if start < 0 else start
            elif verb is not None:
                for each in part.trees:
                    (inner,) = each.trees
                    value = self._term(inner)
                    yield _triple(subject, verb, value, value.start if start < 0 else start)
                    start = -1
                    yield from self._within(inner, value)

    def _within(self, tree: Tree, node: Place) -> Iterator[Part]:
        """The triples that brackets stand for beside the one that they stand in."""
        if tree.rule == "PropertyList":
            for properties in tree.trees:
                yield from self._properties(node, properties)
        elif tree.rule == "Collection":
            members = tree.trees
            for index, member in enumerate(members):
                (inner,) = member.trees
                value = self._term(inner)
                first = _constant(f"{RDF}first", member.start)
                yield _triple(node, first, value, member.start)
                yield from self._within(inner, value)
                is_last = index == len(members) - 1
                rest = _constant(f"{RDF}nil", tree.start) if is_last else self._blank(tree.start)
                yield _triple(node, _constant(f"{RDF}rest", member.start), rest, member.start)
                node = rest

    def _term(self, tree: Tree) -> Place:
        if tree.rule == "Collection" and not tree.trees:
            return _constant(f"{RDF}nil", tree.start)
        if tree.rule in {"Collection", "PropertyList"}:
            return self._blank(tree.start)
        (part,) = tree.parts
        if isinstance(part, Token):
            if part.kind == "variable":
                return Place("variable", part.text, part.text, part.start)
            name = "".join(sign if sign.isalnum() else f"_{ord(sign)}_" for sign in part.text[2:])
            return Place("variable", f"?{self._prefix}_{name}", part.text, part.start)
        text = self.slice(part)
        return Place("iri" if part.rule == "Iri" else "literal", text, text, part.start)

    def _blank(self, start: int) -> Place:
        self._anonymous += 1
        name = f"{self._prefix}{self._anonymous}"
        return Place("variable", f"?{name}", f"_:{name}", start)

    def _verb(self, tree: Tree) -> Place:
        text = self.slice(tree)
        names = [token for token in tree.tokens() if token.kind in {"iri", "name"} or _is_a(token)]
        iris = tuple(Place("iri", _named(each), each.text, each.start) for each in names)
        words = list(tree.tokens())
        if len(words) > 1:
            return Place("path", text, text, tree.start, iris)
        if words[0].kind == "variable":
            return Place("variable", text, text, tree.start)
        return Place("iri", iris[0].text, text, tree.start)


def _is_a(token: Token) -> bool:
    return token.text == "a" and token.kind == "word"


def _named(token: Token) -> str:
    """The token where it may stand for any term: ``a`` is short for a property only."""
    return f"<{RDF}type>" if _is_a(token) else token.text


def _constant(iri: str, start: int) -> Place:
    return Place("iri", f"<{iri}>", f"<{iri}>", start)


def _triple(subject: Place, verb: Place, value: Place, start: int) -> Part:
    text = f"{subject.text} {verb.text} {value.text} ."
    shown = f"{subject.shown} {verb.shown} {value.shown}"
    return Part(Sort.TRIPLE, text, shown, start, triple=Triple(subject, verb, value))
