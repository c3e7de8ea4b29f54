# SPDX-License-Identifier: Apache-2.0
"""Quotations that are not at their position, and statements without evidence.

A passage is a resource with ``oa:hasSource``, the block of text, and ``oa:hasSelector``: its words
(``oa:TextQuoteSelector``) and its place (``oa:TextPositionSelector``), which counts code points
from 0 (Web Annotation Data Model, sections 4.2.4 and 4.2.5).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cosigraph.check.findings import Finding
from cosigraph.check.quotations import PARTS, Quotation, differences
from cosigraph.check.rule import rule
from cosigraph.check.sources import Sources, triples_of
from cosigraph.errors import Position
from cosigraph.evidence import DEFAULT_TEXTS
from cosigraph.terms import RDF, RDFS, Term

_OA = "http://www.w3.org/ns/oa#"
_NUMBER = re.compile(r"\+?[0-9]{1,18}")
_TYPE, _SUBCLASS = f"{RDF}type", f"{RDFS}subClassOf"


def check_evidence(sources: Sources) -> Iterator[Finding]:
    """Check the settled reading, and then what each other reading has beyond it."""
    settled = list(_Evidence(sources.only(sources.settled)).findings())
    yield from settled
    known = set(settled)
    for iri, replaced in sources.replaced.items():
        files = [
            file
            for file in sources.files
            if file.graph_iri == iri
            or (file.graph_iri not in sources.replaced and file.graph_iri != replaced)
        ]
        for finding in _Evidence(sources.only(files)).findings():
            if finding not in known:
                yield replace(finding, reading=iri.rpartition("/")[2])


class _Evidence:
    """The passages of one reading, and what rests on them."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._rules = sources.configuration.evidence
        names = ("hasSource", "hasSelector", "exact", "prefix", "suffix", "start", "end")
        wanted = {f"{_OA}{name}" for name in names}
        wanted |= {_TYPE, _SUBCLASS, *self._rules.texts, *self._rules.properties}
        self._values: dict[str, dict[Term, list[Triple]]] = {
            iri: defaultdict(list) for iri in wanted
        }
        for triple in triples_of(sources.files):
            if triple.predicate.value in wanted:
                self._values[triple.predicate.value][triple.subject].append(triple)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the passages, then the statements without any."""
        for passage in self._values[f"{_OA}hasSelector"]:
            yield from self._check_passage(passage)
        yield from self._without_evidence()

    def _of(self, subject: Term, *properties: str) -> list[Triple]:
        return [triple for iri in properties for triple in self._values[iri].get(subject, ())]

    def _check_passage(self, passage: Term) -> Iterator[Finding]:
        absent = rule("evidence/quotation-not-there")
        selectors = [triple.object for triple in self._of(passage, f"{_OA}hasSelector")]
        spans = [span for selector in selectors for span in self._spans(selector)]
        for source in self._of(passage, f"{_OA}hasSource"):
            texts = self._texts(source.object)
            name = self._shown(source.object)
            if not texts and self._rules.texts != DEFAULT_TEXTS:
                yield absent.finding(
                    f"{name} has no text in which the passage could stand.",
                    self._place(source),
                    advice="Correct oa:hasSource, or give the block its text with "
                    f"{' or '.join(map(self._sources.shorten, self._rules.texts))}.",
                )
            for selector in selectors if texts else ():
                for triple, message, advice in self._check_quotation(selector, spans, texts, name):
                    yield absent.finding(message, self._place(triple), advice=advice)

    def _check_quotation(
        self, selector: Term, spans: list[tuple[int, int]], texts: list[str], name: str
    ) -> Iterator[tuple[Triple, str, str]]:
        """Yield what differs, and from which statement, unless one of the texts has it all."""
        words, before, after = (self._of(selector, f"{_OA}{part}") for part in PARTS)
        for exact in words:
            statements = {
                part: triples[0] if triples else None
                for part, triples in zip(PARTS, ([exact], before, after), strict=True)
            }
            quotation = Quotation(
                *(None if each is None else _text(each.object) for each in statements.values())
            )
            places: list[tuple[int, int] | None] = [*spans] or [None]
            for span in places:
                found = [list(differences(quotation, span, text, name)) for text in texts]
                if all(found):
                    for difference in found[0]:
                        triple = statements[difference.part]
                        if triple is not None:
                            yield triple, difference.message, difference.advice

    def _spans(self, selector: Term) -> Iterator[tuple[int, int]]:
        for start in self._of(selector, f"{_OA}start"):
            for end in self._of(selector, f"{_OA}end"):
                numbers = [_text(start.object), _text(end.object)]
                if all(number and _NUMBER.fullmatch(number) for number in numbers):
                    yield int(numbers[0] or 0), int(numbers[1] or 0)

    def _texts(self, source: Term) -> list[str]:
        texts = (_text(triple.object) for triple in self._of(source, *self._rules.texts))
        return [text for text in texts if text is not None]

    def _without_evidence(self) -> Iterator[Finding]:
        missing = rule("evidence/missing")
        properties = " or ".join(map(self._sources.shorten, self._rules.properties))
        for statement, kind in self._statements():
            evidence = self._of(statement, *self._rules.properties)
            if not evidence:
                yield missing.finding(
                    f"{self._shown(statement)} is a {self._sources.shorten(kind)} and rests on no "
                    "words.",
                    self._place_of(statement),
                    advice=f"Point with {properties} at the passage that says so.",
                    focus_node=self._shown(statement),
                )
            for triple in evidence:
                selectors = [one.object for one in self._of(triple.object, f"{_OA}hasSelector")]
                if not any(self._of(selector, f"{_OA}exact") for selector in selectors):
                    yield missing.finding(
                        f"{self._shown(triple.object)} is given as evidence, but quotes nothing.",
                        self._place(triple),
                        advice="Correct the name, or give the passage an oa:hasSelector with "
                        "oa:exact.",
                        focus_node=self._shown(statement),
                    )

    def _statements(self) -> Iterator[tuple[Term, str]]:
        """Yield each thing that must have evidence, once, with the class that says so."""
        classes = self._with_subclasses(self._rules.classes)
        for subject, types in self._values[_TYPE].items():
            found = [name for triple in types if (name := _name(triple.object)) in classes]
            if found:
                yield subject, found[0]

    def _with_subclasses(self, classes: Iterable[str]) -> set[str]:
        below: dict[str, set[str]] = defaultdict(set)
        for subject, triples in self._values[_SUBCLASS].items():
            for triple in triples:
                below[_name(triple.object)].add(_name(subject))
        found: set[str] = set()
        pending = list(classes)
        while pending:
            one = pending.pop()
            if one not in found:
                found.add(one)
                pending += below[one]
        return found

    def _shown(self, term: Term) -> str:
        return self._sources.shorten(term) if isinstance(term, NamedNode) else str(term)

    def _place(self, triple: Triple) -> Position:
        found = self._sources.positions.of(triple.subject, triple.predicate, triple.object)
        return found or Position()

    def _place_of(self, statement: Term) -> Position:
        return self._sources.positions.of(statement) or Position()


def _text(term: Term) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else ""
