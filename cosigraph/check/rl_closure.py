# SPDX-License-Identifier: Apache-2.0
"""Contradictions that only the rules of OWL 2 RL find, by owlrl, over ontology and vocabularies.

Its rules take more than linear time, so that data is left to ``cosigraph.check.instances`` and an
ontology of more than ``LARGEST`` statements, labels and the like not counted, is too. Each class
gets a member of its own, as a rule finds only what cannot be, not which class can have no member.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import owlrl  # type: ignore[import-untyped]
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, Graph, Literal, URIRef

from cosigraph.check.findings import Finding
from cosigraph.check.positions import Part
from cosigraph.check.quiet import quiet
from cosigraph.check.rdflib_graph import to_rdflib
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources, place_of, triples_of
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position

LARGEST: Final = 3_000
_ERROR: Final = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
_MEMBER: Final = "urn:cosigraph:member-of:"
_MEMBERS: Final = re.compile(rf"{_MEMBER}\d+")
_BEYOND: Final = [
    *(OWL.allValuesFrom, OWL.hasValue, OWL.oneOf, OWL.maxCardinality, OWL.maxQualifiedCardinality),
    *(OWL.hasKey, OWL.propertyChainAxiom, OWL.assertionProperty),
]
"""What the rules of linear time do not read."""


def closure_errors(sources: Sources, files: Iterable[ParsedFile]) -> Iterator[Finding]:
    """Yield what owlrl finds wrong; it is asked only where it may find more than is found."""
    files = list(files)
    graph = _statements(files)
    if len(graph) > LARGEST or not any((None, each, None) in graph for each in _BEYOND):
        return
    try:
        yield from _findings(graph, sources, files)
    except Exception as error:  # noqa: BLE001 - owlrl takes for granted that OWL is well-formed
        yield rule("ontology/outside-rl-profile").finding(
            f"The rules of OWL 2 RL cannot be run, as an axiom is not well-formed: {error}.",
            place_of(files[0]),
            advice="Look for a restriction or list with a value of the wrong kind.",
        )


def _findings(graph: Graph, sources: Sources, files: list[ParsedFile]) -> Iterator[Finding]:
    errors = _errors(graph, {})
    for message in errors:
        yield rule("ontology/inconsistent").finding(
            f"The ontology contradicts itself: {_words(message, sources, {})}.",
            _place(sources.only(files), message) or place_of(files[0]),
            advice="Remove or correct one of the axioms and statements that say so.",
        )
    if not errors:
        for name, words in _empty_classes(graph, sources):
            yield _unsatisfiable(sources, name, words)


def _empty_classes(graph: Graph, sources: Sources) -> Iterator[tuple[str, str]]:
    """Yield each class that can have no member, and why not in words."""
    members = {
        f"{_MEMBER}{number}": str(name)
        for number, name in enumerate(sorted(_classes(graph)), start=1)
    }
    errors = _errors(graph, members)
    told: set[str] = set()
    for message in errors:
        named = [members[found] for found in _MEMBERS.findall(message)]
        if named and named[0] not in told:
            told.add(named[0])
            yield named[0], _words(message, sources, members)
    while errors and not told and len(members) > 1:
        # What follows from a member is told of something else: half of the classes are left out
        # until one is left. Others may be like it, which the next check tells.
        half = dict(list(members.items())[: len(members) // 2])
        found = _errors(graph, half)
        members = half if found else dict(list(members.items())[len(half) :])
        errors = found or _errors(graph, members)
    if errors and not told:
        yield next(iter(members.values())), _words(errors[0], sources, members)


def _errors(graph: Graph, members: dict[str, str]) -> list[str]:
    """Return what the rules find wrong, sorted, where each class has that member."""
    closed = Graph()
    closed += graph
    for member, name in members.items():
        closed.add((URIRef(member), RDF.type, URIRef(name)))
    with quiet():
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return sorted(str(error) for error in closed.objects(None, _ERROR))


def _statements(files: Iterable[ParsedFile]) -> Graph:
    """Return what rules can use: of literals the values of restrictions and of data only."""
    graph = to_rdflib(triples_of(files))
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    for triple in list(graph):
        if isinstance(triple[2], Literal) and (
            triple[1] in annotations or triple[2].language or triple[2].ill_typed
        ):
            graph.remove(triple)
    return graph


def _classes(graph: Graph) -> set[URIRef]:
    return {name for name in graph.subjects(RDF.type, OWL.Class) if isinstance(name, URIRef)}


def _unsatisfiable(sources: Sources, name: str, words: str) -> Finding:
    return rule("ontology/unsatisfiable-class").finding(
        f"{sources.shorten(name)} can have no member. Of one it would follow: {words}.",
        sources.place(sources.terms.defined_in[name], Part.SUBJECT),
        advice="Remove or correct one of the axioms that say so.",
    )


def _place(sources: Sources, message: str) -> Position | None:
    """Return where one of the terms of a message is a subject."""
    for iri in re.findall(r"[a-z]+:[^\s,)']+", message):
        position = sources.positions.of(NamedNode(iri))
        if position is not None:
            return position
    return None


def _words(message: str, sources: Sources, classes: dict[str, str]) -> str:
    """Return the message with short names in it."""

    def shown(found: re.Match[str]) -> str:
        iri = found.group()
        if iri in classes:
            return f"a member of {sources.shorten(classes[iri])}"
        return sources.shorten(iri)

    named = re.sub(r"[a-z]+:[^\s,)']+", shown, message)
    return re.sub(r"\bf[0-9]+b[0-9]+\b", "a class expression", named).rstrip(".")
