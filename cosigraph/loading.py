# SPDX-License-Identifier: Apache-2.0
"""The files of a project, read into a dataset."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from cosigraph.configuration import FILE_NAME, Configuration, GraphSource
from cosigraph.dataset import Dataset
from cosigraph.errors import DataSyntaxError, Position, ProjectError
from cosigraph.source.lines import BYTE_ORDER_MARK

_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
_DATASET_FORMATS = {".trig", ".nq"}
RDF_SUFFIXES = frozenset(_FORMATS)
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


def source_files(folder: Path, configuration: Configuration) -> list[SourceFile]:
    """Return the RDF files of every graph, by graph as configured and then by path.

    Of the files that a pattern with wildcards matches, those that are no RDF are passed over.

    Raises:
        ProjectError: no file matches a graph's pattern, or a file has the name of no format.
    """
    return [
        SourceFile(path, graph.iri)
        for graph in configuration.graphs
        for path in _graph_files(folder, graph)
    ]


def _graph_files(folder: Path, graph: GraphSource) -> list[Path]:
    found: set[Path] = set()
    for pattern in graph.patterns:
        matched = [path for path in folder.glob(pattern) if not path.is_dir()]
        found.update(path for path in matched if path.suffix in _FORMATS)
        if not any(path.suffix in _FORMATS for path in matched):
            raise ProjectError(
                f"No RDF file ({', '.join(_FORMATS)}) matches '{pattern}' of graph '{graph.name}'.",
                position=Position(str(folder / FILE_NAME)),
            )
    return sorted(found)


def parse_source(
    source: SourceFile, configuration: Configuration, blank_prefix: str
) -> list[SourceGraph]:
    """Return the graphs of a file: the one that it belongs to, then those that it names itself.

    Raises:
        ProjectError: as ``parse_file``.
        DataSyntaxError: a named graph has a blank node for a name, or stands in the file of an
            alternative reading, which takes the place of one graph.
    """
    path = source.path
    if path.suffix not in _DATASET_FORMATS:
        triples = parse_file(path, configuration.base, blank_prefix)
        return [SourceGraph(source.graph_iri, tuple(triples))]
    numbers: dict[str, array[int]] = {source.graph_iri: array("Q")}
    graphs: dict[str, list[Triple]] = {source.graph_iri: []}
    for number, quad in enumerate(_parse_quads(path, configuration.base, blank_prefix)):
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


def parse_file(path: Path, base_iri: str, blank_prefix: str = "b") -> list[Triple]:
    """Return the triples of an RDF file in its own order; the format is told by the extension.

    Blank nodes are relabelled ``blank_prefix`` + number in the order of their first appearance,
    so that the same file always has the same labels. A byte order mark is passed over.

    Raises:
        ProjectError: the file cannot be read.
        DataSyntaxError: it is not well-formed, or holds a named graph.
    """
    triples: list[Triple] = []
    for quad in _parse_quads(path, base_iri, blank_prefix):
        if not isinstance(quad.graph_name, DefaultGraph):
            raise DataSyntaxError(
                f"The file holds a named graph {quad.graph_name}, but it belongs to one graph.",
                position=Position(str(path)),
                advice="Put the statements outside it.",
            )
        triples.append(quad.triple)
    return triples


def _parse_quads(path: Path, base_iri: str, blank_prefix: str) -> Iterator[Quad]:
    content = read_source(path).removeprefix(BYTE_ORDER_MARK)
    labels: dict[BlankNode, BlankNode] = {}
    try:
        for quad in pyoxigraph.parse(content, format=_FORMATS[path.suffix], base_iri=base_iri):
            triple = _relabelled(quad.triple, labels, blank_prefix)
            yield Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)
    except SyntaxError as error:
        _raise_syntax_error(path, content, error)


def read_source(path: Path) -> bytes:
    """Return the content of an RDF file.

    Raises:
        ProjectError: it cannot be read.
    """
    if path.exists() and not path.is_file():  # a pipe or a device may never end
        raise ProjectError("This is no regular file.", position=Position(str(path)))
    try:
        return path.read_bytes()
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


def _raise_syntax_error(path: Path, content: bytes, error: SyntaxError) -> NoReturn:
    message = _PARSER_POSITION.sub("", error.msg or "")
    line, column = error.lineno, error.offset
    if line is None and path.suffix == ".rdf":
        # The RDF/XML parser keeps no positions; an XML parser at least knows those of XML errors.
        try:
            expat.ParserCreate().Parse(content, True)
        except expat.ExpatError as xml_error:
            message = expat.ErrorString(xml_error.code)
            line, column = xml_error.lineno, xml_error.offset + 1
    if "LoadDocumentCallback" in message:
        message = "A @context at another address is not loaded; write the context into the file"
    raise DataSyntaxError(
        f"{message.strip().rstrip('.')}.", position=Position(str(path), line, column)
    ) from error


def load_dataset(folder: Path, configuration: Configuration) -> Dataset:
    """Read every file of the project; no file shares a blank node with another.

    Raises:
        ProjectError: as ``source_files`` and ``parse_file``.
    """
    graphs: dict[str, dict[Triple, None]] = {graph.iri: {} for graph in configuration.graphs}
    for number, source in enumerate(source_files(folder, configuration)):
        for graph in parse_source(source, configuration, f"f{number}b"):
            graphs.setdefault(graph.iri, {}).update(dict.fromkeys(graph.triples))
    return Dataset(
        graphs={iri: tuple(triples) for iri, triples in graphs.items()},
        replaces={graph.iri: graph.replaces for graph in configuration.graphs if graph.replaces},
    )
