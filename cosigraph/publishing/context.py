# SPDX-License-Identifier: Apache-2.0
"""A JSON-LD 1.1 context made from a project's prefixes and ontology.

Every prefix is one in JSON-LD; every term of the project's own namespaces has its local name, and
every property of the ontology the type of its values, so that a document can do without.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cosigraph.publishing.ontology import OntologyTerm
from cosigraph.terms import Prefixes
from cosigraph.vocabulary import RDFS, XSD

_LITERAL: Final = RDFS + "Literal"


def json_ld_context(prefixes: Prefixes, terms: Iterable[OntologyTerm], base: str) -> dict[str, Any]:
    """Return the document ``{"@context": …}``.

    A term whose name is that of a prefix is known by its prefixed name only; so is one with a name
    that two namespaces of the project have, but for the first. ``base`` is the project's.
    """
    context: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    for prefix, iri in prefixes:
        context[prefix] = {"@id": iri, "@prefix": True}
    for term in terms:
        definition = _definition(term, prefixes)
        short = prefixes.shorten(term.iri)
        if short != term.iri and "@type" in definition:
            context[short] = definition
        if term.iri.startswith(base):
            context.setdefault(term.name, definition)
    return {"@context": context}


def _definition(term: OntologyTerm, prefixes: Prefixes) -> dict[str, str]:
    definition = {"@id": prefixes.shorten(term.iri)}
    if term.is_class:
        return definition
    if term.has_things:
        return {**definition, "@type": "@id"}
    datatypes = [range_ for range_ in term.ranges if range_.startswith(XSD)]
    # A string, and a text in a language, are what JSON has already.
    if len(term.ranges) == 1 and datatypes and datatypes[0] not in {XSD + "string", _LITERAL}:
        return {**definition, "@type": prefixes.shorten(datatypes[0])}
    return definition
