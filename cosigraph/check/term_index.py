# SPDX-License-Identifier: Apache-2.0
"""The classes, properties and datatypes of a project: which are defined, and which are used where.

One pass over the triples, so that a million of them take seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.vocabulary import DCTERMS, OWL, RDF, RDFS, SH

RDF_TYPE: Final = RDF + "type"


class Kind(StrEnum):
    """What a term is."""

    CLASS = "class"
    PROPERTY = "property"
    DATATYPE = "datatype"


Kinds = frozenset[Kind]
_CLASS: Final = frozenset({Kind.CLASS})
_PROPERTY: Final = frozenset({Kind.PROPERTY})
_DATATYPE: Final = frozenset({Kind.DATATYPE})
_RANGE: Final = _CLASS | _DATATYPE


def _all(kinds: Kinds, namespace: str, names: str) -> dict[str, Kinds]:
    return dict.fromkeys((namespace + name for name in names.split()), kinds)


DEFINING: Final[dict[str, Kind]] = {
    **dict.fromkeys((OWL + "Class", RDFS + "Class", OWL + "DeprecatedClass"), Kind.CLASS),
    **dict.fromkeys(
        [
            RDF + "Property",
            RDFS + "ContainerMembershipProperty",
            *(
                f"{OWL}{name}Property"
                for name in (
                    *("Object", "Datatype", "Annotation", "Ontology", "Deprecated", "Functional"),
                    *("InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive"),
                    "Irreflexive",
                )
            ),
        ],
        Kind.PROPERTY,
    ),
    RDFS + "Datatype": Kind.DATATYPE,
}
"""The types by which a term is defined, and what the term is then."""

_DEPRECATING: Final = frozenset({OWL + "DeprecatedClass", OWL + "DeprecatedProperty"})

_VALUES: Final[dict[str, Kinds]] = {
    RDF_TYPE: _CLASS,
    **_all(_CLASS, RDFS, "subClassOf domain"),
    **_all(_CLASS, OWL, "disjointWith complementOf onClass"),
    **_all(_CLASS, SH, "class targetClass"),
    **_all(_RANGE, RDFS, "range"),
    **_all(_RANGE, OWL, "someValuesFrom allValuesFrom equivalentClass"),
    **_all(_PROPERTY, RDFS, "subPropertyOf"),
    **_all(_PROPERTY, OWL, "inverseOf onProperty equivalentProperty propertyDisjointWith"),
    **_all(_PROPERTY, SH, "path inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath"),
    **_all(_PROPERTY, SH, "targetSubjectsOf targetObjectsOf equals disjoint lessThan"),
    **_all(_PROPERTY, SH, "lessThanOrEquals"),
    **_all(_DATATYPE, SH, "datatype"),
    **_all(_DATATYPE, OWL, "onDatatype onDataRange"),
}
"""The predicates whose values are terms, and what these are."""

_LISTS: Final[dict[str, Kinds]] = {
    **_all(_RANGE, OWL, "unionOf intersectionOf"),
    **_all(_CLASS, OWL, "disjointUnionOf"),
    **_all(_PROPERTY, OWL, "propertyChainAxiom hasKey"),
    **_all(_PROPERTY, SH, "path alternativePath ignoredProperties"),
}
"""The predicates whose values may be lists of terms."""

_FIRST, _REST = RDF + "first", RDF + "rest"
_DEPRECATED, _REPLACED = OWL + "deprecated", DCTERMS + "isReplacedBy"
_TELLING: Final = frozenset({RDF_TYPE, _DEPRECATED, _REPLACED})
"""The predicates that say of a term what it is."""


@dataclass(slots=True)
class Use:
    """How often a file uses a term in one way, and where first.

    ``part`` is what it is in the statement: predicate, type, datatype, or value of an axiom.
    """

    term: str
    kinds: Kinds
    statement: Statement
    part: str
    count: int = 0


@dataclass
class TermIndex:
    """What the files define and use.

    ``kinds`` has what each defined term is, ``defined_in`` the statement that says so first,
    ``deprecated`` the terms that are, ``replaced_by`` what takes the place of a thing.
    """

    kinds: dict[str, set[Kind]] = field(default_factory=dict)
    defined_in: dict[str, Statement] = field(default_factory=dict)
    deprecated: set[str] = field(default_factory=set)
    replaced_by: dict[str, list[str]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)

    @classmethod
    def of(cls, files: Iterable[ParsedFile]) -> TermIndex:
        """Read the files once."""
        index = cls()
        for file in files:
            index.uses += index._read(file)
        return index

    def _read(self, file: ParsedFile) -> Iterable[Use]:
        uses = _Uses(file)
        lists = _Lists()
        for number, triple in enumerate(file.triples):
            subject, predicate, value = triple
            name = predicate.value
            uses.add(name, "predicate", _PROPERTY, number)
            if type(value) is Literal:
                if value.language is None:
                    uses.add(value.datatype.value, "datatype", _DATATYPE, number)
            elif name in _VALUES and type(value) is NamedNode:
                part = "type" if name == RDF_TYPE else "value"
                uses.add(value.value, part, _VALUES[name], number)
            if type(subject) is BlankNode or type(value) is BlankNode:
                lists.add(number, triple)
            if name in _TELLING and type(subject) is NamedNode:
                self._define(
                    Statement(file, number), subject.value, name, getattr(value, "value", "")
                )
        for number, kinds in lists.members():
            member = file.triples[number].object
            if type(member) is NamedNode:
                uses.add(member.value, "value", kinds, number)
        return uses.found.values()

    def _define(self, statement: Statement, subject: str, predicate: str, value: str) -> None:
        if predicate == _REPLACED:
            self.replaced_by.setdefault(subject, []).append(value)
        elif predicate == _DEPRECATED:
            if value in {"true", "1"}:
                self.deprecated.add(subject)
        elif value in DEFINING:
            self.kinds.setdefault(subject, set()).add(DEFINING[value])
            self.defined_in.setdefault(subject, statement)
            if value in _DEPRECATING:
                self.deprecated.add(subject)


class _Uses:
    """The uses of one file."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self.found: dict[tuple[str, str, Kinds], Use] = {}

    def add(self, term: str, part: str, kinds: Kinds, number: int) -> None:
        """Count a use; as a type, as a value of axioms, as a predicate and so on apart."""
        key = (term, part, kinds)
        use = self.found.get(key)
        if use is None:
            use = self.found[key] = Use(term, kinds, Statement(self._file, number), part)
        use.count += 1


class _Lists:
    """The lists of one file whose members are terms."""

    def __init__(self) -> None:
        self._heads: dict[BlankNode, Kinds] = {}
        self._firsts: dict[BlankNode, int] = {}
        self._rests: dict[BlankNode, BlankNode] = {}

    def add(self, number: int, triple: Triple) -> None:
        """Take a statement that a list may consist of, or be the value of."""
        subject, predicate, value = triple
        name = predicate.value
        if type(value) is BlankNode and name in _LISTS:
            self._heads[value] = _LISTS[name]
        if type(subject) is BlankNode and name == _FIRST:
            self._firsts[subject] = number
        elif type(subject) is BlankNode and name == _REST and type(value) is BlankNode:
            self._rests[subject] = value

    def members(self) -> Iterator[tuple[int, Kinds]]:
        """Yield the numbers of the statements that name a member, of a circle each once."""
        for head, kinds in self._heads.items():
            seen: set[BlankNode] = set()
            node: BlankNode | None = head
            while node is not None and node not in seen:
                seen.add(node)
                if node in self._firsts:
                    yield self._firsts[node], kinds
                node = self._rests.get(node)
