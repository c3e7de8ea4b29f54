# SPDX-License-Identifier: Apache-2.0
"""The seam below every query: a store that answers, whichever engine it is.

Above it, a query has been checked and its format chosen (``cosigraph.answers``); below it, the
text is run. ``EmbeddedStore`` runs it on Oxigraph in this process; ``cosigraph.workers`` runs the
same store in processes that can be stopped.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Protocol

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from cosigraph import sparql
from cosigraph.errors import QueryError, QuerySyntaxError, UnknownReadingError
from cosigraph.formats import ResultFormat

PIECE = 64 * 1024
"""The size in bytes of the pieces in which an answer is handed on."""

_MERGED_STORES = 4
_BINDINGS = {
    ResultFormat.JSON: QueryResultsFormat.JSON,
    ResultFormat.XML: QueryResultsFormat.XML,
    ResultFormat.CSV: QueryResultsFormat.CSV,
    ResultFormat.TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {
    ResultFormat.TURTLE: RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: RdfFormat.RDF_XML,
    ResultFormat.JSONLD: RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query that is ready to be run: checked, with its format chosen.

    ``reading`` names the alternative reading whose graph stands in the default graph.
    ``default_graphs`` and ``named_graphs`` are the dataset that the query or the protocol names
    (IRIs); when both are empty, the store's own: the union of its graphs, and every named graph.
    ``prefixes`` are known to the query without ``PREFIX``.
    """

    text: str
    format: ResultFormat
    reading: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base_iri: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a store is made from: named graphs as N-Quads, and which of them are the default graph.

    The keys of ``default_graphs`` are the names of readings, None for the settled one.
    """

    nquads: bytes
    default_graphs: Mapping[str | None, tuple[str, ...]]


class Store(Protocol):
    """Answers queries."""

    def execute(self, query: Query) -> Iterator[bytes]:
        """Run ``query`` and yield its answer in pieces.

        Raises:
            QueryError: the engine cannot read or run the query.
            QueryStopped: a limit stopped it.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...


