# SPDX-License-Identifier: Apache-2.0
"""Values that cannot stand together, by what the ontology says of their properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from cosigraph.check.axioms import Axioms
from cosigraph.check.contradictions import Contradiction, Shown
from cosigraph.check.quiet import quiet
from cosigraph.check.rdflib_graph import term_to_rdflib
from cosigraph.check.statements import Statement
from cosigraph.vocabulary import OWL


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _differ(one: Literal, other: Literal) -> bool:
    """Tell whether two literals have different values; what is of an unknown datatype may not."""
    with quiet():
        left, right = term_to_rdflib(one), term_to_rdflib(other)
    if getattr(left, "value", None) is None or getattr(right, "value", None) is None:
        return False
    try:
        return not left.eq(right)  # type: ignore[attr-defined]
    except TypeError:  # of datatypes that have no value in common
        return True


Rule: TypeAlias = Callable[[Statement], Contradiction | None]
"""Takes a statement, and returns what it contradicts."""


class Values:
    """The values of properties of which not every value can stand beside every other."""

    def __init__(self, axioms: Axioms, shown: Shown) -> None:
        self._axioms = axioms
        self._shown = shown
        self._apart: defaultdict[str, list[int]] = defaultdict(list)
        for number, apart in enumerate(axioms.properties_apart):
            for member in apart.members:
                self._apart[member].append(number)
        self._watched = {
            kind.removeprefix(OWL).removesuffix("Property"): frozenset(properties)
            for kind, properties in axioms.characteristics.items()
        }
        self.rules = cache(self._rules_of)
        self._first: dict[tuple[str, str], Statement] = {}
        self._first_subject: dict[tuple[str, object], Statement] = {}
        self._pairs: dict[tuple[str, str, str], Statement] = {}
        self._related: dict[tuple[int, object, object], tuple[str, Statement]] = {}
        self.same: list[tuple[str, str, Statement]] = []

    def _rules_of(self, name: str) -> tuple[Rule, ...]:
        """Return what to do with a statement of this property; with most there is nothing."""
        kinds: dict[str, Callable[[str, Statement], Contradiction | None]] = {
            "Functional": self._functional,
            "InverseFunctional": self._inverse_functional,
            "Irreflexive": self._irreflexive,
            "Asymmetric": self._asymmetric,
        }
        found: list[Rule] = []
        for above in self._axioms.with_properties_above(name):
            found += [partial(kinds[kind], above) for kind in kinds if self._is(above, kind)]
            found += [partial(self._disjoint, each, above) for each in self._apart.get(above, ())]
        return tuple(found)

    def _is(self, name: str, kind: str) -> bool:
        return name in self._watched.get(kind, ())

    def _why(self, name: str, kind: str) -> Statement:
        return self._axioms.characteristics[f"{OWL}{kind}Property"][name]

    def _contradiction(self, words: str, at: Statement, *reasons: Statement) -> Contradiction:
        return Contradiction(words, at, (at, *reasons))

    def _irreflexive(self, name: str, statement: Statement) -> Contradiction | None:
        subject = statement.triple.subject
        if subject == statement.triple.object:
            return self._contradiction(
                f"{self._shown(name)} is irreflexive, but relates "
                f"{self._shown(_value(subject))} to itself.",
                statement,
                self._why(name, "Irreflexive"),
            )
        return None

    def _functional(self, name: str, statement: Statement) -> Contradiction | None:
        subject, value = _value(statement.triple.subject), statement.triple.object
        first = self._first.setdefault((subject, name), statement)
        if first is statement:
            return None
        other = first.triple.object
        if other == value:
            return None
        if type(other) is Literal and type(value) is Literal:
            if _differ(other, value):
                return self._contradiction(
                    f"{self._shown(subject)} has two values of {self._shown(name)}, "
                    f'which is functional: "{other.value}" and "{value.value}".',
                    statement,
                    first,
                    self._why(name, "Functional"),
                )
        elif type(other) is NamedNode and type(value) is NamedNode:
            self.same.append((other.value, value.value, statement))
        return None

    def _inverse_functional(self, name: str, statement: Statement) -> Contradiction | None:
        first = self._first_subject.setdefault((name, statement.triple.object), statement)
        one, other = first.triple.subject, statement.triple.subject
        if one != other and type(one) is NamedNode and type(other) is NamedNode:
            self.same.append((one.value, other.value, statement))
        return None

    def _asymmetric(self, name: str, statement: Statement) -> Contradiction | None:
        one, other = _value(statement.triple.subject), _value(statement.triple.object)
        self._pairs.setdefault((name, one, other), statement)
        back = self._pairs.get((name, other, one))
        if back is not None and not (one == other and self._is(name, "Irreflexive")):
            return self._contradiction(
                f"{self._shown(name)} is asymmetric, but relates {self._shown(one)} and "
                f"{self._shown(other)} both ways.",
                statement,
                back,
                self._why(name, "Asymmetric"),
            )
        return None

    def _disjoint(self, number: int, name: str, statement: Statement) -> Contradiction | None:
        subject, value = statement.triple.subject, statement.triple.object
        key = (number, subject, value)
        other, first = self._related.setdefault(key, (name, statement))
        if other != name:
            return self._contradiction(
                f"{self._shown(name)} and {self._shown(other)} are disjoint, but both relate "
                f"{self._shown(_value(subject))} to {self._shown(_value(value))}.",
                statement,
                first,
                self._axioms.properties_apart[number].statement,
            )
        return None
