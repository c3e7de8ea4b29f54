# SPDX-License-Identifier: Apache-2.0
"""The house's Turtle: the same graph is always the same text, and a changed triple a changed line.

RDF 1.1 Turtle and TriG (https://www.w3.org/TR/turtle/, https://www.w3.org/TR/trig/), and triple
terms as in RDF 1.2. Prefixes that are used stand first, sorted; then one block for each subject,
identifiers before blank nodes; in a block the type first, then names and definitions, then the
other properties by name. A blank node that is used once stands where it is used, a well-formed
list as ``( … )``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from cosigraph.canonical import canonical
from cosigraph.vocabulary import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple

FIRST_PREDICATES: Final = (
    RDF + "type",
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
    SKOS + "notation",
    DCTERMS + "title",
    DCTERMS + "identifier",
    SH + "name",
    SKOS + "definition",
    RDFS + "comment",
    DCTERMS + "description",
    SH + "description",
    SKOS + "scopeNote",
    SKOS + "example",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    OWL + "inverseOf",
    RDFS + "domain",
    RDFS + "range",
    SH + "targetClass",
    SH + "path",
)
"""Predicates that stand before all others, in this order."""

_TYPE = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = NamedNode(RDF + "first"), NamedNode(RDF + "rest"), NamedNode(RDF + "nil")
_RANK = {predicate: rank for rank, predicate in enumerate(FIRST_PREDICATES)}
_LONGEST_LINE = 100
_LONGEST_INLINE_NODE = 60
_INDENTATION = "    "
_DEEPEST = 16  # a node nested deeper than this gets a label and a block of its own

_LOCAL_NAME = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_SHORT_LITERALS = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPED = re.compile(r"[\\\t\b\r\f]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\b": r"\b", "\r": r"\r", "\f": r"\f"}
_QUOTE_IN_LONG_STRING = re.compile(r'"(?="|\Z)')
_DIGITS = re.compile(r"([0-9]+)")


def natural_key(text: str) -> tuple[list[tuple[int, str]], str]:
    """Return a sorting key under which ``A-2`` stands before ``A-10``; total for all strings."""
    parts = _DIGITS.split(text)
    parts[1::2] = [part.lstrip("0") for part in parts[1::2]]
    return [(index % 2 and len(part), part) for index, part in enumerate(parts)], text


def write_turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return a graph as Turtle in the house's form.

    ``prefixes`` maps names to namespaces; only those that are used are written. The text depends
    on the graph alone: not on the order of the triples nor on the labels of blank nodes, which
    where they are needed are assigned by RDF Dataset Canonicalization (RDFC-1.0).
    """
    names, bodies = _written_graphs({"": list(triples)}, prefixes)
    return "\n".join(part for part in (names.declarations(), bodies[""]) if part)


def write_trig(graphs: Mapping[str, Iterable[Triple]], prefixes: Mapping[str, str]) -> str:
    """Return named graphs (by IRI) as TriG: each in the house's Turtle, in the order of names.

    A blank node that stands in several graphs has one label in all of them.
    """
    contents = {name: list(graphs[name]) for name in sorted(graphs, key=natural_key)}
    names, bodies = _written_graphs(contents, prefixes)
    blocks = [f"{names.iri(name)} {{\n{_indented(body)}}}\n" for name, body in bodies.items()]
    return "\n".join(part for part in (names.declarations(), *blocks) if part)


def _written_graphs(
    contents: Mapping[str, Sequence[Triple]], prefixes: Mapping[str, str]
) -> tuple[Names, dict[str, str]]:
    names = Names(prefixes)
    shared = _in_several_graphs(contents)
    writers = {name: GraphWriter(graph, names, shared) for name, graph in contents.items()}
    # Canonical labels take time that grows fast with the number of blank nodes that look alike:
    # most graphs have no need of labels at all.
    if any(writer.needs_labels for writer in writers.values()):
        contents = _canonical(contents)
        shared = _in_several_graphs(contents)
        writers = {name: GraphWriter(graph, names, shared) for name, graph in contents.items()}
    return names, {name: writer.text() for name, writer in writers.items()}


