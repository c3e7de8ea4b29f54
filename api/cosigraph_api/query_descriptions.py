# SPDX-License-Identifier: Apache-2.0
"""A canned query as RDF, at its own address: what ``/.well-known/sparql-examples`` says of it."""

from __future__ import annotations

from pyoxigraph import NamedNode
from starlette.responses import Response
from starlette.types import Scope

from cosigraph.canned import CannedQuery
from cosigraph.formats import ResultFormat
from cosigraph.publishing.examples import sparql_examples
from cosigraph.publishing.statements import PREFIXES

from .rdf_documents import rdf_response
from .service import Service


async def described(
    service: Service, scope: Scope, query: CannedQuery, format_: ResultFormat
) -> Response:
    """The query in a format of graphs, or 304 where the client has it."""
    project = service.project
    iri = NamedNode(f"{project.configuration.base}queries/{query.name}")
    triples = sparql_examples([query], project.configuration)
    return await rdf_response(
        service,
        scope,
        name=f"query {query.name} {query.text}",
        triples=[each for each in triples if each.subject == iri],
        prefixes={**PREFIXES, **project.prefixes.namespaces},
        format_=format_,
    )
