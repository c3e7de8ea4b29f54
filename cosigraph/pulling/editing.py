# SPDX-License-Identifier: Apache-2.0
"""One file with statements taken out and others put in, in the house's form."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from cosigraph.configuration import Configuration
from cosigraph.errors import Position, ProjectError
from cosigraph.formatting import FORMATS, is_same
from cosigraph.formatting.document import BASE, SCHEME, Document, GraphName, read_document
from cosigraph.formatting.statement_lines import sort_lines
from cosigraph.formatting.writer import write_document
from cosigraph.source.lines import text_begin
from cosigraph.vocabulary import RDF

_WITH_GRAPHS = (RdfFormat.TRIG, RdfFormat.N_QUADS)


@dataclass(slots=True)
class Edit:
    """The numbers of the statements to take out of a file, and those to put in."""

    removed: set[int] = field(default_factory=set)
    added: list[Quad] = field(default_factory=list)


def edited(path: Path, content: bytes, edit: Edit, configuration: Configuration) -> str:
    """Return the text of a file after an edit.

    Raises:
        ProjectError: it cannot be written without another change of its graph.
    """
    format_ = FORMATS[path.suffix]
    content = content[text_begin(content) :]
    if format_ in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        return sort_lines(_lines(content.decode(), edit, format_))
    document = read_document(content, format_) if content else Document({}, {})
    _edit(document, content, edit, format_)
    prefixes = document.prefixes
    known = set(prefixes.values())
    for name, namespace in configuration.prefixes.namespaces.items():
        # "a" needs no prefix, though the writer would declare one that is known.
        if name not in prefixes and namespace not in known and namespace != RDF:
            prefixes[name] = namespace
    expected = [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph, triples in document.graphs.items()
        for triple in triples
    ]
    written = write_document(document)
    if SCHEME in written or not is_same(expected, written, format_):
        raise ProjectError(
            "The file cannot be written without another change of its graph.",
            position=Position(str(path)),
            advice="Write relative IRIs as absolute ones, or declare a @base.",
        )
    return written


def _edit(document: Document, content: bytes, edit: Edit, format_: RdfFormat) -> None:
    """Take the statements out of a document, and put the others in."""
    counted: Counter[GraphName] = Counter()
    removed: defaultdict[GraphName, set[int]] = defaultdict(set)
    for number, quad in enumerate(pyoxigraph.parse(content, format=format_, base_iri=BASE)):
        # A graph named by a blank node is in no project's file.
        if number in edit.removed:
            removed[quad.graph_name].add(counted[quad.graph_name])
        counted[quad.graph_name] += 1
    for graph, numbers in removed.items():
        triples = document.graphs[graph]
        document.graphs[graph] = [t for place, t in enumerate(triples) if place not in numbers]
        if not document.graphs[graph] and isinstance(graph, NamedNode):
            del document.graphs[graph]
    for quad in edit.added:
        graph = _graph_in_file(document, quad, format_)
        document.graphs.setdefault(graph, []).append(quad.triple)


def _graph_in_file(document: Document, quad: Quad, format_: RdfFormat) -> GraphName:
    """Return where in a file a statement goes: a file of one graph does not name it."""
    if format_ not in _WITH_GRAPHS:
        return DefaultGraph()
    has_default = DefaultGraph() in document.graphs
    return (
        DefaultGraph()
        if has_default and quad.graph_name not in document.graphs
        else (quad.graph_name)
    )


def _lines(text: str, edit: Edit, format_: RdfFormat) -> str:
    """Return N-Triples or N-Quads without the statements, and with the others behind them."""
    lines, number = [], -1
    for line in io.StringIO(text, newline=""):  # a literal may hold what splitlines() parts at
        is_statement = bool(line.strip()) and not line.lstrip().startswith("#")
        number += is_statement
        if not is_statement or number not in edit.removed:
            lines.append(line if line.endswith("\n") else f"{line}\n")
    added = edit.added if format_ is RdfFormat.N_QUADS else [quad.triple for quad in edit.added]
    return "".join(lines) + (pyoxigraph.serialize(added, format=format_) or b"").decode()