def _canonical(contents: Mapping[str, Iterable[Triple]]) -> dict[str, list[Triple]]:
    graph_names = {NamedNode(f"graph:{index}"): name for index, name in enumerate(contents)}
    quads = canonical(
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph, name in graph_names.items()
        for triple in contents[name]
    )
    found: dict[str, list[Triple]] = {name: [] for name in contents}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)  # noqa: S101 - it is one of ours
        found[graph_names[quad.graph_name]].append(quad.triple)
    return found


def _in_several_graphs(contents: Mapping[str, Iterable[Triple]]) -> frozenset[BlankNode]:
    graphs: dict[BlankNode, set[str]] = defaultdict(set)
    for name, triples in contents.items():
        for triple in triples:
            for node in blank_nodes(triple):
                graphs[node].add(name)
    return frozenset(node for node, where in graphs.items() if len(where) > 1)


def blank_nodes(triple: Triple) -> Iterator[BlankNode]:
    """Yield the blank nodes of a triple, those within triple terms too."""
    for term in (triple.subject, triple.object):
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            yield from blank_nodes(term)


def _indented(body: str) -> str:
    """Indent lines, but not those that begin within a long string."""
    lines = []
    within = False
    for line in body.split("\n"):
        lines.append(line if within or not line else _INDENTATION + line)
        # Quotation marks in a row are escaped within a string: three of them are a delimiter.
        within ^= line.count('"""') % 2 == 1
    return "\n".join(lines)


class Names:
    """IRIs as they are written; remembers which prefixes were needed."""

    def __init__(
        self, prefixes: Mapping[str, str], written: Mapping[str, str] | None = None
    ) -> None:
        """Take prefixes, and what to write for IRIs that no prefix shortens, if not themselves."""
        self._prefixes = prefixes
        self._given = written or {}
        self._used: set[str] = set()
        # The longest namespace wins; of two names for one namespace the first.
        self._namespaces = sorted(
            ((namespace, name) for name, namespace in prefixes.items() if namespace),
            key=lambda pair: (-len(pair[0]), pair[1]),
        )
        self._known: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        """Return the IRI as a prefixed name where it can be one, else in angle brackets."""
        if iri not in self._known:
            self._known[iri] = self._written(iri)
        return self._known[iri]

    def _written(self, iri: str) -> str:
        for namespace, name in self._namespaces:
            if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
                self._used.add(name)
                return f"{name}:{iri[len(namespace) :]}"
        return self.in_brackets(iri)

    def in_brackets(self, iri: str) -> str:
        """Return the IRI in angle brackets."""
        return self._given.get(iri) or f"<{iri}>"

    @property
    def used(self) -> list[str]:
        """The prefixes that were needed so far, sorted."""
        return sorted(self._used)

    def declaration(self, name: str) -> str:
        """Return the line that declares a prefix."""
        return f"@prefix {name}: {self.in_brackets(self._prefixes[name])} ."

    def declarations(self) -> str:
        """Return one line for each prefix that was needed so far."""
        return "".join(f"{self.declaration(name)}\n" for name in self.used)


