# SPDX-License-Identifier: Apache-2.0
"""How a receipt is made: the question asked, its answer read, and both told."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat

import cosigraph
from cosigraph.answers import kind_of, prepare
from cosigraph.errors import QueryRefused
from cosigraph.formats import ResultFormat
from cosigraph.project import Project
from cosigraph.query_identity import is_volatile
from cosigraph.receipts.citing import Cited, citations
from cosigraph.receipts.digest import boolean_digest, graph_digest, rows_digest
from cosigraph.receipts.receipt import Receipt
from cosigraph.sparql import query_form
from cosigraph.store import Query, Store

_LONGEST = 200


def question_of(  # noqa: PLR0913 - all but two have a default and are named by the caller
    project: Project,
    text: str,
    *,
    reading: str | None = None,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
    size: int | None = None,
) -> Query:
    """Return the query whose answer a receipt is made of, in the format that it is read from.

    Raises:
        QueryError: it is not well-formed, or refused
        QueryRefused: its answer may be another one the next time
    """
    if is_volatile(text):
        raise QueryRefused(
            "The query may have another answer each time, so there is no receipt of it.",
            advice="Leave out NOW, RAND, UUID, STRUUID, BNODE and SERVICE.",
        )
    is_graph = kind_of(query_form(text)) == "graph"
    return prepare(
        text,
        project.surroundings,
        format=ResultFormat.NTRIPLES if is_graph else ResultFormat.JSON,
        reading=reading,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        size=size,
    )


def digest_of(query: Query, content: bytes) -> tuple[str, str, int]:
    """Return what kind of answer ``content`` is, its digest and its size."""
    if query.format is ResultFormat.NTRIPLES:
        quads = pyoxigraph.parse(content, format=RdfFormat.N_TRIPLES)
        return ("graph", *graph_digest(quad.triple for quad in quads))
    results = pyoxigraph.parse_query_results(content, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return ("boolean", *boolean_digest(bool(results)))
    # In the order of their names: an engine may put the columns of SELECT * in any.
    columns = sorted(variable.value for variable in results.variables)
    places = [variable.value for variable in results.variables]
    order = [places.index(column) for column in columns]
    rows = ([tuple(row)[place] for place in order] for row in results)
    return ("rows", *rows_digest(columns, rows))


def receipt_for(
    project: Project,
    query: Query,
    content: bytes,
    *,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Receipt:
    """Return the receipt for an answer.

    Args:
        project: what was asked, with its data
        query: as ``question_of`` gives it
        content: the whole answer
        name: the canned query's name, if it is one
        parameters: the values of its parameters, as they were given
    """
    kind, digest, size = digest_of(query, content)
    created = datetime.now(UTC)
    configuration = project.configuration
    receipt = Receipt(
        query=query.text,
        kind=kind,
        version=project.version,
        dataset=project.dataset.digest,
        answer=digest,
        size=size,
        created=created.isoformat(timespec="seconds"),
        software={
            "cosigraph": cosigraph.__version__,
            "pyoxigraph": version("pyoxigraph"),
            "python": platform.python_version(),
        },
        name=name,
        parameters={key: value for key, value in (parameters or {}).items() if value is not None},
        reading=query.reading,
        default_graphs=tuple(query.default_graphs or ()),
        named_graphs=tuple(query.named_graphs or ()),
        prefixes=_used(query.text, query.prefixes),
        base=query.base_iri,
    )
    asked = name or " ".join(query.text.split())[:_LONGEST]
    if receipt.parameters:
        asked += f" ({', '.join(f'{key}: {value}' for key, value in receipt.parameters.items())})"
    cited = Cited(
        title=configuration.title,
        question=asked,
        version=project.version,
        address=configuration.base,
        digest=digest,
        date=created.date().isoformat(),
    )
    return replace(receipt, citations=citations(cited))


def receipt_of(  # noqa: PLR0913 - as above
    project: Project,
    text: str,
    store: Store | None = None,
    *,
    reading: str | None = None,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Receipt:
    """Ask a query and return the receipt; ``store`` answers, the project's own unless given.

    Raises:
        QueryError, QueryStopped: it cannot be answered, or may have another answer each time
    """
    query = question_of(project, text, reading=reading or project.reading)
    content = b"".join((store or project.store).execute(query))
    return receipt_for(project, query, content, name=name, parameters=parameters)


def _used(text: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that may be used in a text."""
    return {
        name: namespace
        for name, namespace in prefixes.items()
        if re.search(rf"(?<![\w.-]){re.escape(name)}:", text)
    }
