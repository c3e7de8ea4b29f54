# SPDX-License-Identifier: Apache-2.0
"""Statement i of pyoxigraph's parser is statement i of ours, and stands where we say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from cosigraph.source.statements import Statements, read_statements
from tests.turtle_documents import BASE, trig_documents, turtle_documents
from tests.w3c.manifests import suites_folder

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
ROOT = Path(__file__).parents[3]
Term = NamedNode | BlankNode | Literal | Triple


class Source:
    """A text, as pyoxigraph and as we read it."""

    def __init__(self, content: bytes, format_: RdfFormat) -> None:
        parsed = pyoxigraph.parse(content.removeprefix(b"\xef\xbb\xbf"), format_, base_iri=BASE)
        self.quads: list[Quad] = list(parsed)
        self.content = content
        self.statements: Statements = read_statements(content)
        self._head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in parsed.prefixes.items())
        self._read: dict[str, Term] = {}
        self._blank: dict[object, set[Term]] = defaultdict(set)

    def check(self) -> None:
        assert len(self.statements) == len(self.quads)
        for number, quad in enumerate(self.quads):
            places = self.statements[number]
            tokens = [self.content[begin:end].decode() for begin, end in places]
            cell = quad.predicate.value in {f"{RDF}first", f"{RDF}rest"}
            if cell and places[1] == places[2]:  # a list that is written ( )
                self._check_node(("cell", places[0][0]), quad.subject, tokens[0])
                if quad.predicate.value == f"{RDF}rest":
                    self._check_rest(places[2][0], tokens[2], quad.object)
                    continue
            else:
                self._check(("node", places[0][0]), tokens[0], quad.subject)
                if quad.predicate.value != f"{RDF}reifies":
                    self._check(None, tokens[1], quad.predicate)
            if quad.predicate.value != f"{RDF}reifies" or tokens[1] not in {"~", "{|", "<<"}:
                self._check(("node", places[2][0]), tokens[2], quad.object)

    def _check_rest(self, begin: int, token: str, term: Term) -> None:
        if term == NamedNode(f"{RDF}nil"):
            assert token == ")"
        else:
            self._check_node(("cell", begin), term, token)

    def _check(self, key: object, token: str, term: Term) -> None:
        if isinstance(term, BlankNode):
            assert token[0] in "[(<~{_"
            self._check_node(token if token.startswith("_:") else key, term, token)
        elif token.startswith("<<"):
            assert isinstance(term, Triple | NamedNode)  # or its reifier
        else:
            if token not in self._read:
                self._read[token] = self._term(token)
            assert self._read[token] == term

    def _check_node(self, key: object, term: Term, token: str) -> None:
        """One place is one blank node; a bracket may begin a list and be a member as well."""
        assert isinstance(term, BlankNode)
        self._blank[key].add(term)
        assert len(self._blank[key]) <= (2 if token == "(" else 1)

    def _term(self, token: str) -> Term:
        text = f"{self._head} <urn:s> {token if token == 'a' else '<urn:p>'} {token} ."
        text = text.replace(" a a .", " a <urn:o> .")
        (quad,) = pyoxigraph.parse(text, RdfFormat.TURTLE, base_iri=BASE)
        term: Term = quad.predicate if token == "a" else quad.object
        return term


@settings(max_examples=300)
@given(turtle_documents(), st.booleans())
def test_turtle_is_read_in_the_order_of_pyoxigraph(text: str, mark: bool) -> None:
    Source(text.encode("utf-8-sig" if mark else "utf-8"), RdfFormat.TURTLE).check()


@settings(max_examples=300)
@given(trig_documents())
def test_trig_is_read_in_the_order_of_pyoxigraph(text: str) -> None:
    Source(text.encode(), RdfFormat.TRIG).check()


@given(trig_documents(newer=False))
def test_lines_are_read_in_the_order_of_pyoxigraph(text: str) -> None:
    quads = list(pyoxigraph.parse(text, RdfFormat.TRIG, base_iri=BASE))
    for format_ in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        items = quads if format_ is RdfFormat.N_QUADS else [quad.triple for quad in quads]
        Source(pyoxigraph.serialize(items, format=format_) or b"", format_).check()


def files(folder: Path) -> Iterator[Path]:
    found = sorted(folder.rglob("*"))
    return (path for path in found if path.suffix in FORMATS and path.is_file())


@pytest.mark.parametrize("name", ["ontology", "data", "shapes", "tests"])
def test_the_repositorys_own_files_are_read_in_the_order_of_pyoxigraph(name: str) -> None:
    for path in files(ROOT / name):
        try:
            source = Source(path.read_bytes(), FORMATS[path.suffix])
        except SyntaxError:  # a test's file that is wrong on purpose
            continue
        source.check()


def test_the_w3c_suites_are_read_in_the_order_of_pyoxigraph() -> None:
    folder = suites_folder()
    for path in files(folder) if folder else ():
        Source(path.read_bytes(), FORMATS[path.suffix]).check()


@given(turtle_documents(), st.data())
def test_text_that_is_not_well_formed_raises_nothing(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    statements = read_statements((text[:begin] + text[end:]).encode())
    for number in range(len(statements)):
        assert all(begin <= end for begin, end in statements[number])


def test_quoted_triples_within_each_other_too_deep_end_the_reading() -> None:
    text = "<< " * 5000 + "<a:a> <a:b> <a:c> " + ">> <a:b> <a:c> " * 5000 + "."
    assert len(read_statements(text.encode())) == 0
