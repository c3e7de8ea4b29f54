# SPDX-License-Identifier: Apache-2.0
"""What a service publishes of itself, worked out once for each version of the data."""

from __future__ import annotations

import hashlib
from typing import Any

from anyio import to_thread
from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.canned import CannedQuery
from cosigraph.configuration import Configuration
from cosigraph.packed_dataset import PackedDataset
from cosigraph.publishing import statistics
from cosigraph.publishing.context import json_ld_context
from cosigraph.publishing.dumps import Dump
from cosigraph.publishing.examples import sparql_examples
from cosigraph.publishing.ontology import TERMS, USES, OntologyTerm, ontology_terms
from cosigraph.publishing.record import STATED, Row, main_dataset, public_address, record

from .dump_making import make_dumps
from .kept import Kept
from .service import Service

_IDENTIFIERS = """
SELECT DISTINCT ?thing WHERE {{ ?thing ?property []
  FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), {base}) && !CONTAINS(STR(?thing), "#"))
}} ORDER BY ?thing"""


class Published:
    """The publications of one service. Its methods raise what the queries behind them do."""

    def __init__(self, service: Service) -> None:
        self._service = service

        def state() -> str:
            return service.state

        self.dumps: Kept[list[Dump]] = Kept(state, lambda: make_dumps(service))
        self.stated: Kept[list[Row]] = Kept(state, lambda: service.select(STATED))
        self.catalogue: Kept[list[Triple]] = Kept(state, self._catalogue)
        self.void: Kept[list[Triple]] = Kept(state, self._void)
        self.terms: Kept[list[OntologyTerm]] = Kept(state, self._terms)
        self.context: Kept[dict[str, Any]] = Kept(state, self._context)
        self.identifiers: Kept[list[str]] = Kept(state, self._identifiers)

    @property
    def configuration(self) -> Configuration:
        """The project's."""
        return self._service.project.configuration

    @property
    def address(self) -> str | None:
        """What public addresses begin with, if any is known."""
        return public_address(self.configuration)

    async def dataset(self) -> NamedNode:
        """The dataset that the data are as a whole."""
        return main_dataset(self.configuration, await self.stated.get())

    async def _catalogue(self) -> list[Triple]:
        stated, dumps = await self.stated.get(), await self.dumps.get()
        version = self._service.version
        return await to_thread.run_sync(record, self.configuration, version, stated, dumps)

    async def _void(self) -> list[Triple]:
        base = self.configuration.base
        rows = {
            name: await self._service.select(query)
            for name, query in statistics.queries(base).items()
        }
        dataset, stated = await self.dataset(), await self.stated.get()
        counted = statistics.asked({name: self._of_data(each) for name, each in rows.items()})
        described = await to_thread.run_sync(statistics.void, counted, base, dataset)
        known = record(self.configuration, self._service.version, stated, [])
        about = [each for each in known if each.subject == dataset]
        return [*about, *described]

    def _of_data(self, rows: list[Row]) -> list[Row]:
        """The rows without those about graphs that are made and not of the data."""
        data = self._service.project.dataset
        made = {graph.iri for graph in data.made} if isinstance(data, PackedDataset) else set()
        return [row for row in rows if made.isdisjoint(getattr(term, "value", "") for term in row)]

    async def _terms(self) -> list[OntologyTerm]:
        rows, uses = await self._service.select(TERMS), await self._service.select(USES)
        return await to_thread.run_sync(ontology_terms, rows, uses)

    async def _context(self) -> dict[str, Any]:
        terms, configuration = await self.terms.get(), self.configuration
        return json_ld_context(configuration.prefixes, terms, configuration.base)

    async def _identifiers(self) -> list[str]:
        base = Literal(self.configuration.base)
        rows = await self._service.select(_IDENTIFIERS.format(base=base))
        return [value.value for (value,) in rows if isinstance(value, NamedNode)]

    @property
    def queries_digest(self) -> str:
        """What decides the examples beside the configuration: the texts of the queries."""
        texts = repr(sorted((query.name, query.text) for query in self._queries))
        return hashlib.sha256(texts.encode()).hexdigest()

    @property
    def _queries(self) -> list[CannedQuery]:
        return list(self._service.project.queries.values())

    def examples(self) -> list[Triple]:
        """The canned queries as RDF."""
        return sparql_examples(self._queries, self.configuration)
