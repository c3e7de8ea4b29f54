# SPDX-License-Identifier: Apache-2.0
"""The one way a query is answered, whoever asks.

``prepare`` reads the form, refuses what is not allowed and settles dataset and format; what it
returns can be run by any store. ``answer`` does so with a store at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, Triple

from cosigraph.chains import refuse_long_chains
from cosigraph.errors import QueryRefused, UnknownFormatError
from cosigraph.formats import Kind, ResultFormat
from cosigraph.sparql import DatasetClause, Form, query_form, refuse_egress
from cosigraph.store import Query, Store
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Term


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a query is answered from.

    ``graphs`` are the IRIs of the dataset's graphs, ``prefixes`` those known without ``PREFIX``,
    ``base_iri`` resolves relative IRIs, ``version`` is the dataset's.
    """

    graphs: Collection[str]
    prefixes: Mapping[str, str]
    base_iri: str | None = None
    version: str = ""


def kind_of(form: Form) -> Kind:
    """Return the kind of answer that a query form has."""
    return "bindings" if form in {Form.SELECT, Form.ASK} else "graph"


def prepare(  # noqa: PLR0913 - all but two have a default and are named by the caller
    text: str,
    surroundings: Surroundings,
    *,
    form: Form | None = None,
    format: ResultFormat | str | None = None,  # noqa: A002 - the word that users know
    reading: str | None = None,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
    rows: int | None = None,
    size: int | None = None,
    services: Collection[str] = (),
) -> Query:
    """Check ``text`` and return the query to run; ``form`` is its form, if that has been read.

    ``format`` is JSON for SELECT and ASK, and Turtle for CONSTRUCT and DESCRIBE, unless given.
    ``default_graphs`` and ``named_graphs`` (the protocol's) come before those that the query names
    itself (SPARQL 1.1 Protocol, section 2.1.4). The answer is cut off after so many ``rows``, and
    refused if it has more bytes than ``size``. It may call the endpoints ``services``.

    Raises:
        QuerySyntaxError: the text is no query.
        QueryRefused: it is an update, or asks for what is not in the dataset.
        UnknownFormatError: no such format, or one that this form of query cannot take.
    """
    kind = kind_of(form or query_form(text))
    chosen = _format(format, kind)
    base = surroundings.base_iri
    clause = refuse_egress(text, surroundings.graphs, surroundings.prefixes, services, base)
    refuse_long_chains(text)
    if default_graphs or named_graphs:
        clause = DatasetClause(default_graphs, named_graphs, clause.services)
        for iri in (*default_graphs, *named_graphs):
            if iri not in surroundings.graphs:
                raise QueryRefused(
                    f"There is no graph <{iri}> in this dataset, and no other is loaded.",
                    advice=suggestion_sentence(iri, surroundings.graphs),
                )
    return Query(
        text=text,
        format=chosen,
        reading=reading,
        default_graphs=clause.default_graphs,
        named_graphs=clause.named_graphs,
        prefixes=surroundings.prefixes,
        base_iri=surroundings.base_iri,
        rows=rows,
        size=size,
        services=clause.services,
    )


def _format(wanted: ResultFormat | str | None, kind: Kind) -> ResultFormat:
    if wanted is None:
        return ResultFormat.of_kind(kind)[0]
    if isinstance(wanted, str):
        return ResultFormat.from_name(wanted, kind)
    wanted.check_fits(kind)
    return wanted


class Answer:
    """A query's answer; the query is run when the answer is first looked at.

    ``version`` is that of the dataset that it was answered from.
    """

    def __init__(self, store: Store, query: Query, version: str = "") -> None:
        self.query = query
        self.version = version
        self.form = query_form(query.text)
        self._store = store

    @property
    def format(self) -> ResultFormat:
        """The format of ``content()``."""
        return self.query.format

    def content(self) -> bytes:
        """Return the answer as it is written in ``format``; raises as ``Store.execute``."""
        return self._content

    @cached_property
    def _content(self) -> bytes:
        return b"".join(self._store.execute(self.query))

    @cached_property
    def _results(self) -> QueryBoolean | tuple[tuple[str, ...], list[tuple[Term | None, ...]]]:
        """The boolean, or columns and rows, read from JSON."""
        if self.format.kind != "bindings":
            raise UnknownFormatError("The answer is a graph, which has no rows.")
        content = (
            self._content
            if self.format is ResultFormat.JSON
            else b"".join(self._store.execute(replace(self.query, format=ResultFormat.JSON)))
        )
        parsed = pyoxigraph.parse_query_results(content, format=QueryResultsFormat.JSON)
        if isinstance(parsed, QueryBoolean):
            return parsed
        columns = tuple(variable.value for variable in parsed.variables)
        return columns, [tuple(solution) for solution in parsed]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of a SELECT; none for an ASK."""
        return () if isinstance(self._results, QueryBoolean) else self._results[0]

    def rows(self) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT, in the order of ``columns``; None where unbound."""
        return [] if isinstance(self._results, QueryBoolean) else self._results[1]

    @property
    def boolean(self) -> bool | None:
        """The answer to an ASK; None for other forms."""
        if self.form is not Form.ASK:
            return None
        return bool(self._results)

    def triples(self) -> list[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE, sorted; none for other forms."""
        if self.format.kind != "graph":
            return []
        content = b"".join(self._store.execute(replace(self.query, format=ResultFormat.NTRIPLES)))
        return [quad.triple for quad in pyoxigraph.parse(content, format=RdfFormat.N_TRIPLES)]


def answer(  # noqa: PLR0913 - as ``prepare``
    store: Store,
    text: str,
    surroundings: Surroundings,
    *,
    format: ResultFormat | str | None = None,  # noqa: A002 - the word that users know
    reading: str | None = None,
    services: Collection[str] = (),
) -> Answer:
    """Check ``text`` and return its answer from ``store``; raises as ``prepare``."""
    query = prepare(text, surroundings, format=format, reading=reading, services=services)
    return Answer(store, query, surroundings.version)
