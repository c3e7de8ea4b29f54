# SPDX-License-Identifier: Apache-2.0
"""The files of a project, read into a dataset."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from cosigraph.configuration import FILE_NAME, Configuration, GraphSource
from cosigraph.dataset import Dataset
from cosigraph.errors import (
    DataSyntaxError,
    Position,
    ProjectError,
    UnreadableFileError,
    printable,
)
from cosigraph.files import Allowance, Failed, is_folder, matching, raise_it
from cosigraph.source.lines import BYTE_ORDER_MARK
from cosigraph.well_formed import (
    LONGEST,
    longest_token,
    place_at,
    refuse_harmful,
    refuse_long_literal,
    too_long,
)

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
"""The formats of RDF files by their extensions."""

_DATASET_FORMATS = {".trig", ".nq"}
_BY_LINE = {".nt", ".nq"}
RDF_SUFFIXES = frozenset(FORMATS)
_CONTEXT = re.compile(rb'"@(?:context|import)"\s*:\s*(?:\[\s*)?(")')
_SHOWN = 300  # characters of a parser's message, which may quote the file
_PARSER_POSITION = re.compile(r"^Parser error (?:at|between) .*?(?:columns? \d+|and \d+): ")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file and the graph that its triples belong to; in TriG and N-Quads those of no other."""

    path: Path
    graph_iri: str


@dataclass(frozen=True, slots=True)
class SourceGraph:
    """The triples of one graph in a file, in its order.

    ``numbers`` are their numbers among all statements of the file, None if there are no others.
    """

    iri: str
    triples: tuple[Triple, ...]
    numbers: Sequence[int] | None = None


class Bounds(NamedTuple):
    """What may be read: files of ``folder`` alone, if there is one, and up to the allowance."""

    folder: Path | None
    allowance: Allowance


def source_files(
    folder: Path, configuration: Configuration, failed: Failed = raise_it
) -> list[SourceFile]:
    """Return the RDF files of every graph, by graph as configured and then by path.

    Of the files that a pattern with wildcards matches, those that are no RDF are passed over.
    ``failed`` is called for each folder that cannot be read; unless given, it raises.

    Raises:
        UnreadableFileError: a folder cannot be read.
        ProjectError: no file matches a graph's pattern, or a file has the name of no format.
    """
    added = {
        folder / path for graph in configuration.graphs if graph.is_added for path in graph.patterns
    }
    return [
        SourceFile(path, graph.iri)
        for graph in configuration.graphs
        for path in _graph_files(folder, graph, failed)
        if graph.is_added or path not in added
    ]


def _graph_files(folder: Path, graph: GraphSource, failed: Failed) -> list[Path]:
    found: set[Path] = set()
    for pattern in graph.patterns:
        unread: list[UnreadableFileError] = []
        paths = matching(folder, pattern, unread.append)
        matched = [path for path in paths if not is_folder(path)]
        for error in unread:
            failed(error)
        found.update(path for path in matched if path.suffix in FORMATS)
        if not unread and not any(path.suffix in FORMATS for path in matched):
            raise ProjectError(
                f"No RDF file ({', '.join(FORMATS)}) matches '{pattern}' of graph '{graph.name}'.",
                position=Position(str(folder / FILE_NAME)),
                advice="Load it with 'cosigraph add'." if graph.is_added else None,
            )
    return sorted(found)


def parse_source(
    source: SourceFile,
    configuration: Configuration,
    blank_prefix: str,
    bounds: Bounds | None = None,
) -> list[SourceGraph]:
    """Return the graphs of a file: the one that it belongs to, then those that it names itself.

    Raises:
        ProjectError: as ``parse_file``.
        DataSyntaxError: a named graph has a blank node for a name, or stands in the file of an
            alternative reading, which takes the place of one graph.
    """
    path = source.path
    if path.suffix not in _DATASET_FORMATS:
        triples = parse_file(path, configuration.base, blank_prefix, bounds)
        return [SourceGraph(source.graph_iri, tuple(triples))]
    numbers: dict[str, array[int]] = {source.graph_iri: array("Q")}
    graphs: dict[str, list[Triple]] = {source.graph_iri: []}
    for number, quad in enumerate(_parse_quads(path, configuration.base, blank_prefix, bounds)):
        name = quad.graph_name
        if isinstance(name, BlankNode):
            raise DataSyntaxError(
                "A named graph has a blank node for a name.",
                position=Position(str(path)),
                advice="Give it an IRI.",
            )
        iri = name.value if isinstance(name, NamedNode) else source.graph_iri
        graphs.setdefault(iri, []).append(quad.triple)
        numbers.setdefault(iri, array("Q")).append(number)
    readings = {graph.iri for graph in configuration.graphs if graph.replaces}
    if len(graphs) > 1 and source.graph_iri in readings:
        raise DataSyntaxError(
            f"The file holds a named graph <{list(graphs)[1]}>, but it belongs to an alternative "
            "reading, which is one graph.",
            position=Position(str(path)),
            advice="Put the statements outside it.",
        )
    return [SourceGraph(iri, tuple(graphs[iri]), numbers[iri]) for iri in graphs]


