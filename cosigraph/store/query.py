# SPDX-License-Identifier: Apache-2.0
"""A query that is ready to be run, and what is wrong with it if the engine says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cosigraph import sparql
from cosigraph.errors import QuerySyntaxError
from cosigraph.formats import ResultFormat


@dataclass(frozen=True, slots=True)
class Query:
    """A query that is ready to be run: checked, with its format chosen.

    ``reading`` names the alternative reading whose graph stands in the default graph.
    ``default_graphs`` and ``named_graphs`` are the dataset that the query or the protocol names
    (IRIs); when both are empty, the store's own: the union of its graphs, and every named graph.
    ``prefixes`` are known to the query without ``PREFIX``. ``rows`` is how many rows, or triples,
    the answer may have before it is cut off, and ``size`` how many bytes before it is refused.
    ``services`` are its calls of other endpoints, which ``cosigraph.federation`` makes calls of
    its ``gateway``; then ``source`` is the text as it was asked.
    """

    text: str
    format: ResultFormat
    reading: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base_iri: str | None = None
    rows: int | None = None
    size: int | None = None
    source: str | None = None
    gateway: str | None = None
    services: tuple[sparql.ServiceCall, ...] = ()


def syntax_error(query: Query, message: str) -> QuerySyntaxError:
    """Return the error to raise when the engine cannot read a query, with its place."""
    # Loaded here, as most queries are well-formed and a worker starts sooner without it.
    from cosigraph import syntax  # noqa: PLC0415

    return syntax.explain(query.source or query.text, query.prefixes, query.base_iri, message)
