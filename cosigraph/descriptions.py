# SPDX-License-Identifier: Apache-2.0
"""What the graph says of one thing, as queries: for whoever looks an identifier up.

A *document* is what an IRI without a fragment identifies when the graph has things with one, as
``…/ontology`` of ``…/ontology#Goal``: its description is that of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode


def is_namespace(iri: str, prefixes: Mapping[str, str]) -> bool:
    """Return whether ``iri`` is the document of one of the namespaces in ``prefixes``."""
    return f"{iri}#" in prefixes.values()


def existence(iri: NamedNode, *, is_document: bool = False) -> str:
    """Return the query that has a row if the graph says something of the thing, and none if not."""
    return (
        f"SELECT ?property WHERE {{ {_subjects(iri, is_document)} ?subject ?property [] }} LIMIT 1"
    )


def description(iri: NamedNode, *, is_document: bool = False) -> str:
    """Return the DESCRIBE query for the thing: its statements, with those of its blank nodes."""
    if is_document:
        return f"DESCRIBE ?subject WHERE {{ {_subjects(iri, is_document)} }}"
    return f"DESCRIBE {iri}"


def statements(iri: NamedNode, *, is_document: bool = False) -> str:
    """Return the query for the rows ``subject, property, object`` of what a page shows.

    They are the statements of the thing, and those of other things that point to it.
    """
    if is_document:
        where = f"{_subjects(iri, is_document)} ?subject ?property ?object"
    else:
        outgoing = f"BIND({iri} AS ?subject) ?subject ?property ?object"
        incoming = f"BIND({iri} AS ?object) ?subject ?property ?object"
        where = f"{{ {outgoing} }} UNION {{ {incoming} }}"
    return f"SELECT DISTINCT ?subject ?property ?object WHERE {{ {where} }}"


def _subjects(iri: NamedNode, is_document: bool) -> str:
    if not is_document:
        return f"VALUES ?subject {{ {iri} }}"
    start = f"{iri.value}#".replace("\\", "\\\\").replace('"', '\\"')
    begins = f'isIRI(?subject) && STRSTARTS(STR(?subject), "{start}")'
    where = f"?subject ?any [] FILTER(?subject = {iri} || ({begins}))"
    return f"{{ SELECT DISTINCT ?subject WHERE {{ {where} }} }}"
