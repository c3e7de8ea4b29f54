# SPDX-License-Identifier: Apache-2.0
"""The house's Turtle with comments: ``cosigraph.turtle``, and around it what a document notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from cosigraph.formatting.comments import Lines
from cosigraph.formatting.document import Document, GraphName
from cosigraph.source.tokens import STRING, SUFFIXED_STRING, TOKEN
from cosigraph.turtle import GraphWriter, Names, Subject, Term, blank_nodes, natural_key

_INDENTATION: Final = "    "
# A comment behind something goes behind the sign that follows. The mark around it occurs nowhere
# else; the line end within it keeps everything around it from being written in one line.
_MARK: Final = "\r"
_BEHIND: Final = re.compile(r"\r([^\r\n]*)\n\r( [;.]|,|)(?=\n|\Z)")


def write_document(document: Document) -> str:
    """Return Turtle or TriG in the house's form, with all comments."""
    names = Names(document.prefixes, document.iris)
    shared = _in_several_graphs(document)
    bodies = {
        graph: _CommentedWriter(document, graph, names, shared).text() for graph in document.graphs
    }
    parts = []
    default = _graph_body(document, DefaultGraph(), bodies)
    if default:
        parts.append(default)
    named = [graph for graph in bodies if not isinstance(graph, DefaultGraph)]
    blocks = [(_graph_name(graph, names), graph) for graph in named]
    for name, graph in sorted(blocks, key=lambda pair: (pair[0][0] == "_", natural_key(pair[0]))):
        before = _lines(document.notes.take("graph", graph))
        parts.append(f"{before}{name} {{\n{_indented(_graph_body(document, graph, bodies))}}}\n")
    declarations = "".join(
        f"{names.declaration(name)}{_behind(document.notes.take('prefix', name))}\n"
        for name in names.used
    )
    parts.insert(0, declarations)
    parts.insert(0, _lines(_trimmed(document.header)))
    parts.append(_lines([*_trimmed(document.footer), *document.notes.rest()]))
    return "\n".join(part for part in parts if part)


def _graph_body(document: Document, graph: GraphName, bodies: dict[GraphName, str]) -> str:
    end = _lines(_trimmed(document.notes.take("end of graph", graph)))
    return "\n".join(part for part in (bodies.get(graph, ""), end) if part)


def _graph_name(graph: GraphName, names: Names) -> str:
    return names.iri(graph.value) if isinstance(graph, NamedNode) else str(graph)


def _trimmed(lines: Lines) -> Lines:
    """Return lines without empty ones at both ends, and without two in a row."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))
    return text.split("\n") if text else []


def _lines(lines: Lines) -> str:
    return "".join(f"{line}\n" for line in lines)


def _behind(lines: Lines) -> str:
    """Return comments behind something, as one, as a line holds no more."""
    return f" {' '.join(lines)}" if lines else ""


def _in_several_graphs(document: Document) -> frozenset[BlankNode]:
    graphs: dict[BlankNode, set[GraphName]] = defaultdict(set)
    for graph, triples in document.graphs.items():
        if isinstance(graph, BlankNode):
            graphs[graph] |= {graph, DefaultGraph()}
        for triple in triples:
            for node in blank_nodes(triple):
                graphs[node].add(graph)
    return frozenset(node for node, where in graphs.items() if len(where) > 1)


def _indented(body: str) -> str:
    """Indent lines, but not those that begin within a string."""
    content = body.encode()
    kept = [
        match.span()
        for match in TOKEN.finditer(content)
        if match.lastindex in (STRING, SUFFIXED_STRING) and b"\n" in match[0]
    ]
    lines, offset = [], 0
    for line in content.split(b"\n"):
        while kept and kept[0][1] <= offset:
            kept.pop(0)
        within = bool(kept) and kept[0][0] < offset
        lines.append(line if within or not line else _INDENTATION.encode() + line)
        offset += len(line) + 1
    return b"\n".join(lines).decode()


class _CommentedWriter(GraphWriter):
    """The blocks of one graph with their comments."""

    def __init__(
        self, document: Document, graph: GraphName, names: Names, shared: frozenset[BlankNode]
    ) -> None:
        super().__init__(document.graphs[graph], names, shared)
        self._spellings = document.spellings
        self._notes = document.notes
        self._graph = graph

    def text(self) -> str:
        return _BEHIND.sub(r"\2 \1", super().text())

    def _block(self, name: str, subject: Subject) -> str:
        lines = self._predicate_lines(subject, _INDENTATION)
        key = (self._graph, subject)
        before = [*self._notes.take("subject", *key), *self._notes.take("opening", *key)]
        end = self._notes.take("end", *key)
        space = f"\n{_INDENTATION}" if lines[0].startswith("#") else " "
        text = f"{_lines(before)}{name}{space}" + f" ;\n{_INDENTATION}".join(lines)
        if end:
            return text + "".join(f"\n{_INDENTATION}{line}" for line in [*end, "."]) + "\n"
        return f"{text} .\n"

    def _predicate_line(
        self, subject: Subject, predicate: NamedNode, values: Sequence[Term], indentation: str
    ) -> str:
        before = self._notes.take("predicate", self._graph, subject, predicate)
        if len(values) == 1 and self._is_on_its_own(Triple(subject, predicate, values[0])):
            deeper = indentation + _INDENTATION
            (value,) = self._objects(subject, predicate, values, deeper)
            line = f"{self._predicate_name(predicate)}\n{deeper}{value}"
        else:
            line = super()._predicate_line(subject, predicate, values, indentation)
        return _before(before, indentation) + line

    def _is_on_its_own(self, triple: Triple) -> bool:
        """Whether a comment stands before the value of a triple."""
        value = triple.object
        return self._notes.has("object", self._graph, triple) or (
            value in self._nested and self._notes.has("subject", self._graph, value)
        )

    def _object(self, triple: Triple, indentation: str) -> str:
        spelling = self._spellings.get((self._graph, triple))
        value = triple.object
        if spelling is None or not isinstance(value, Literal):
            return super()._object(triple, indentation)
        if not spelling.is_string:
            return spelling.text
        if spelling.language is not None:
            return spelling.text + spelling.language
        written = super()._object(triple, indentation)
        if not written.startswith('"'):  # a number
            return written
        plain = super()._literal(Literal(value.value))
        return spelling.text + written.removeprefix(plain)

    def _finished(self, triple: Triple, text: str, indentation: str) -> str:
        before = self._notes.take("object", self._graph, triple)
        if triple.object in self._nested:
            before += self._notes.take("subject", self._graph, triple.object)
        behind = self._notes.take("behind", self._graph, triple)
        end = f"{_MARK}{behind[0]}\n{_MARK}" if behind else ""
        return _before(before, indentation) + text + end

    def _brackets(self, node: BlankNode, signs: str, indentation: str) -> tuple[str, str]:
        opening = _behind(self._notes.take("opening", self._graph, node))
        end = self._notes.take("end", self._graph, node)
        mark = f"{_MARK}{opening[1:]}\n{_MARK}" if opening else ""
        lines = "".join(f"{_INDENTATION}{line}\n{indentation}" for line in end)
        return signs[0] + mark, lines + signs[1]


def _before(lines: Lines, indentation: str) -> str:
    return "".join(f"{line}\n{indentation}" for line in lines if line)
