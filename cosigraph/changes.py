# SPDX-License-Identifier: Apache-2.0
"""Changes of a dataset, applied whole or not at all to a copy of it.

A change runs where a query runs, in a process that can be killed (``cosigraph.worker``); what it
gives is the whole dataset as it is afterwards. What becomes of that is for others to decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat

from cosigraph import sparql
from cosigraph.errors import DataSyntaxError, Position, QueryError, QueryRefused, QuerySyntaxError
from cosigraph.formats import ResultFormat
from cosigraph.store import Snapshot, absent_word, engine_error, renamed
from cosigraph.update_text import end_of_prologue, hoisted, with_dataset

# Evaluated first, it fails: so the rest of the text is read and nothing of it is done.
_GUARD = "DROP GRAPH <urn:x-cosigraph:absent>; "
_KEYWORDS = re.compile("service|load", re.IGNORECASE | re.ASCII)
_ENGINE_POSITION = re.compile(r"^error at (\d+):(\d+): ")
_PARSER_POSITION = re.compile(r"^Parser error (?:at|between) .*?(?:columns? \d+|and \d+): ")
_READ = {
    ResultFormat.TURTLE: RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: RdfFormat.RDF_XML,
    ResultFormat.JSONLD: RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class Update:
    """A request of SPARQL 1.1 Update: one or more operations, all of which are done or none.

    ``prefixes`` are known without ``PREFIX``; ``base_iri`` resolves relative IRIs.
    ``default_graphs`` and ``named_graphs`` are the protocol's dataset (``cosigraph.update_text``).
    """

    text: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base_iri: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Deed(StrEnum):
    """What is done to one graph (SPARQL 1.1 Graph Store HTTP Protocol, section 5)."""

    REPLACE = "replace"
    MERGE = "merge"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class GraphChange:
    """One graph replaced, added to, or removed.

    ``graph`` is its IRI, or None for the unnamed graph. ``documents`` are the RDF to put there,
    each with its format; relative IRIs in them are resolved against ``base_iri``.
    """

    deed: Deed
    graph: str | None
    documents: tuple[tuple[bytes, ResultFormat], ...] = ()
    base_iri: str | None = None


Change: TypeAlias = Update | GraphChange


@dataclass(frozen=True, slots=True)
class Content:
    """A whole dataset: its quads as sorted N-Quads, and the IRIs of its named graphs, sorted.

    ``digest`` is that of the dataset (RDFC-1.0) where it is known: it can take long to find out.
    """

    nquads: bytes
    graphs: tuple[str, ...]
    digest: str = field(default="", compare=False)

    def encode(self) -> bytes:
        """Return everything as one text, all but the quads in its first line."""
        return json.dumps((self.graphs, self.digest)).encode() + b"\n" + self.nquads

    @classmethod
    def decode(cls, content: bytes) -> Content:
        """Return what has been encoded."""
        first, _, nquads = content.partition(b"\n")
        graphs, digest = json.loads(first)
        return cls(nquads, tuple(graphs), digest)


def apply(change: Change, snapshot: Snapshot) -> Content:
    """Return the dataset that ``change`` makes of ``snapshot``, which stays as it is.

    Raises:
        QuerySyntaxError: the text is no update.
        QueryRefused: it would reach beyond the dataset.
        QueryError: an operation fails, for example CREATE of a graph that is there.
        DataSyntaxError: a document is not well-formed; the position is in it.
    """
    store = _store(snapshot)
    if isinstance(change, Update):
        _update(store, change)
    else:
        _change_graph(store, change)
    return _content(store)


def content_of(snapshot: Snapshot) -> Content:
    """Return a dataset as the engine keeps it: of numbers, for example, it keeps the value."""
    return _content(_store(snapshot))


def _store(snapshot: Snapshot) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.extend(snapshot.quads())
    for iri in snapshot.empty_graphs:
        store.add_graph(NamedNode(iri))
    return store


def _content(store: pyoxigraph.Store) -> Content:
    graphs = []
    for graph in store.named_graphs():
        if isinstance(graph, BlankNode):
            raise QueryError("A graph's name cannot be a blank node.", advice="Name it by an IRI.")
        graphs.append(graph.value)
    written = pyoxigraph.serialize(store, format=RdfFormat.N_QUADS) or b""
    nquads = b"".join(sorted(written.splitlines(keepends=True)))
    return Content(nquads, tuple(sorted(graphs)))


def _update(store: pyoxigraph.Store, update: Update) -> None:
    text, prefixes = hoisted(update.text, update.prefixes)
    update = replace(update, text=text, prefixes=prefixes)
    try:
        _read(update.text, update, update.prefixes)
        sparql.refuse_egress(update.text, (), update.prefixes, is_update=True)
        _refuse_keywords(update.text, update)
        complete = with_dataset(update.text, update.default_graphs, update.named_graphs)
        if complete != update.text:
            _refuse_keywords(complete, update)
        store.update(complete, base_iri=update.base_iri, prefixes=dict(update.prefixes))
    except SyntaxError as error:
        raise _syntax_error(update, error.msg or "") from None
    except UnicodeEncodeError as error:
        raise QuerySyntaxError(
            "The update holds half of a character (a surrogate).",
            position=sparql.position_at(update.text, error.start),
        ) from None
    except (RuntimeError, ValueError, OSError) as error:
        raise engine_error(error, "update") from None


def _read(text: str, update: Update, prefixes: Mapping[str, str]) -> None:
    """Let the engine read ``text`` and do nothing; raises SyntaxError."""
    begin = end_of_prologue(text)
    guarded = f"{text[:begin]}{_GUARD}{text[begin:]}"
    try:
        pyoxigraph.Store().update(guarded, base_iri=update.base_iri, prefixes=dict(prefixes))
    except RuntimeError:
        return


def _refuse_keywords(text: str, update: Update) -> None:
    """Refuse a well-formed text if the engine would find SERVICE or LOAD in it.

    As for queries, its own parser decides: a text that it reads with these words and not with
    others in their places has a keyword (``cosigraph.store``).

    Raises:
        QueryRefused: there is a keyword.
    """
    written = "\n".join((text, *update.prefixes))
    if _KEYWORDS.search(written) is None:
        return
    word = absent_word(written)
    prefixes = {renamed(name, word, _KEYWORDS): iri for name, iri in update.prefixes.items()}
    try:
        _read(renamed(text, word, _KEYWORDS), update, prefixes)
    except SyntaxError:
        raise QueryRefused(
            "The update holds SERVICE or LOAD, which are not allowed.",
            advice="An update works on this dataset alone.",
        ) from None


def _syntax_error(update: Update, message: str) -> QuerySyntaxError:
    from cosigraph import syntax  # noqa: PLC0415 - as cosigraph.store does

    found = syntax.wrong_name(update.text, update.prefixes, update.base_iri)
    if found is not None:
        return found
    place = _ENGINE_POSITION.match(message)
    if place is None:
        told = message.splitlines()[0].rstrip(".") if message else "it is no update"
        return QuerySyntaxError(f"The update cannot be run: {told}.")
    line, column = int(place[1]), int(place[2])
    guard = sparql.position_at(update.text, end_of_prologue(update.text))
    if line == guard.line and column > (guard.column or 0):
        column -= len(_GUARD)
    reason = syntax.reason(message)
    return QuerySyntaxError(
        f"The update cannot be run: {reason}."
        if reason
        else "The update is not well-formed up to here, or a little before.",
        position=Position(None, line, max(column, 1)),
        advice="It is a sequence of operations (INSERT, DELETE, CLEAR, DROP, …) between ';'.",
    )


def _change_graph(store: pyoxigraph.Store, change: GraphChange) -> None:
    graph = DefaultGraph() if change.graph is None else NamedNode(change.graph)
    quads = [quad for document in change.documents for quad in _quads(*document, change, graph)]
    if change.deed is Deed.REPLACE:
        store.clear_graph(graph)
    elif change.deed is Deed.REMOVE:
        store.remove_graph(graph)
        return
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(quads)


def _quads(
    content: bytes, format_: ResultFormat, change: GraphChange, graph: NamedNode | DefaultGraph
) -> Iterator[Quad]:
    """Yield a document's triples in ``graph``; its blank nodes are those of no other document."""
    try:
        yield from _parsed(content, format_, change, graph)
    except SyntaxError as error:
        message = _PARSER_POSITION.sub("", error.msg or "").strip().rstrip(".")
        if "LoadDocumentCallback" in message:
            message = "A @context at another address is not loaded; write the context here"
        raise DataSyntaxError(
            f"{message}.", position=Position(None, error.lineno, error.offset)
        ) from None
    except ValueError as error:
        raise DataSyntaxError(f"The document cannot be read: {error}.") from None


def _parsed(
    content: bytes, format_: ResultFormat, change: GraphChange, graph: NamedNode | DefaultGraph
) -> Iterable[Quad]:
    parsed = pyoxigraph.parse(
        content, format=_READ[format_], base_iri=change.base_iri, rename_blank_nodes=True
    )
    for quad in parsed:
        if not isinstance(quad.graph_name, DefaultGraph):
            raise DataSyntaxError(
                f"The document holds a named graph {quad.graph_name}, but it belongs to one graph.",
                advice="Put the statements outside it, or send an update.",
            )
        yield Quad(quad.subject, quad.predicate, quad.object, graph)