def parse_file(
    path: Path, base_iri: str, blank_prefix: str = "b", bounds: Bounds | None = None
) -> list[Triple]:
    """Return the triples of an RDF file in its own order; the format is told by the extension.

    Blank nodes are relabelled ``blank_prefix`` + number in the order of their first appearance,
    so that the same file always has the same labels. A byte order mark is passed over.

    Raises:
        LinkOutsideError, FileTooLargeError, UnreadableFileError: it is not read.
        DataSyntaxError: it is not well-formed, would harm its parser, or holds a named graph.
    """
    return list(parse_triples(path, base_iri, blank_prefix, bounds))


def parse_triples(
    path: Path, base_iri: str, blank_prefix: str = "b", bounds: Bounds | None = None
) -> Iterator[Triple]:
    """Yield the triples of an RDF file one after the other; raises as ``parse_file``."""
    for quad in _parse_quads(path, base_iri, blank_prefix, bounds):
        if not isinstance(quad.graph_name, DefaultGraph):
            raise DataSyntaxError(
                f"The file holds a named graph {quad.graph_name}, but it belongs to one graph.",
                position=Position(str(path)),
                advice="Put the statements outside it.",
            )
        yield quad.triple


def _parse_quads(
    path: Path, base_iri: str, blank_prefix: str, bounds: Bounds | None
) -> Iterator[Quad]:
    folder, allowance = (None, Allowance()) if bounds is None else bounds
    content = allowance.read(path, folder).removeprefix(BYTE_ORDER_MARK)
    refuse_harmful(content, path)
    may_be_long = len(content) > LONGEST // 6  # what is escaped in N-Quads is longer there
    labels: dict[BlankNode, BlankNode] = {}
    try:
        for quad in pyoxigraph.parse(content, format=FORMATS[path.suffix], base_iri=base_iri):
            allowance.take_triple(path)
            if may_be_long and isinstance(quad.object, Literal):
                refuse_long_literal(quad.object, path)
            triple = _relabelled(quad.triple, labels, blank_prefix)
            yield Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)
    except SyntaxError as error:
        raise_syntax_error(path, content, error)
    except MemoryError as error:
        raise too_long(longest_token(content, path)) from error


def parse_quads(path: Path, base_iri: str) -> Iterator[Quad]:
    """Yield the quads of an RDF file in its own order, named graphs included.

    N-Triples and N-Quads may have any size: they are read line by line.

    Raises:
        ProjectError: the file cannot be read.
        DataSyntaxError: it is not well-formed.
    """
    if path.suffix not in _BY_LINE:
        yield from _parse_quads(path, base_iri, "b", None)
        return
    if not path.is_file():
        raise ProjectError("This is no regular file.", position=Position(str(path)))
    try:
        with path.open("rb") as file:
            if file.peek(3)[:3] == BYTE_ORDER_MARK:
                file.read(3)
            yield from pyoxigraph.parse(file, format=FORMATS[path.suffix], base_iri=base_iri)
    except SyntaxError as error:
        raise_syntax_error(path, b"", error)
    except OSError as error:
        raise ProjectError(
            f"The file cannot be read: {error.strerror}.", position=Position(str(path))
        ) from error


def _relabelled(triple: Triple, labels: dict[BlankNode, BlankNode], prefix: str) -> Triple:
    """Return the triple with its blank nodes relabelled, within triple terms too."""

    def relabel(node: BlankNode) -> BlankNode:
        return labels.setdefault(node, BlankNode(f"{prefix}{len(labels)}"))

    subject, predicate, object_ = triple
    if not isinstance(subject, BlankNode) and not isinstance(object_, BlankNode | Triple):
        return triple
    if isinstance(subject, BlankNode):
        subject = relabel(subject)
    if isinstance(object_, BlankNode):
        object_ = relabel(object_)
    elif isinstance(object_, Triple):
        object_ = _relabelled(object_, labels, prefix)
    return Triple(subject, predicate, object_)


def raise_syntax_error(path: Path, content: bytes, error: SyntaxError) -> NoReturn:
    """Raise what the parser said of a file, with its place."""
    message = _PARSER_POSITION.sub("", error.msg or "")
    line, column = error.lineno, error.offset
    if "LoadDocumentCallback" in message:
        message = "A @context at another address is not loaded; write the context into the file"
        where = _CONTEXT.search(content)
        if where is not None:
            place = place_at(content, where.start(1), path)
            line, column = place.line, place.column
    if "UTF-8" in message and line is not None:
        message = "The file is not UTF-8"
    raise DataSyntaxError(
        f"{printable(message.strip().rstrip('.')[:_SHOWN])}.",
        position=Position(str(path), line, column),
        advice="Save it as UTF-8." if "UTF-8" in message else None,
    ) from error


def load_dataset(folder: Path, configuration: Configuration) -> Dataset:
    """Read every file of the project; no file shares a blank node with another.

    Raises:
        ProjectError: as ``source_files`` and ``parse_file``.
    """
    graphs: dict[str, dict[Triple, None]] = {graph.iri: {} for graph in configuration.graphs}
    bounds = Bounds(folder, Allowance())
    for number, source in enumerate(source_files(folder, configuration)):
        for graph in parse_source(source, configuration, f"f{number}b", bounds):
            graphs.setdefault(graph.iri, {}).update(dict.fromkeys(graph.triples))
    return Dataset(
        graphs={iri: tuple(triples) for iri, triples in graphs.items()},
        replaces={graph.iri: graph.replaces for graph in configuration.graphs if graph.replaces},
    )