class EmbeddedStore:
    """Oxigraph in this process and in memory; nothing can stop a query here.

    The default graph is the RDF merge of its graphs: each triple once, which Oxigraph's own union
    of graphs does not give. It is made for a reading, or for the graphs after ``FROM``, when first
    asked for.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._stores: OrderedDict[tuple[str, ...], pyoxigraph.Store] = OrderedDict()
        self._lock = threading.Lock()

    def execute(self, query: Query) -> Iterator[bytes]:
        """Run ``query`` and yield its answer in pieces of ``PIECE`` bytes.

        Raises:
            QuerySyntaxError: the text is no SPARQL.
            QueryError: the engine cannot run it.
            UnknownReadingError: there is no such reading.
        """
        output = io.BytesIO()
        try:
            self.write(query, output)
        except OSError as error:
            raise engine_error(error) from error
        with output.getbuffer() as answer:
            for start in range(0, len(answer), PIECE):
                yield bytes(answer[start : start + PIECE])

    def write(self, query: Query, output: IO[bytes]) -> None:
        """Run ``query`` and write its answer to ``output``.

        Raises as ``execute``, and OSError when the engine fails or ``output`` does.
        """
        try:
            results = self._results(query)
            if isinstance(results, QueryTriples):
                _write_graph(set(results), query, output)
            else:
                results.serialize(output=output, format=_BINDINGS[query.format])
        except SyntaxError as error:
            raise _syntax_error(query, error.msg or "") from error
        except UnicodeEncodeError as error:
            raise QuerySyntaxError(
                "The query holds half of a character (a surrogate).",
                position=sparql.position_at(query.text, error.start),
            ) from error
        except (RuntimeError, ValueError) as error:
            raise engine_error(error) from error

    def close(self) -> None:
        """Let go of the data."""
        self._stores.clear()

    def store(self, reading: str | None = None) -> pyoxigraph.Store:
        """Return the Oxigraph store for a reading; it is shared, so do not write to it."""
        return self._merged(self._graphs_of(reading))

    def _graphs_of(self, reading: str | None) -> tuple[str, ...]:
        try:
            return self._snapshot.default_graphs[reading]
        except KeyError:
            raise UnknownReadingError(f"There is no reading '{reading}'.") from None

    def _merged(self, graphs: tuple[str, ...]) -> pyoxigraph.Store:
        """Return a store with every named graph, whose default graph is the merge of ``graphs``."""
        with self._lock:
            store = self._stores.pop(graphs, None)
            if store is None:
                store = pyoxigraph.Store()
                # Lenient, as these lines were written from terms that have been checked.
                store.load(self._snapshot.nquads, format=RdfFormat.N_QUADS, lenient=True)
                for iri in graphs:
                    store.update(f"ADD SILENT GRAPH <{iri}> TO DEFAULT")
            self._stores[graphs] = store
            if len(self._stores) > _MERGED_STORES:
                self._stores.popitem(last=False)
            return store

    def _results(self, query: Query) -> QuerySolutions | QueryBoolean | QueryTriples:
        names_dataset = bool(query.default_graphs or query.named_graphs)
        graphs = query.default_graphs if names_dataset else self._graphs_of(query.reading)
        named: list[NamedNode | BlankNode] | None = None
        if names_dataset:
            named = [NamedNode(iri) for iri in query.named_graphs]
        store = self._merged(tuple(dict.fromkeys(graphs)))
        prefixes = _named_prefixes(query)

        def run(text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
            return store.query(
                text,
                base_iri=query.base_iri,
                prefixes=prefixes,
                default_graph=DefaultGraph() if names_dataset else None,
                named_graphs=named,
            )

        results = run(query.text)
        if isinstance(results, QuerySolutions) and len(results.variables) > 1:
            return _in_order(query.text, results, run)
        return results


def _named_prefixes(query: Query) -> dict[str, str]:
    """Return the prefixes that the text may name; the engine takes longer, the more it is told."""
    if "\\" in query.text:  # an escape may hide one
        return dict(query.prefixes)
    return {name: iri for name, iri in query.prefixes.items() if f"{name}:" in query.text}


def _in_order(
    text: str,
    results: QuerySolutions,
    run: Callable[[str], QuerySolutions | QueryBoolean | QueryTriples],
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Put the columns of ``SELECT *`` in the order in which the variables appear.

    Oxigraph sorts them by name. Nothing has been evaluated yet, so to ask again costs no more than
    to read the query again.
    """
    star = sparql.select_star(text) if "*" in text else None
    if star is None:
        return results
    visible = {variable.value for variable in results.variables}
    in_order = [name for name in sparql.variables_in_order(text) if name in visible]
    # What a comparison without spaces hides from the tokens comes last.
    columns = [f"?{name}" for name in (*in_order, *sorted(visible.difference(in_order)))]
    return run(f"{text[: star.start]} {' '.join(columns)} {text[star.end :]}")


def _write_graph(triples: set[Triple], query: Query, output: IO[bytes]) -> None:
    """Write a graph sorted by subject, predicate and object, with the prefixes that it uses."""
    graph = pyoxigraph.Dataset(Quad(*triple) for triple in triples)
    if any(isinstance(term, BlankNode) for triple in triples for term in triple):
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted((quad.triple for quad in graph), key=lambda triple: tuple(map(str, triple)))
    pyoxigraph.serialize(
        ordered,
        output,
        format=_GRAPHS[query.format],
        prefixes=_used_prefixes(ordered, query.prefixes),
    )


def _used_prefixes(triples: list[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``prefixes`` that an IRI of ``triples`` begins with."""
    namespaces = set()
    for triple in triples:
        for term in triple:
            iri = term.value if isinstance(term, NamedNode) else getattr(term, "datatype", term)
            iri = iri if isinstance(iri, str) else getattr(iri, "value", "")
            namespaces.add(iri[: max(iri.rfind("#"), iri.rfind("/")) + 1])
    return {prefix: iri for prefix, iri in sorted(prefixes.items()) if iri in namespaces}


def engine_error(error: Exception) -> QueryError:
    """Return the error to raise when the engine fails while it runs a query."""
    lines = str(error).splitlines()
    reason = lines[0].rstrip(".") if lines else type(error).__name__
    return QueryError(f"The query cannot be run: {reason}.")


def _syntax_error(query: Query, message: str) -> QuerySyntaxError:
    # Loaded here, as most queries are well-formed and a worker starts sooner without it.
    from cosigraph import syntax  # noqa: PLC0415

    return syntax.explain(query.text, query.prefixes, query.base_iri, message)
