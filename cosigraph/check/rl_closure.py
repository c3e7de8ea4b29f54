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
from rdflib import OWL, RDF, Graph, Literal, URIRef

from cosigraph.check.findings import Finding
from cosigraph.check.rdflib_graph import quiet, to_rdflib
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources, place_of, triples_of
from cosigraph.check.syntax import ParsedFile
from cosigraph.errors import Position

LARGEST: Final = 3_000
_ERROR: Final = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
_MEMBER: Final = "urn:cosigraph:member-of:"
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
    classes = {
        f"{_MEMBER}{number}": str(name)
        for number, name in enumerate(sorted(_classes(graph)), start=1)
    }
    for member, name in classes.items():
        graph.add((URIRef(member), RDF.type, URIRef(name)))
    with quiet():
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    told: set[str] = set()
    for message in sorted(str(error) for error in graph.objects(None, _ERROR)):
        members = [classes[found] for found in re.findall(rf"{_MEMBER}\d+", message)]
        if members and members[0] not in told:
            told.add(members[0])
            yield _unsatisfiable(sources, members[0], _words(message, sources, classes))
        elif not members:
            yield rule("ontology/inconsistent").finding(
                f"The ontology contradicts itself: {_words(message, sources, classes)}.",
                _place(sources, message) or place_of(files[0]),
                advice="Remove or correct one of the axioms and statements that say so.",
            )


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
    file, triple = sources.terms.defined_in[name]
    return rule("ontology/unsatisfiable-class").finding(
        f"{sources.shorten(name)} can have no member. Of one it would follow: {words}.",
        sources.place_of_subject(file, triple),
        advice="Remove or correct one of the axioms that say so.",
    )


def _place(sources: Sources, message: str) -> Position | None:
    """Return where one of the terms of a message is a subject."""
    for iri in re.findall(r"[a-z]+:[^\s,)']+", message):
        position = sources.positions.of(URIRef(iri))
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

    return re.sub(r"[a-z]+:[^\s,)']+", shown, message).rstrip(".")
