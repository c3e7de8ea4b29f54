# SPDX-License-Identifier: Apache-2.0
"""Oxigraph in this process, behind the seam that any engine could stand behind."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Protocol

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
)

from cosigraph import sparql
from cosigraph.errors import AnswerTooLarge, QueryError, QuerySyntaxError, UnknownReadingError
from cosigraph.store.query import Query, syntax_error
from cosigraph.store.serialising import BINDINGS, write_graph, write_rows
from cosigraph.store.service_keyword import refuse_service
from cosigraph.store.snapshot import Snapshot

PIECE = 64 * 1024
"""The size in bytes of the pieces in which an answer is handed on."""

_MERGED_STORES = 4


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
        self._stores: OrderedDict[tuple[bool, tuple[str, ...]], pyoxigraph.Store] = OrderedDict()
        self._lock = threading.Lock()

    def execute(self, query: Query) -> Iterator[bytes]:
        """Run ``query`` and yield its answer in pieces of ``PIECE`` bytes.

        Raises:
            QuerySyntaxError: the text is no SPARQL.
            QueryError: the engine cannot run it.
            UnknownReadingError: there is no such reading.
            AnswerTooLarge: it has more bytes than the query allows.
        """
        output = io.BytesIO()
        try:
            self.write(query, output)
        except OSError as error:
            raise engine_error(error) from None
        if query.size is not None and output.tell() > query.size:
            raise answer_too_large(query.size)
        with output.getbuffer() as answer:
            for start in range(0, len(answer), PIECE):
                yield bytes(answer[start : start + PIECE])

    def write(
        self, query: Query, output: IO[bytes], on_cut: Callable[[], None] = lambda: None
    ) -> None:
        """Run ``query`` and write its answer to ``output``.

        ``on_cut`` is called when the answer is cut off at its limit of rows: for a graph before
        anything is written, for a table when it is.

        Raises as ``execute``, and OSError when the engine fails or ``output`` does.
        """
        results: QuerySolutions | QueryBoolean | QueryTriples | None = None
        try:
            results = self._results(query)
            if isinstance(results, QueryTriples):
                write_graph(results, query, output, on_cut)
            elif query.rows is None or isinstance(results, QueryBoolean):
                results.serialize(output=output, format=BINDINGS[query.format])
            else:
                write_rows(results, query, query.rows, output, on_cut)
        except SyntaxError as error:
            raise syntax_error(query, error.msg or "") from None
        except UnicodeEncodeError as error:
            raise QuerySyntaxError(
                "The query holds half of a character (a surrogate).",
                position=sparql.position_at(query.text, error.start),
            ) from None
        except (RuntimeError, ValueError) as error:
            raise engine_error(error) from None
        finally:
            # An error keeps this frame alive, perhaps in another thread, where Oxigraph's results
            # must not come to their end.
            results = None

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

    def _merged(self, graphs: tuple[str, ...], *, with_unnamed: bool = True) -> pyoxigraph.Store:
        """Return a store with every named graph, whose default graph is the merge of ``graphs``.

        The unnamed graph belongs to that merge, unless the query has named its dataset.
        """
        key = (with_unnamed, graphs)
        with self._lock:
            store = self._stores.pop(key, None)
            if store is None:
                store = pyoxigraph.Store()
                store.extend(self._snapshot.quads())
                for iri in self._snapshot.empty_graphs:
                    store.add_graph(NamedNode(iri))
                if not with_unnamed:
                    store.clear_graph(DefaultGraph())
                for iri in graphs:
                    store.update(f"ADD SILENT GRAPH <{iri}> TO DEFAULT")
            self._stores[key] = store
            if len(self._stores) > _MERGED_STORES:
                self._stores.popitem(last=False)
            return store

    def _results(self, query: Query) -> QuerySolutions | QueryBoolean | QueryTriples:
        names_dataset = bool(query.default_graphs or query.named_graphs)
        graphs = query.default_graphs if names_dataset else self._graphs_of(query.reading)
        named: list[NamedNode | BlankNode] | None = None
        if names_dataset:
            named = [NamedNode(iri) for iri in query.named_graphs]
        store = self._merged(tuple(dict.fromkeys(graphs)), with_unnamed=not names_dataset)
        prefixes = _named_prefixes(query)

        def run(text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
            refuse_service(text, query, self._snapshot.default_graphs)
            return store.query(
                text,
                base_iri=query.base_iri,
                prefixes=prefixes,
                default_graph=DefaultGraph() if names_dataset else None,
                named_graphs=named,
            )

        results = run(query.text)
        if isinstance(results, QuerySolutions) and len(results.variables) > 1:
            in_order = _in_order(query.text, [variable.value for variable in results.variables])
            if in_order is not None:
                # Nothing has been evaluated yet, so this costs no more than to read the query.
                del results
                return run(in_order)
        return results


def _named_prefixes(query: Query) -> dict[str, str]:
    """Return the prefixes that the text may name; the engine takes longer, the more it is told."""
    if "\\" in query.text:  # an escape may hide one
        return dict(query.prefixes)
    return {name: iri for name, iri in query.prefixes.items() if f"{name}:" in query.text}


def _in_order(text: str, columns: Iterable[str]) -> str | None:
    """Write the columns of ``SELECT *`` out in the order in which the variables appear.

    Oxigraph sorts them by name. None when the query names its columns itself.
    """
    star = sparql.select_star(text) if "*" in text else None
    if star is None:
        return None
    visible = set(columns)
    in_order = [name for name in sparql.variables_in_order(text) if name in visible]
    # What a comparison without spaces hides from the tokens comes last.
    written = [f"?{name}" for name in (*in_order, *sorted(visible.difference(in_order)))]
    return f"{text[: star.start]} {' '.join(written)} {text[star.end :]}"


def answer_too_large(size: int) -> AnswerTooLarge:
    """Return the error to raise when an answer has more than ``size`` bytes."""
    return AnswerTooLarge(
        f"The answer is larger than {size:,} bytes.",
        advice="Ask for fewer rows or columns at a time, for example with LIMIT.",
    )


def engine_error(error: Exception, what: str = "query") -> QueryError:
    """Return the error to raise when the engine fails while it runs a query, or an update."""
    lines = str(error).splitlines()
    reason = lines[0].rstrip(".") if lines else type(error).__name__
    return QueryError(f"The {what} cannot be run: {reason}.")
