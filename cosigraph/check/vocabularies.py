# SPDX-License-Identifier: Apache-2.0
"""SKOS vocabularies and hierarchies: circles, two preferred labels, concepts without a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.check.circles import circles
from cosigraph.check.findings import Finding
from cosigraph.check.rule import rule
from cosigraph.check.sources import SHAPES, Sources
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position
from cosigraph.vocabulary import OWL, RDF, RDFS, SKOS

_BROADER: Final = frozenset({SKOS + "broader", SKOS + "broaderTransitive"})
_NARROWER: Final = frozenset({SKOS + "narrower", SKOS + "narrowerTransitive"})
_IN_SCHEME, _TOP_OF, _HAS_TOP = SKOS + "inScheme", SKOS + "topConceptOf", SKOS + "hasTopConcept"
_LABEL, _TYPE, _CONCEPT_NODE = SKOS + "prefLabel", RDF + "type", NamedNode(SKOS + "Concept")
_DEPRECATED: Final = OWL + "deprecated"

_HIERARCHIES: Final = {
    **dict.fromkeys(_BROADER, ("skos:broader", True)),
    **dict.fromkeys(_NARROWER, ("skos:broader", False)),
    RDFS + "subClassOf": ("rdfs:subClassOf", True),
    RDFS + "subPropertyOf": ("rdfs:subPropertyOf", True),
}
"""The predicates of hierarchies: which one each is of, and whether it leads up."""

_READ: Final = frozenset({*_HIERARCHIES, _LABEL, _TYPE, _IN_SCHEME, _TOP_OF, _HAS_TOP, _DEPRECATED})
"""The predicates that are read."""


def check_vocabularies(sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with hierarchies and concepts, in each reading once."""
    files = [file for file in sources.files if sources.room(file) != SHAPES]
    statements = [list(_statements(file)) for file in files]
    found: dict[Finding, None] = {}
    for reading in (None, *sources.replaced):
        left_out = {*sources.replaced, sources.replaced.get(reading or "")} - {reading}
        said = [
            each
            for file, each in zip(files, statements, strict=True)
            if file.graph_iri not in left_out
        ]
        vocabularies = _Vocabularies(sources, chain.from_iterable(said))
        found |= dict.fromkeys(vocabularies.findings())
    yield from found


def _statements(file: ParsedFile) -> Iterator[Statement]:
    """Yield what a file says of labels, hierarchies and concepts: of a million statements few."""
    for number, triple in enumerate(file.triples):
        name = triple.predicate.value
        if name in _READ and (name != _TYPE or triple.object == _CONCEPT_NODE):
            yield Statement(file, number)


class _Vocabularies:
    """What the files of one reading say of concepts and hierarchies."""

    def __init__(self, sources: Sources, statements: Iterable[Statement]) -> None:
        self._sources = sources
        self._up: dict[str, dict[tuple[str, str], Statement]] = defaultdict(dict)
        self._labels: dict[tuple[str, str | None], Statement] = {}
        self._two_labels: list[tuple[Statement, Statement]] = []
        self._concepts: dict[str, Statement] = {}
        self._schemes: defaultdict[str, set[str]] = defaultdict(set)
        self._top: defaultdict[str, set[str]] = defaultdict(set)
        self._deprecated: set[str] = set()
        for statement in statements:
            self._read(statement)

    def _read(self, statement: Statement) -> None:
        subject, predicate, value = statement.triple
        name = predicate.value
        if not isinstance(subject, NamedNode):
            return
        if isinstance(value, Literal):
            self._read_literal(name, subject.value, value, statement)
        elif isinstance(value, NamedNode):
            self._read_relation(name, subject.value, value.value, statement)

    def _read_literal(self, name: str, subject: str, value: Literal, statement: Statement) -> None:
        if name == _LABEL:
            # The parser gives language tags in lower case.
            first = self._labels.setdefault((subject, value.language), statement)
            if first.triple.object != value:
                self._two_labels.append((first, statement))
        elif name == _DEPRECATED and value.value in {"true", "1"}:
            self._deprecated.add(subject)

    def _read_relation(self, name: str, subject: str, value: str, statement: Statement) -> None:
        if name in _HIERARCHIES:
            hierarchy, leads_up = _HIERARCHIES[name]
            edge = (subject, value) if leads_up else (value, subject)
            self._up[hierarchy].setdefault(edge, statement)
        elif name == _TYPE:
            self._concepts.setdefault(subject, statement)
        elif name in {_IN_SCHEME, _TOP_OF}:
            self._schemes[subject].add(value)
            if name == _TOP_OF:
                self._top[value].add(subject)
        elif name == _HAS_TOP:
            self._schemes[value].add(subject)
            self._top[subject].add(value)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is wrong."""
        for hierarchy, edges in self._up.items():
            for circle in circles(edges):
                yield self._circle(hierarchy, circle, edges)
        for first, second in self._two_labels:
            yield self._two_preferred(first, second)
        yield from self._orphans()

    def _circle(
        self, hierarchy: str, circle: list[str], edges: dict[tuple[str, str], Statement]
    ) -> Finding:
        statements = [edges[pair] for pair in zip(circle, [*circle[1:], circle[0]], strict=True)]
        names = [self._sources.shorten(name) for name in circle]
        return rule("vocabularies/cycle").finding(
            f"{hierarchy} runs in a circle: {' → '.join([*names, names[0]])}.",
            self._place(statements[0]),
            advice="Remove the statement that points the wrong way.",
            detail="\n".join(map(self._statement, statements)),
        )

    def _two_preferred(self, first: Statement, second: Statement) -> Finding:
        subject, _, value = second.triple
        language = value.language if isinstance(value, Literal) else None
        where = f"in '{language}'" if language else "without a language"
        shown = self._sources.shorten(getattr(subject, "value", ""))
        return rule("vocabularies/two-preferred-labels").finding(
            f"{shown} has two preferred labels {where}: "
            f"{_text(first.triple)} and {_text(second.triple)}.",
            self._place(second),
            advice="Keep one, and make the other a skos:altLabel.",
            detail=f"{self._statement(first)}\n{self._statement(second)}",
        )

    def _orphans(self) -> Iterator[Finding]:
        """Yield the concepts without a place, where concepts have schemes at all."""
        if not self._schemes:
            return
        has_broader = {lower for lower, _ in self._up.get("skos:broader", ())}
        for name, statement in self._concepts.items():
            schemes = self._schemes.get(name, set())
            if name in self._deprecated:
                continue
            shown = self._sources.shorten(name)
            if not schemes:
                words, advice = "is in no concept scheme", "Say its scheme with skos:inScheme."
            elif name not in has_broader and all(
                self._top.get(scheme) and name not in self._top[scheme] for scheme in schemes
            ):
                words = "is no top concept of its scheme and has nothing broader"
                advice = "Give it a skos:broader, or make it a top concept (skos:topConceptOf)."
            else:
                continue
            yield rule("vocabularies/orphan-concept").finding(
                f"{shown} {words}.", self._place(statement), advice=advice
            )

    def _place(self, statement: Statement) -> Position:
        return self._sources.place(statement)

    def _statement(self, statement: Statement) -> str:
        return self._sources.told(statement)


def _text(triple: Triple) -> str:
    return f'"{getattr(triple.object, "value", "")}"'
