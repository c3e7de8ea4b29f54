# SPDX-License-Identifier: Apache-2.0
"""What breaks for people who query: terms, identifiers and graphs that are gone.

A term of an ontology or an identifier of the project that is kept, be it as deprecated
(``owl:deprecated``), is not gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pyoxigraph import NamedNode, Quad

from cosigraph.difference.comparison import Comparison
from cosigraph.difference.descriptions import TYPE
from cosigraph.turtle import natural_key
from cosigraph.vocabulary import OWL, RDF, RDFS, SKOS

_TERMS: Final = {
    OWL + "Class": "class",
    RDFS + "Class": "class",
    RDFS + "Datatype": "datatype",
    RDF + "Property": "property",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
    SKOS + "Concept": "concept",
    SKOS + "ConceptScheme": "concept scheme",
    SKOS + "Collection": "collection",
}


class BreakingKind(StrEnum):
    """What breaks."""

    TERM = "term-gone"
    IDENTIFIER = "identifier-gone"
    USE = "use-gone"
    GRAPH = "graph-gone"
    QUERY = "query-gone"
    QUERY_CHANGED = "query-changed"
    ANSWER = "answer-differs"


@dataclass(frozen=True, slots=True)
class Breaking:
    """One thing that breaks.

    ``detail`` is a sentence in which ``{}`` stands for the name of ``iri``, if there is one;
    ``instead`` is what it is called now, if it was renamed.
    """

    kind: BreakingKind
    detail: str
    iri: str | None = None
    instead: str | None = None


def breaking_changes(comparison: Comparison) -> list[Breaking]:
    """Return what is gone, by kind and name."""
    found = [*_gone(comparison), *_unused(comparison)]
    return sorted(found, key=lambda each: (list(BreakingKind).index(each.kind), _order(each)))


def _order(each: Breaking) -> object:
    return natural_key(each.iri or each.detail)


def _gone(comparison: Comparison) -> Iterator[Breaking]:
    kinds = _kinds(comparison.removed, comparison.gone)
    base = comparison.old.base or comparison.new.base
    for iri in comparison.gone:
        instead = comparison.renamed.get(iri)
        if iri in kinds:
            detail = f"The {kinds[iri]} {{}} is gone."
            yield Breaking(BreakingKind.TERM, detail, iri, instead)
        elif base is not None and iri.startswith(base):
            yield Breaking(BreakingKind.IDENTIFIER, "The identifier {} is gone.", iri, instead)


def _kinds(quads: Iterable[Quad], gone: AbstractSet[str]) -> dict[str, str]:
    """Return of what kind those of the IRIs are that are terms."""
    found: dict[str, set[str]] = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        if (
            quad.predicate.value == TYPE
            and isinstance(subject, NamedNode)
            and isinstance(value, NamedNode)
            and subject.value in gone
            and value.value in _TERMS
        ):
            found.setdefault(subject.value, set()).add(_TERMS[value.value])
    return {iri: min(kinds) for iri, kinds in found.items()}


def _unused(comparison: Comparison) -> Iterator[Breaking]:
    """Yield the graphs, properties and classes that no statement has any more."""
    before = _Used(comparison.removed)
    after = _Used(comparison.new.quads, before)
    for iri in before.graphs - after.graphs:
        yield Breaking(BreakingKind.GRAPH, "The graph {} is gone.", iri)
    for word, uses in (
        ("property", before.properties - after.properties),
        ("class", before.classes - after.classes),
    ):
        for iri in uses - comparison.gone:
            detail = f"No statement uses the {word} {{}} any more."
            yield Breaking(BreakingKind.USE, detail, iri)


class _Used:
    """The IRIs of graphs, of properties in use and of classes that have instances.

    ``among`` are those to look for; when all of them are found, the looking ends.
    """

    def __init__(self, quads: Iterable[Quad], among: _Used | None = None) -> None:
        self.graphs: set[str] = set()
        self.properties: set[str] = set()
        self.classes: set[str] = set()
        for quad in quads:
            graph, predicate = quad.graph_name, quad.predicate.value
            if isinstance(graph, NamedNode):
                self.graphs.add(graph.value)
            self.properties.add(predicate)
            if predicate == TYPE and isinstance(quad.object, NamedNode):
                self.classes.add(quad.object.value)
            if among is not None and self._has(among):
                break

    def _has(self, other: _Used) -> bool:
        return (
            len(self.properties) >= len(other.properties)
            and other.graphs <= self.graphs
            and other.classes <= self.classes
            and other.properties <= self.properties
        )
