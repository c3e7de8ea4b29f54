# SPDX-License-Identifier: Apache-2.0
"""What an ontology says of its classes and properties, as far as it can contradict itself.

Only what follows in linear time is kept: each class with the classes above it, sets of classes of
which nothing is two, and what a property makes of its subjects and values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.vocabulary import OWL, RDF, RDFS

NOTHING: Final = OWL + "Nothing"
THING: Final = OWL + "Thing"


Step: TypeAlias = tuple[str, Statement]
"""What follows, by its IRI or blank node's label, and the statement from which."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Classes, or properties, of which two have nothing in common."""

    members: frozenset[str]
    statement: Statement


@dataclass
class Axioms:
    """The axioms of some files; classes and properties by IRI, class expressions by label."""

    above: defaultdict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    properties_above: defaultdict[str, list[Step]] = field(
        default_factory=lambda: defaultdict(list)
    )
    inverses: defaultdict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    domains: defaultdict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    ranges: defaultdict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    apart: list[Apart] = field(default_factory=list)
    properties_apart: list[Apart] = field(default_factory=list)
    different: list[Apart] = field(default_factory=list)
    characteristics: defaultdict[str, dict[str, Statement]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @classmethod
    def of(cls, files: Iterable[ParsedFile]) -> Axioms:
        """Read the axioms of the files."""
        reader = _Reader(files)
        reader.read()
        return reader.axioms

    def everything_above(self, classes: Iterable[str]) -> dict[str, Step | None]:
        """Return the classes and all above them, each with the step that led there."""
        return steps_from(classes, self.above)

    def with_properties_above(self, name: str) -> list[str]:
        """Return a property and all above it."""
        return list(steps_from([name], self.properties_above))

    def subject_classes(self, name: str) -> list[Step]:
        """Return what a property makes of the subject: its domains, and those above it."""
        return self._classes(name, self.domains, self.ranges)

    def value_classes(self, name: str) -> list[Step]:
        """Return what a property makes of the value: its ranges, and those above it."""
        return self._classes(name, self.ranges, self.domains)

    def _classes(
        self, name: str, own: Mapping[str, list[Step]], inverse: Mapping[str, list[Step]]
    ) -> list[Step]:
        found: list[Step] = []
        for each in self.with_properties_above(name):
            found += own.get(each, ())
            for other, _ in self.inverses.get(each, ()):
                for above in self.with_properties_above(other):
                    found += inverse.get(above, ())
        return found


def steps_from(starts: Iterable[str], steps: Mapping[str, list[Step]]) -> dict[str, Step | None]:
    """Return everything that the steps lead to, each with the node before it and the statement."""
    reached: dict[str, Step | None] = dict.fromkeys(starts)
    waiting = list(reached)
    for node in waiting:  # grows while it is walked
        for target, statement in steps.get(node, ()):
            if target not in reached:
                reached[target] = (node, statement)
                waiting.append(target)
    return reached


_LISTED: Final = frozenset(
    OWL + name
    for name in ("intersectionOf", "unionOf", "disjointUnionOf", "members", "distinctMembers")
)
_SOME: Final = frozenset(
    OWL + name for name in ("someValuesFrom", "hasValue", "minCardinality", "cardinality")
) | {OWL + "minQualifiedCardinality", OWL + "qualifiedCardinality"}
_CHARACTERISTICS: Final = frozenset(
    f"{OWL}{name}Property"
    for name in ("Functional", "InverseFunctional", "Asymmetric", "Irreflexive", "Symmetric")
)

_TYPE: Final = RDF + "type"
_AXIOMATIC: Final = (
    _LISTED
    | _SOME
    | {RDF + "first", RDF + "rest"}
    | {RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")}
    | {
        OWL + name
        for name in (
            *("equivalentClass", "equivalentProperty", "inverseOf", "onProperty"),
            *("disjointWith", "complementOf", "propertyDisjointWith", "differentFrom"),
        )
    }
)
"""The predicates of axioms: of a million statements of data, few have one."""


class _Reader:
    def __init__(self, files: Iterable[ParsedFile]) -> None:
        self.axioms = Axioms()
        self._files = list(files)
        self._firsts: dict[str, str] = {}
        self._rests: dict[str, str] = {}
        self._kinds: defaultdict[str, set[str]] = defaultdict(set)
        self._lists: list[tuple[str, str, Statement]] = []
        self._some: list[tuple[str, Statement]] = []
        self._on: dict[str, str] = {}

    def read(self) -> None:
        """Read the statements, then what can be told of lists and restrictions from them."""
        for file in self._files:
            for number, triple in enumerate(file.triples):
                name = triple.predicate.value
                if name in _AXIOMATIC or (name == _TYPE and _is_owl(triple.object)):
                    self._take(Statement(file, number))
        for subject, predicate, statement in self._lists:
            self._take_list(subject, predicate, statement)
        for restriction, statement in self._some:
            for domain, _ in self.axioms.subject_classes(self._on.get(restriction, "")):
                self.axioms.above[restriction].append((domain, statement))

    def _take(self, statement: Statement) -> None:
        subject, predicate, value = statement.triple
        name = predicate.value
        if not isinstance(subject, NamedNode | BlankNode):
            return
        if isinstance(value, NamedNode | BlankNode):
            self._take_relation(subject.value, name, value.value, statement)
        if name in _SOME and not _is_zero(value):
            self._some.append((subject.value, statement))

    def _take_relation(self, subject: str, name: str, value: str, statement: Statement) -> None:
        if name == RDF + "first":
            self._firsts[subject] = value
        elif name == RDF + "rest":
            self._rests[subject] = value
        elif name == OWL + "onProperty":
            self._on[subject] = value
        elif name in _LISTED:
            self._lists.append((subject, name, statement))
        elif name == _TYPE:
            self._kinds[subject].add(value)
            if value in _CHARACTERISTICS:
                self.axioms.characteristics[value].setdefault(subject, statement)
        else:
            self._take_axiom(subject, name, value, statement)

    def _take_axiom(self, subject: str, name: str, value: str, statement: Statement) -> None:
        axioms = self.axioms
        forwards = {
            RDFS + "subClassOf": axioms.above,
            OWL + "equivalentClass": axioms.above,
            RDFS + "subPropertyOf": axioms.properties_above,
            OWL + "equivalentProperty": axioms.properties_above,
            OWL + "inverseOf": axioms.inverses,
            RDFS + "domain": axioms.domains,
            RDFS + "range": axioms.ranges,
        }
        apart = {
            OWL + "disjointWith": axioms.apart,
            OWL + "complementOf": axioms.apart,
            OWL + "propertyDisjointWith": axioms.properties_apart,
            OWL + "differentFrom": axioms.different,
        }
        if name in forwards:
            forwards[name][subject].append((value, statement))
            if name.startswith(OWL):
                forwards[name][value].append((subject, statement))
        elif name in apart:
            if subject == value:
                axioms.above[subject].append((NOTHING, statement))
            apart[name].append(Apart(frozenset({subject, value}), statement))

    def _take_list(self, subject: str, name: str, statement: Statement) -> None:
        axioms = self.axioms
        value = statement.triple.object
        members = list(
            self._members(value.value if not isinstance(value, Literal | Triple) else "")
        )
        if name == OWL + "intersectionOf":
            axioms.above[subject] += [(member, statement) for member in members]
        elif name in {OWL + "unionOf", OWL + "disjointUnionOf"}:
            for member in members:
                axioms.above[member].append((subject, statement))
        apart = Apart(frozenset(members), statement)
        kinds = self._kinds[subject]
        if name == OWL + "disjointUnionOf" or OWL + "AllDisjointClasses" in kinds:
            axioms.apart.append(apart)
        elif OWL + "AllDisjointProperties" in kinds:
            axioms.properties_apart.append(apart)
        elif OWL + "AllDifferent" in kinds:
            axioms.different.append(apart)

    def _members(self, head: str) -> Iterator[str]:
        seen: set[str] = set()
        while head in self._firsts and head not in seen:
            seen.add(head)
            yield self._firsts[head]
            head = self._rests.get(head, "")


def _is_owl(value: object) -> bool:
    return isinstance(value, NamedNode) and value.value.startswith(OWL)


def _is_zero(value: object) -> bool:
    return isinstance(value, Literal) and value.value.strip("+-0") == ""
