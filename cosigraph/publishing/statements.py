# SPDX-License-Identifier: Apache-2.0
"""Statements for records, written with prefixed names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.terms import WELL_KNOWN_PREFIXES
from cosigraph.vocabulary import XSD

PREFIXES: Final[Mapping[str, str]] = {
    **WELL_KNOWN_PREFIXES,
    "schema": "https://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}

Node: TypeAlias = NamedNode | BlankNode
Object: TypeAlias = NamedNode | BlankNode | Literal | Triple


def term(name: str) -> NamedNode:
    """Return the IRI of ``prefix:name``, where the prefix is one of ``PREFIXES``."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def english(text: str) -> Literal:
    """Return a text in English, the language of everything that is told here."""
    return Literal(text, language="en")


def natural(number: int) -> Literal:
    """Return a number of bytes, which DCAT has as ``xsd:nonNegativeInteger``."""
    return Literal(str(number), datatype=NamedNode(XSD + "nonNegativeInteger"))


class Statements:
    """A graph that is being written: each statement once, in the order in which it was made."""

    def __init__(self) -> None:
        self._triples: dict[Triple, None] = {}
        self._values: defaultdict[tuple[Node, NamedNode], list[Object]] = defaultdict(list)

    def say(self, subject: NamedNode, type_: str | None = None, /, **values: Object | None) -> None:
        """State a type and values; ``dcterms__title`` is ``dcterms:title``, None says nothing."""
        if type_ is not None:
            self.add(subject, "rdf:type", term(type_))
        for name, value in values.items():
            if value is not None:
                self.add(subject, name.replace("__", ":", 1), value)

    def add(self, subject: NamedNode, predicate: str, *values: Object) -> None:
        """State each value of a property, which is a prefixed name."""
        for value in values:
            self.include(Triple(subject, term(predicate), value))

    def include(self, triple: Triple) -> None:
        """State a triple of the data's own."""
        if triple not in self._triples and not isinstance(triple.subject, Triple):
            self._triples[triple] = None
            self._values[triple.subject, triple.predicate].append(triple.object)

    def values(self, subject: NamedNode, predicate: str) -> tuple[Object, ...]:
        """Return what has been stated of a property."""
        return tuple(self._values.get((subject, term(predicate)), ()))

    @property
    def triples(self) -> list[Triple]:
        """All statements."""
        return list(self._triples)
