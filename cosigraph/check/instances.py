# SPDX-License-Identifier: Apache-2.0
"""Contradictions between what the data says of things and what the ontology says.

Only rules that need one pass over the statements are used, so that a million of them take
seconds: what a thing is by its types and by the domains and ranges of its properties, one round
of what is the same, and the properties that are functional, asymmetric, irreflexive or disjoint.
Nothing is concluded from what is not said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from cosigraph.check.axioms import THING, Axioms, Step, steps_from
from cosigraph.check.clashes import Clash, Clashes
from cosigraph.check.contradictions import Contradiction, Shown
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.check.value_contradictions import Rule, Values
from cosigraph.vocabulary import OWL, RDF

_TOLD: Final = 20
"""How many contradictions of one property are told singly."""

_TYPE, _SAME_AS = RDF + "type", OWL + "sameAs"

_Classes: TypeAlias = tuple[tuple[str, tuple[Statement, ...]], ...]
"""Classes, each with the axioms by which something is of it."""


class Instances:
    """What some files say of things, held against axioms."""

    def __init__(self, axioms: Axioms, files: Iterable[ParsedFile], shown: Shown) -> None:
        self._axioms = axioms
        self._shown = shown
        self._files = list(files)
        self._clashes = Clashes(axioms)
        self._typing = self._clashes.possible
        self._subject_classes = cache(lambda name: _classes(axioms.subject_classes(name)))
        self._value_classes = cache(lambda name: _classes(axioms.value_classes(name)))
        self._same: dict[str, str] = {}
        self._same_by: dict[tuple[str, str], Statement] = {}
        self._merged: defaultdict[str, list[str]] = defaultdict(list)
        self._types: defaultdict[str, dict[str, tuple[Statement, ...]]] = defaultdict(dict)

    def contradictions(self, about: frozenset[str] | None = None) -> Iterator[Contradiction]:
        """Yield each contradiction; things of the same classes together as one.

        ``about`` are the only things whose statements are read, if it is given.
        """
        values = Values(self._axioms, self._shown)
        found: defaultdict[Rule, list[Contradiction]] = defaultdict(list)
        for file in self._files:
            for number, triple in enumerate(file.triples):
                subject, predicate, value = triple
                one, other, name = _value(subject), _value(value), predicate.value
                is_read = about is None or one in about or other in about or name == _SAME_AS
                if is_read and name == _SAME_AS:
                    self._join(one, other, Statement(file, number))
                elif is_read:
                    if self._typing:
                        self._read_types(file, number, triple)
                    for take in values.rules(name):
                        contradiction = take(Statement(file, number))
                        if contradiction is not None:
                            found[take].append(contradiction)
        for contradictions in found.values():
            yield from _some(contradictions)
        for one, other, statement in values.same:
            self._join(one, other, statement)
        yield from self._differences()
        yield from self._disjoint()

    def _read_types(self, file: ParsedFile, number: int, triple: Triple) -> None:
        subject, value = _value(triple.subject), triple.object
        name = triple.predicate.value
        if name == _TYPE:
            self._type(subject, ((_value(value), ()),), file, number)
            return
        self._type(subject, self._subject_classes(name), file, number)
        if type(value) in _NODES:
            self._type(_value(value), self._value_classes(name), file, number)

    def _type(self, thing: str, classes: _Classes, file: ParsedFile, number: int) -> None:
        if classes:
            known = self._types[thing]
            for name, axioms in classes:
                if name not in known:
                    known[name] = (Statement(file, number), *axioms)

    def _join(self, one: str, other: str, statement: Statement) -> None:
        self._same_by.setdefault((one, other), statement)
        self._same[self._root(one)] = self._root(other)

    def _root(self, thing: str) -> str:
        while (parent := self._same.get(thing, thing)) != thing:
            self._same[thing] = self._same.get(parent, parent)
            thing = parent
        return thing

    def _differences(self) -> Iterator[Contradiction]:
        """Yield what is said to be different and is the same."""
        for apart in self._axioms.different:
            roots: dict[str, str] = {}
            for thing in sorted(apart.members):
                root = self._root(thing)
                if root in roots or len(apart.members) == 1:
                    other = roots.get(root, thing)
                    ways = self._ways(thing, {other})
                    names = f"{self._shown(thing)} and {self._shown(other)}"
                    yield Contradiction(
                        f"{names} are the same and different.",
                        ways[0] if ways else apart.statement,
                        (*ways, apart.statement),
                    )
                roots[root] = thing

    def _ways(self, start: str, ends: Iterable[str]) -> tuple[Statement, ...]:
        """Return the statements by which each of ``ends`` is the same as ``start``."""
        reached = steps_from([start], self._neighbours)
        statements: list[Statement] = []
        for end in ends:
            way: list[Statement] = []
            step = reached.get(end)
            while step is not None:
                way.append(step[1])
                step = reached[step[0]]
            statements += reversed(way)
        return tuple(dict.fromkeys(statements))

    @cached_property
    def _neighbours(self) -> dict[str, list[Step]]:
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for (one, other), statement in self._same_by.items():
            found[one].append((other, statement))
            found[other].append((one, statement))
        return found

    def _disjoint(self) -> Iterator[Contradiction]:
        """Yield what is of classes that have nothing in common, the same classes once."""
        if self._same:
            self._merge_types()
        found: dict[Clash, list[str]] = {}
        for thing, classes in self._types.items():
            clash = self._clashes.of(frozenset(classes))
            if clash is not None:
                found.setdefault(clash, []).append(thing)
        for clash, things in found.items():
            types = self._types[things[0]]
            own = tuple(types[name] for name in types if name in clash.starts)
            same = self._ways(things[0], self._merged.get(things[0], ()))
            reasons = (*chain.from_iterable(own), *same, *clash.reasons)
            yield Contradiction("", own[-1][0], reasons, clash, things[0], len(things))

    def _merge_types(self) -> None:
        for thing in [thing for thing in self._types if thing in self._same]:
            root = self._root(thing)
            if root != thing:
                self._merged[root].append(thing)
                merged = self._types[root]
                for name, statements in self._types.pop(thing).items():
                    merged.setdefault(name, statements)


_NODES = frozenset({NamedNode, BlankNode})


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _classes(steps: Iterable[Step]) -> _Classes:
    return tuple((name, (axiom,)) for name, axiom in steps if name != THING)


def _some(contradictions: list[Contradiction]) -> Iterator[Contradiction]:
    """Yield the first of many of a kind; the last of these says how many more there are."""
    told = contradictions[:_TOLD]
    more = len(contradictions) - len(told)
    yield from told[:-1]
    last = told[-1]
    yield replace(last, words=f"{last.words} {more} more are like it.") if more else last
