# SPDX-License-Identifier: Apache-2.0
"""The terms that a project defines itself: what is said of them, and whether anything uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from cosigraph.canned import FOLDER, read_text
from cosigraph.check.findings import Finding
from cosigraph.check.positions import Part
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, SHAPES, Sources, triples_of
from cosigraph.check.standard_terms import is_standard
from cosigraph.check.statements import Statement
from cosigraph.errors import QueryFileError
from cosigraph.files import matching
from cosigraph.sparql import tokens
from cosigraph.vocabulary import DCTERMS, OWL, RDF, RDFS, SKOS

_LABELS: Final = frozenset({RDFS + "label", SKOS + "prefLabel"})
_DEFINITIONS: Final = frozenset(
    {
        *(SKOS + "definition", RDFS + "comment", DCTERMS + "description"),
        "http://purl.obolibrary.org/obo/IAO_0000115",
    }
)
_DEFINED_BY, _IMPORTS, _VERSION = RDFS + "isDefinedBy", OWL + "imports", OWL + "versionIRI"
_INVERSE: Final = OWL + "inverseOf"
_TYPE, _ONTOLOGY = RDF + "type", OWL + "Ontology"


def check_own_terms(sources: Sources) -> Iterator[Finding]:
    """Yield the terms without label or definition, those that nothing uses, and lost imports."""
    own = _OwnTerms(sources)
    yield from own.lost_imports()
    for name, statement in own.terms().items():
        shown = sources.shorten(name)
        place = None
        for missing, words, advice in own.lacks(name):
            place = place or sources.place(statement, Part.SUBJECT)
            yield rule(missing).finding(f"{shown} {words}.", place, advice=advice)


class _OwnTerms:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._index = sources.terms
        self._files = sources.of(ONTOLOGY)
        self._said: dict[str, set[str]] = {}
        self._defined_by: dict[str, set[str]] = {}
        self._named: set[str] = set()
        self._inverse: dict[str, set[str]] = {}
        self._ontologies: set[str] = set()
        self._versions: set[str] = set()
        self._imports: list[Statement] = []
        for file in self._files:
            for number in range(len(file.triples)):
                self._read(Statement(file, number))

    def _read(self, statement: Statement) -> None:
        subject, predicate, value = statement.triple
        name, of = predicate.value, getattr(subject, "value", "")
        self._said.setdefault(of, set()).add(name)
        if not isinstance(value, NamedNode):
            return
        if name == _DEFINED_BY:
            self._defined_by.setdefault(of, set()).add(value.value)
        elif name == _IMPORTS:
            self._imports.append(statement)
        elif name == _VERSION:
            self._versions.add(value.value)
        elif name == _TYPE and value.value == _ONTOLOGY:
            self._ontologies.add(of)
        elif name == _INVERSE:
            self._inverse.setdefault(of, set()).add(value.value)
            self._inverse.setdefault(value.value, set()).add(of)
        if of != value.value and name != _INVERSE:
            self._named.add(value.value)

    def lost_imports(self) -> Iterator[Finding]:
        """Yield the imports that no file holds."""
        there = self._ontologies | self._versions
        for statement in self._imports:
            name = str(getattr(statement.triple.object, "value", ""))
            if name not in there:
                yield rule("ontology/import-not-there").finding(
                    f"The ontology <{name}> is imported, but no file holds it.",
                    self._sources.place(statement),
                    advice="Put a copy of it into ontology/, or define there what is used of it "
                    "and remove the import.",
                )

    def terms(self) -> Mapping[str, Statement]:
        """Return the terms that are the project's own, and where each is defined."""
        return {
            name: statement
            for name, statement in self._index.defined_in.items()
            if self._sources.room(statement.file) == ONTOLOGY and self._is_own(name)
        }

    def _is_own(self, name: str) -> bool:
        """Tell whether a term is no other ontology's: of one imported, or of a well-known one."""
        imported = {
            str(getattr(triple.object, "value", ""))
            for triple in (each.triple for each in self._imports)
        }
        homes = self._defined_by.get(name, set())
        if is_standard(name) or homes & imported:
            return False
        return not homes or bool(homes & self._ontologies)

    def lacks(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield which rules a term breaks, with words and advice."""
        said = self._said.get(name, set())
        if not said & _LABELS:
            yield "ontology/no-label", "has no label", "Give it an rdfs:label with a language."
        if not said & _DEFINITIONS:
            yield (
                "ontology/no-definition",
                "has no definition",
                "Say in a sentence what it means, with skos:definition.",
            )
        inverses = self._inverse.get(name, set())
        if name not in self._used and not inverses & self._used and not self._is_deprecated(name):
            yield (
                "ontology/unused-term",
                "is used in no data, shape, query or other axiom",
                "Use it, or remove it.",
            )

    def _is_deprecated(self, name: str) -> bool:
        return name in self._index.deprecated

    @cached_property
    def _used(self) -> set[str]:
        shapes = triples_of(self._sources.of(SHAPES))
        named = {triple.object.value for triple in shapes if isinstance(triple.object, NamedNode)}
        uses = {use.term for use in self._index.uses}
        return self._named | named | uses | self._in_queries()

    def _in_queries(self) -> set[str]:
        """Return the IRIs that the canned queries and the queries of the shapes name."""
        known = self._sources.prefixes.namespaces
        return {iri for text in _texts_of_queries(self._sources) for iri in iris_of(text, known)}


def _texts_of_queries(sources: Sources) -> Iterator[str]:
    """Yield the text of each query that can be read; those with an error of syntax are among them.

    That one cannot be read is told elsewhere.
    """
    for path in matching(sources.folder, f"{FOLDER}/*.rq", lambda _: None):
        with suppress(QueryFileError):
            yield read_text(path)


def iris_of(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the IRIs that a query names, in full or by its own prefixes or the project's."""
    known = dict(prefixes)
    before: list[str] = ["", ""]
    for token in tokens(text):
        if token.kind == "iri":
            if before[0].upper() == "PREFIX":
                known[before[1].removesuffix(":")] = token.text[1:-1]
            yield token.text[1:-1]
        elif token.kind == "name":
            prefix, _, name = token.text.partition(":")
            yield known.get(prefix, "") + name.replace("\\", "")
        before = [before[1], token.text]
