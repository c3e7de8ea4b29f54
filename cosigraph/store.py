# SPDX-License-Identifier: Apache-2.0
"""The seam below every query: a store that answers, whichever engine it is.

Above it, a query has been checked and its format chosen (``cosigraph.answers``); below it, the
text is run. ``EmbeddedStore`` runs it on Oxigraph in this process; ``cosigraph.workers`` runs the
same store in processes that can be stopped.
"""

from __future__ import annotations

import io
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, Protocol, cast

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
)

from cosigraph import sparql
from cosigraph.errors import (
    AnswerTooLarge,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    UnknownReadingError,
)
from cosigraph.formats import ResultFormat
from cosigraph.row_limit import RowLimiter, RowLimitReached, graph_notice

PIECE = 64 * 1024
"""The size in bytes of the pieces in which an answer is handed on."""

UNNAMED = ""
"""The reading whose default graph is the unnamed graph alone; no graph has that name."""

_MERGED_STORES = 4
SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
# Letters of no hexadecimal digit and no escape; no keyword of SPARQL has a Q.
_LETTERS = "ghjkmpqvwxyz"
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
    ResultFormat.TRIG: RdfFormat.TRIG,
    ResultFormat.NQUADS: RdfFormat.N_QUADS,
}


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a store is made from: graphs as N-Quads, and which of them are the default graph.

    The keys of ``default_graphs`` are the names of readings, None for the settled one. The unnamed
    graph, if there is one, is always part of it. ``empty_graphs`` are the named graphs that are
    there without a triple.
    """

    nquads: bytes
    default_graphs: Mapping[str | None, tuple[str, ...]]
    empty_graphs: tuple[str, ...] = ()

    def quads(self) -> Iterator[Quad]:
        """Yield the quads, with the same labels of blank nodes in each process."""
        # Lenient, as these lines were written from terms that have been checked.
        # Store.load would give the blank nodes new labels.
        return pyoxigraph.parse(self.nquads, format=RdfFormat.N_QUADS, lenient=True)


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
                _write_graph(results, query, output, on_cut)
            elif query.rows is None or isinstance(results, QueryBoolean):
                results.serialize(output=output, format=_BINDINGS[query.format])
            else:
                _write_rows(results, query, query.rows, output, on_cut)
        except SyntaxError as error:
            raise _syntax_error(query, error.msg or "") from None
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
            self._refuse_service(text, query)
            return store.query(
                text,
                base_iri=query.base_iri,
                prefixes=prefixes,
                default_graph=DefaultGraph() if names_dataset else None,
                named_graphs=named,
            )

        results = run(query.text)
        if "*" in query.text and isinstance(results, QuerySolutions) and len(results.variables) > 1:
            in_order = _in_order(query.text, [variable.value for variable in results.variables])
            if in_order is not None:
                # Nothing has been evaluated yet, so this costs no more than to read the query.
                del results
                return run(in_order)
        return results

    def _refuse_service(self, text: str, query: Query) -> None:
        """Refuse ``text`` if the engine would find the keyword SERVICE in it.

        The engine alone knows how it reads a text, so its own parser decides: a text that it can
        read only as long as the word "service" is in it has the keyword. What it is given here
        has another word everywhere, and is not run; ``text`` itself would dial out at once.

        Calls of the query's own gateway may be there. The grammar has GRAPH in the same places, so
        they are read as that; and that the engine finds the keyword there, not the inside of a
        string or a comment, is seen from its dislike of another word.

        Raises:
            QueryRefused: there is the keyword, or what may be one.
            QuerySyntaxError: the text is no SPARQL.
        """
        written = "\n".join((text, *query.prefixes))
        if "service" not in written.lower() or SERVICE.search(written) is None:
            return
        word = absent_word(written)
        calls = [] if query.gateway is None else _gateway_calls(text, query.gateway)
        harmless = _with_calls(text, calls, ["GRAPH"] * len(calls))
        error = _parse_error(harmless, query, word)
        if error is not None:
            graphs = set(chain.from_iterable(self._snapshot.default_graphs.values()))
            sparql.refuse_egress(harmless, graphs, query.prefixes)
            wrong = _syntax_error(query, error.msg or "")
            if wrong.position is not None:
                raise wrong from None
            raise QueryRefused(
                "The query cannot be read, or it holds SERVICE, which is not allowed.",
                advice="A query is answered from this dataset alone.",
            ) from None
        for number in range(len(calls)):
            words = [word if each == number else "GRAPH" for each in range(len(calls))]
            if _parse_error(_with_calls(text, calls, words), query, word) is None:
                raise QueryRefused(
                    "It cannot be told for certain where SERVICE is a keyword in this query.",
                    advice="Put spaces around each '<' that compares.",
                )


def _gateway_calls(text: str, gateway: str) -> list[re.Match[str]]:
    """Find the calls of a gateway, as ``cosigraph.gateway`` writes them."""
    return list(re.finditer(rf"SERVICE(?: SILENT)? (?=<{re.escape(gateway)}[0-9]+>)", text))


def _with_calls(text: str, calls: list[re.Match[str]], words: list[str]) -> str:
    """Put a word in the place of each SERVICE, or SERVICE SILENT, of ``calls``."""
    parts, end = [], 0
    for call, word in zip(calls, words, strict=True):
        parts += [text[end : call.start()], word, " "]
        end = call.end()
    return "".join([*parts, text[end:]])


def _parse_error(text: str, query: Query, word: str) -> SyntaxError | None:
    """Let the engine read ``text`` with ``word`` for each "service", and run nothing."""
    prefixes = {renamed(prefix, word): iri for prefix, iri in query.prefixes.items()}
    # A value for what is not there stops the engine after it has read the query.
    unused = Variable(absent_word("\n".join((text, word, *prefixes))))
    try:
        pyoxigraph.Store().query(
            renamed(text, word),
            base_iri=query.base_iri,
            prefixes=prefixes,
            substitutions={unused: Literal("")},
        )
    except SyntaxError as error:
        return error
    except RuntimeError:
        return None
    return None


def absent_word(text: str) -> str:
    """Return a word of seven letters that is not in ``text``, in no case."""
    lowered = text.lower()
    while True:
        inner = "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(5))
        word = f"q{inner}q"
        if word not in lowered:
            return word


def renamed(text: str, word: str, keyword: re.Pattern[str] = SERVICE) -> str:
    """Put ``word`` for each ``keyword``, with capitals where that has some: two names stay two."""

    def as_written(match: re.Match[str]) -> str:
        pairs = zip(match.group(), word, strict=False)
        begun = "".join(new.upper() if old.isupper() else new for old, new in pairs)
        return begun + word[len(begun) :]

    return keyword.sub(as_written, text)


def _named_prefixes(query: Query) -> dict[str, str]:
    """Return the prefixes that the text may name; the engine takes longer, the more it is told."""
    if "\\" in query.text:  # an escape may hide one
        return dict(query.prefixes)
    return {name: iri for name, iri in query.prefixes.items() if f"{name}:" in query.text}


def _in_order(text: str, columns: Iterable[str]) -> str | None:
    """Write the columns of ``SELECT *`` out in the order in which the variables appear.

    Oxigraph sorts them by name. None when the query names its columns itself.
    """
    star = sparql.select_star(text)
    if star is None:
        return None
    visible = set(columns)
    in_order = [name for name in sparql.variables_in_order(text) if name in visible]
    # What a comparison without spaces hides from the tokens comes last.
    written = [f"?{name}" for name in (*in_order, *sorted(visible.difference(in_order)))]
    return f"{text[: star.start]} {' '.join(written)} {text[star.end :]}"


def _write_rows(
    results: QuerySolutions,
    query: Query,
    rows: int,
    output: IO[bytes],
    on_cut: Callable[[], None],
) -> None:
    """Write a table up to ``rows``; the engine works no further."""
    limiter = RowLimiter(output, query.format, rows)
    try:
        results.serialize(output=cast(IO[bytes], limiter), format=_BINDINGS[query.format])
        limiter.finish()
    except RowLimitReached:
        on_cut()
        limiter.declare()


def _first(triples: Iterable[Triple], rows: int | None) -> set[Triple]:
    """Return the distinct triples, or so many of them and one more; the rest is not asked for."""
    if rows is None:
        return set(triples)
    coming = iter(triples)
    found: set[Triple] = set()
    while more := set(islice(coming, rows + 1 - len(found))):
        found |= more
    return found


def _write_graph(
    triples: Iterable[Triple], query: Query, output: IO[bytes], on_cut: Callable[[], None]
) -> None:
    """Write a graph sorted by subject, predicate and object, with the prefixes that it uses."""
    triples = _first(triples, query.rows)
    graph = pyoxigraph.Dataset(Quad(*triple) for triple in triples)
    if any(isinstance(term, BlankNode) for triple in triples for term in triple):
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted((quad.triple for quad in graph), key=lambda triple: tuple(map(str, triple)))
    is_cut = query.rows is not None and len(ordered) > query.rows
    if is_cut:
        del ordered[query.rows :]
        on_cut()
    pyoxigraph.serialize(
        ordered,
        output,
        format=_GRAPHS[query.format],
        prefixes=_used_prefixes(ordered, query.prefixes),
    )
    if is_cut and query.rows is not None:
        output.write(graph_notice(query.format, query.rows))


def _used_prefixes(triples: list[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of ``prefixes`` that an IRI of ``triples`` begins with."""
    namespaces = set()
    for triple in triples:
        for term in triple:
            iri = term.value if isinstance(term, NamedNode) else getattr(term, "datatype", term)
            iri = iri if isinstance(iri, str) else getattr(iri, "value", "")
            namespaces.add(iri[: max(iri.rfind("#"), iri.rfind("/")) + 1])
    return {prefix: iri for prefix, iri in sorted(prefixes.items()) if iri in namespaces}


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


def _syntax_error(query: Query, message: str) -> QuerySyntaxError:
    # Loaded here, as most queries are well-formed and a worker starts sooner without it.
    from cosigraph import syntax  # noqa: PLC0415

    return syntax.explain(query.source or query.text, query.prefixes, query.base_iri, message)