class GraphWriter:
    """The blocks of one graph, whose blank nodes have canonical labels already."""

    def __init__(
        self, triples: Iterable[Triple], names: Names, shared: frozenset[BlankNode] = frozenset()
    ) -> None:
        self._names = names
        self._properties: dict[Subject, dict[NamedNode, list[Term]]] = defaultdict(dict)
        self._labelled = set(shared)
        self._uses: Counter[BlankNode] = Counter()
        for triple in dict.fromkeys(triples):  # what is written alike stays in its order
            value = triple.object
            subject = cast("Subject", triple.subject)  # RDF 1.2 has no triple terms there
            self._properties[subject].setdefault(triple.predicate, []).append(value)
            if isinstance(value, BlankNode):
                self._uses[value] += 1
            elif isinstance(value, Triple):
                self._labelled.update(blank_nodes(value))
        self._cells = self._find_list_cells()
        self._nested = self._find_nested()

    @property
    def needs_labels(self) -> bool:
        """Whether a blank node has to be called by a name."""
        used = self._labelled | self._uses.keys()
        return not used <= self._nested

    def text(self) -> str:
        """Return one block for each subject, with an empty line between two."""
        subjects = [node for node in self._properties if node not in self._nested]
        named = [node for node in subjects if isinstance(node, NamedNode)]
        named.sort(key=lambda node: natural_key(node.value))
        blank = [node for node in subjects if isinstance(node, BlankNode)]
        blocks = [self._block(self._names.iri(node.value), node) for node in named]
        blocks += sorted((self._block(self._blank(node), node) for node in blank), key=natural_key)
        return "\n".join(blocks)

    def _find_list_cells(self) -> dict[BlankNode, BlankNode | NamedNode]:
        """Return the cells of well-formed lists, each with the rest that follows it."""
        preceding: dict[Term, list[BlankNode]] = defaultdict(list)
        for node, properties in self._properties.items():
            if (
                isinstance(node, BlankNode)
                and self._uses[node] == 1
                and node not in self._labelled
                and properties.keys() == {_FIRST, _REST}
                and all(len(values) == 1 for values in properties.values())
            ):
                preceding[properties[_REST][0]].append(node)
        cells: dict[BlankNode, BlankNode | NamedNode] = {}
        waiting: list[BlankNode | NamedNode] = [_NIL]
        while waiting:
            rest = waiting.pop()
            for cell in preceding[rest]:
                cells[cell] = rest
                waiting.append(cell)
        return cells

    def _find_nested(self) -> set[BlankNode]:
        """Return the blank nodes that are written where they are used.

        They are used once, and lead up to a subject with a block of its own: what is not reached
        from such a subject runs in a circle.
        """
        candidates = {n for n, uses in self._uses.items() if uses == 1} - self._labelled
        nested: set[BlankNode] = set()
        waiting: list[tuple[Subject, int]] = [
            (node, 0) for node in self._properties if node not in candidates
        ]
        while waiting:
            node, depth = waiting.pop()
            for predicate, values in self._properties.get(node, {}).items():
                below = depth if predicate == _REST and node in self._cells else depth + 1
                for value in values:
                    if isinstance(value, BlankNode) and value in candidates:
                        if below < _DEEPEST:
                            nested.add(value)
                        waiting.append((value, below % _DEEPEST))
        return nested

    def _block(self, name: str, subject: Subject) -> str:
        lines = self._predicate_lines(subject, _INDENTATION)
        return f"{name} " + f" ;\n{_INDENTATION}".join(lines) + " .\n"

    def _predicate_lines(self, subject: Subject, indentation: str) -> list[str]:
        """Return ``predicate objects`` for each predicate; `indentation` is that of the lines."""
        properties = self._properties.get(subject, {})
        return [
            self._predicate_line(subject, predicate, properties[predicate], indentation)
            for predicate in sorted(properties, key=self._predicate_key)
        ]

    def _predicate_key(self, predicate: NamedNode) -> tuple[int, str]:
        return _RANK.get(predicate.value, len(_RANK)), self._names.iri(predicate.value)

    def _predicate_line(
        self, subject: Subject, predicate: NamedNode, values: Sequence[Term], indentation: str
    ) -> str:
        name = self._predicate_name(predicate)
        if len(values) == 1:
            return f"{name} {self._objects(subject, predicate, values, indentation)[0]}"
        deeper = indentation + _INDENTATION
        objects = self._objects(subject, predicate, values, deeper)
        line = f"{name} {', '.join(objects)}"
        if "\n" not in line and len(indentation) + len(line) + 2 <= _LONGEST_LINE:
            return line
        return f"{name}\n{deeper}" + f",\n{deeper}".join(objects)

    def _predicate_name(self, predicate: NamedNode) -> str:
        return "a" if predicate == _TYPE else self._names.iri(predicate.value)

    def _objects(
        self, subject: Subject, predicate: NamedNode, values: Iterable[Term], indentation: str
    ) -> list[str]:
        triples = [Triple(subject, predicate, value) for value in values]
        written = [(self._object(triple, indentation), triple) for triple in triples]
        written.sort(key=lambda pair: (_kind(pair[1].object), natural_key(pair[0])))
        return [self._finished(triple, text, indentation) for text, triple in written]

    def _object(self, triple: Triple, indentation: str) -> str:
        """Return the object of a triple as it is sorted."""
        return self._term(triple.object, indentation)

    def _finished(self, triple: Triple, text: str, indentation: str) -> str:  # noqa: ARG002
        """Return the text of a triple's object with what stands around it."""
        return text

    def _term(self, term: Term, indentation: str) -> str:
        if isinstance(term, NamedNode):
            return "()" if term == _NIL else self._names.iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, Triple):
            return f"<<( {' '.join(map(self._part, term))} )>>"
        return self._nested_node(term, indentation) if term in self._nested else self._blank(term)

    def _part(self, term: Term) -> str:
        """Return a part of a triple term, where neither lists nor long strings can stand."""
        if isinstance(term, NamedNode):
            return self._names.iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term, in_one_line=True)
        return self._term(term, "")

    def _nested_node(self, node: BlankNode, indentation: str) -> str:
        if node in self._cells:
            opening, closing = self._brackets(node, "()", indentation)
            return _bracketed(
                opening, lambda inner: self._members(node, inner), "", closing, indentation
            )
        if node not in self._properties:
            return "[]"
        opening, closing = self._brackets(node, "[]", indentation)
        return _bracketed(
            opening, lambda inner: self._predicate_lines(node, inner), " ;", closing, indentation
        )

    def _brackets(self, node: BlankNode, signs: str, indentation: str) -> tuple[str, str]:  # noqa: ARG002
        """Return the brackets around what is said of a node."""
        return signs[0], signs[1]

    def _members(self, head: BlankNode, indentation: str) -> list[str]:
        members: list[str] = []
        cell: BlankNode | NamedNode = head
        while isinstance(cell, BlankNode):
            members += self._objects(cell, _FIRST, self._properties[cell][_FIRST], indentation)
            cell = self._cells[cell]
        return members

    def _blank(self, node: BlankNode) -> str:
        anonymous = self._uses[node] == 0 and node not in self._labelled
        return "[]" if anonymous else f"_:{node.value}"

    def _literal(self, literal: Literal, *, in_one_line: bool = False) -> str:
        value, datatype = literal.value, literal.datatype.value
        short = _SHORT_LITERALS.get(datatype)
        if short is not None and short.fullmatch(value):
            return value
        quoted = _quoted(value, in_one_line=in_one_line)
        if literal.language is not None:
            direction = f"--{literal.direction}" if literal.direction is not None else ""
            return f"{quoted}@{literal.language}{direction}"
        return quoted if datatype == XSD + "string" else f"{quoted}^^{self._names.iri(datatype)}"


def _kind(term: Term) -> int:
    return (NamedNode, Literal, BlankNode, Triple).index(type(term))


def _quoted(value: str, *, in_one_line: bool = False) -> str:
    escaped = _ESCAPED.sub(lambda match: _ESCAPES[match[0]], value)
    if in_one_line:
        escaped = escaped.replace("\n", r"\n")
    elif "\n" in value:
        return '"""' + _QUOTE_IN_LONG_STRING.sub(r"\"", escaped) + '"""'
    return '"' + escaped.replace('"', r"\"") + '"'


def _bracketed(
    opening: str,
    parts: Callable[[str], list[str]],
    separator: str,
    closing: str,
    indentation: str,
) -> str:
    """Write the parts between brackets: in one line where that is short, else one in a line."""
    inner = indentation + _INDENTATION
    written = parts(inner)
    line = f"{opening} {f'{separator} '.join(written)} {closing}"
    if "\n" not in line and len(line) <= _LONGEST_INLINE_NODE:
        return line
    return (
        f"{opening}\n{inner}" + f"{separator}\n{inner}".join(written) + f"\n{indentation}{closing}"
    )
