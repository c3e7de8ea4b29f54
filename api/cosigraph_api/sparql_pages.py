# SPDX-License-Identifier: Apache-2.0
"""The endpoint as people see it: a form to ask in, the answer as a table, errors where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Scope

from cosigraph import workbook
from cosigraph.answers import kind_of
from cosigraph.formats import ResultFormat
from cosigraph.sparql import Form, query_form
from cosigraph.store import Query

from .arranging import Arrangement
from .execution import Execution
from .explanation_links import is_known_empty, link_field, of_query
from .grid import Grid, grid_of_boolean, grid_of_terms, rows_of_tsv
from .pages import Site, root_of
from .problems import Problem
from .protocol import fields_of_query_string
from .service import Service

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The line of a query with a mistake, the character where it is, and a line that points."""

    before: str
    marked: str
    after: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Download:
    """A link to the whole answer in a format."""

    name: str
    href: str


class SparqlPages:
    """The pages of ``/sparql``."""

    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    def form(self, scope: Scope) -> Response:
        """The form, without an answer."""
        return self._site.page(
            scope,
            "sparql.html",
            here="sparql",
            text=self._site.example,
            prefixes=self._service.project.prefixes,
        )

    def problem(self, scope: Scope, text: str, problem: Problem) -> Response:
        """The form with what is wrong with the query in it."""
        return self._site.page(
            scope,
            "sparql.html",
            status=problem.status,
            here="sparql",
            text=text,
            problem=problem,
            excerpt=excerpt(text, problem),
        )

    async def answer(
        self, scope: Scope, query: Query, execution: Execution, headers: Mapping[str, str]
    ) -> Response:
        """The form with the beginning of the answer: as many rows as ``query`` allows."""
        content = b"".join([piece async for piece in execution.pieces])
        is_cut = execution.account.is_cut
        why = of_query(root_of(scope), query) if is_known_empty(content, None, query) else None
        link = link_field(why) if why is not None else {}

        arrangement = None
        if scope["method"] != "POST":  # which has no address that could ask for it
            path = f"{root_of(scope)}sparql"
            arrangement = Arrangement.of(fields_of_query_string(scope), path)

        def make() -> Response:
            return self._site.page(
                scope,
                "sparql.html",
                headers={**headers, **link},
                here="sparql",
                text=query.text,
                why=why,
                grid=self._grid(query, content, arrangement, is_cut=is_cut),
                downloads=_downloads(query),
            )

        return await to_thread.run_sync(make)

    def _grid(
        self, query: Query, content: bytes, arrangement: Arrangement | None, *, is_cut: bool
    ) -> Grid:
        form = query_form(query.text)
        if form is Form.ASK:
            return grid_of_boolean(content.strip() == b"true")
        if form is Form.SELECT:
            names, rows = rows_of_tsv(content)
            noun = "row"
        else:
            names, noun = ["subject", "predicate", "object"], "statement"
            rows = [
                (quad.subject, quad.predicate, quad.object)
                for quad in pyoxigraph.parse(content, pyoxigraph.RdfFormat.N_TRIPLES)
            ]
        return grid_of_terms(
            names,
            rows,
            self._service.project.prefixes,
            cut=is_cut,
            noun=noun,
            labels=self._service.resolver(query.reading).labels,
            arrangement=arrangement,
        )


def _downloads(query: Query) -> list[Download]:
    fields = [("query", query.text)]
    fields += [("default-graph-uri", iri) for iri in query.default_graphs]
    fields += [("named-graph-uri", iri) for iri in query.named_graphs]
    fields += [("reading", query.reading)] if query.reading else []
    kind = kind_of(query_form(query.text))
    formats = [(_SHOWN[form], form.label) for form in ResultFormat.of_kind(kind)]
    formats += [("XLSX", workbook.LABEL)] if kind == "bindings" else []
    return [
        Download(shown, "?" + urlencode([*fields, ("format", label)])) for shown, label in formats
    ]


_SHOWN = {
    ResultFormat.JSON: "JSON",
    ResultFormat.XML: "XML",
    ResultFormat.CSV: "CSV",
    ResultFormat.TSV: "TSV",
    ResultFormat.TURTLE: "Turtle",
    ResultFormat.NTRIPLES: "N-Triples",
    ResultFormat.RDFXML: "RDF/XML",
    ResultFormat.JSONLD: "JSON-LD",
    ResultFormat.TRIG: "TriG",
    ResultFormat.NQUADS: "N-Quads",
}


def excerpt(text: str, problem: Problem) -> Excerpt | None:
    """The line of ``text`` that the problem is about, if it is about one."""
    position = problem.position
    if position is None or position.line is None:
        return None
    lines = text.splitlines() or [""]
    if position.line > len(lines):
        return None
    line = lines[position.line - 1].replace("\t", " ")
    place = min((position.column or 1) - 1, len(line))
    pointer = " " * place + "^"
    return Excerpt(line[:place], line[place : place + 1], line[place + 1 :], pointer)
