# SPDX-License-Identifier: Apache-2.0
"""Each graph with its file and the terms on which it may be used, as pages and listings tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.publishing.dumps import Dump
from cosigraph.publishing.record import dump_path
from cosigraph.publishing.statements import term


@dataclass(frozen=True, slots=True)
class GraphTerms:
    """A graph, its file, and on which terms it may be used."""

    name: str
    title: str
    dump: Dump
    path: str
    licences: tuple[str, ...]
    rights: tuple[str, ...]


def graph_terms(triples: Iterable[Triple], dumps: Iterable[Dump], version: str) -> list[GraphTerms]:
    """The graphs with what the record says of the terms of each."""
    said: dict[tuple[str, str], list[NamedNode | Literal]] = {}
    for triple in triples:
        if isinstance(triple.object, (NamedNode, Literal)) and isinstance(
            triple.subject, NamedNode
        ):
            key = triple.subject.value, triple.predicate.value
            said.setdefault(key, []).append(triple.object)

    def texts(subject: str, property_: str) -> tuple[str, ...]:
        return tuple(each.value for each in said.get((subject, term(property_).value), ()))

    return [
        GraphTerms(
            dump.name,
            next(iter(texts(dump.graph, "dcterms:title")), dump.name),
            dump,
            dump_path(version, dump.name),
            texts(dump.graph, "dcterms:license"),
            tuple(
                label
                for rights in texts(dump.graph, "dcterms:rights")
                for label in texts(rights, "rdfs:label")
            ),
        )
        for dump in dumps
    ]
