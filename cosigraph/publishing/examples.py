# SPDX-License-Identifier: Apache-2.0
"""The canned queries as RDF, in the form that SIB's sparql-examples have given to such.

Each is a ``sh:SPARQLExecutable`` (SHACL, section 5) with its text, so that an editor or an agent
that reads them from one endpoint reads them from this one too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.canned import CannedQuery
from cosigraph.configuration import Configuration
from cosigraph.publishing.record import public_address
from cosigraph.publishing.statements import Statements, english, term
from cosigraph.sparql import Form, query_form
from cosigraph.vocabulary import XSD

_EXECUTABLES: Final = {
    Form.SELECT: ("sh:SPARQLSelectExecutable", "sh:select"),
    Form.ASK: ("sh:SPARQLAskExecutable", "sh:ask"),
    Form.CONSTRUCT: ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_FRONT_MATTER: Final = "#+"


def sparql_examples(queries: Iterable[CannedQuery], configuration: Configuration) -> list[Triple]:
    """Return the queries as a graph.

    Args:
        queries: the canned queries
        configuration: the project's, whose prefixes they may use; a query is ``queries/NAME`` below
            its base
    """
    base, address = configuration.base, public_address(configuration)
    endpoint = None if address is None else f"{address}sparql"
    statements = Statements()
    document = NamedNode(f"{base}.well-known/sparql-examples")
    statements.say(document, "owl:Ontology")
    for prefix, namespace in configuration.prefixes:
        declaration = NamedNode(f"{document.value}#prefix-{prefix}")
        statements.add(document, "sh:declare", declaration)
        statements.say(
            declaration,
            "sh:PrefixDeclaration",
            sh__prefix=Literal(prefix),
            sh__namespace=Literal(namespace, datatype=NamedNode(XSD + "anyURI")),
        )
    for query in queries:
        _say(statements, query, NamedNode(f"{base}queries/{query.name}"), document, endpoint)
    return statements.triples


def _say(
    statements: Statements,
    query: CannedQuery,
    iri: NamedNode,
    document: NamedNode,
    endpoint: str | None,
) -> None:
    kind, property_ = _EXECUTABLES[query_form(query.text)]
    statements.say(iri, "sh:SPARQLExecutable", rdfs__label=english(query.summary))
    statements.add(iri, "rdf:type", term(kind))
    told = "\n\n".join(part for part in (query.summary, query.description.strip()) if part)
    statements.say(iri, rdfs__comment=english(told), sh__prefixes=document)
    statements.add(iri, property_, Literal(bare_text(query)))
    for tag in query.tags:
        statements.add(iri, "schema:keywords", Literal(tag))
    if endpoint is not None:
        statements.add(iri, "schema:target", NamedNode(endpoint))


def bare_text(query: CannedQuery) -> str:
    """Return a query's text without its front matter."""
    lines = query.text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_FRONT_MATTER)).strip() + "\n"
