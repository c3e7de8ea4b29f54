# SPDX-License-Identifier: Apache-2.0
"""Whether ontology, vocabularies and data contradict themselves, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cosigraph.check.axioms import NOTHING, Axioms
from cosigraph.check.clashes import Clash, Clashes
from cosigraph.check.contradictions import Contradiction
from cosigraph.check.findings import Finding
from cosigraph.check.instances import Instances
from cosigraph.check.positions import Part
from cosigraph.check.rl_closure import closure_errors
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, SHAPES, Sources
from cosigraph.check.standard_terms import is_standard
from cosigraph.check.statements import Statement
from cosigraph.check.syntax import ParsedFile
from cosigraph.check.term_index import RDF_TYPE, Kind


def check_consistency(sources: Sources) -> Iterator[Finding]:
    """Yield each class that can have no member, and each contradiction in what is said of things.

    The settled reading is checked, and each alternative one in its place.
    """
    shown = _Shown(sources)
    settled = _without_shapes(sources, sources.settled)
    axioms = Axioms.of(settled)
    unsatisfiable = list(_unsatisfiable_classes(sources, axioms, shown))
    yield from unsatisfiable
    found = [shown.finding(one) for one in Instances(axioms, settled, shown.name).contradictions()]
    yield from found
    for graph, replaced in sources.replaced.items():
        others = [file for file in sources.files if file.graph_iri == graph]
        files = [*(file for file in settled if file.graph_iri != replaced), *others]
        name = graph.removeprefix(f"{sources.configuration.base}graph/")
        instances = Instances(Axioms.of(files), files, shown.name)
        for one in instances.contradictions(_named_in(others)):
            finding = shown.finding(one)
            if finding not in found:
                yield replace(finding, reading=name)
    if not unsatisfiable and not found:
        yield from closure_errors(sources, sources.of(ONTOLOGY))


def _named_in(files: Iterable[ParsedFile]) -> frozenset[str]:
    """Return what some files speak of: elsewhere a reading changes nothing."""
    return frozenset(
        str(getattr(term, "value", ""))
        for file in files
        for triple in file.triples
        for term in (triple.subject, triple.object)
        if term == triple.subject or triple.predicate.value != RDF_TYPE
    )


def _without_shapes(sources: Sources, files: Iterable[ParsedFile]) -> list[ParsedFile]:
    return [file for file in files if sources.room(file) != SHAPES]


def _unsatisfiable_classes(sources: Sources, axioms: Axioms, shown: _Shown) -> Iterator[Finding]:
    """Yield the classes that can have no member; those below them are counted only."""
    clashes = Clashes(axioms)
    if not clashes.possible:
        return
    found: dict[str, Clash] = {}
    for name, kinds in sources.terms.kinds.items():
        clash = clashes.of(frozenset({name})) if Kind.CLASS in kinds else None
        if clash is not None and not is_standard(name):
            found[name] = clash
    above = {name: set(axioms.everything_above([name])) for name in found}
    for name, clash in found.items():
        others = above[name] & found.keys() - {name}
        if any(name not in above[other] for other in others):
            continue
        below = sum(name in above[other] and other not in above[name] for other in found)
        more = f", nor can the {below} classes below it" if below > 1 else ""
        more = ", nor can the class below it" if below == 1 else more
        yield rule("ontology/unsatisfiable-class").finding(
            f"{shown.name(name)} can have no member{more}: it {shown.clash(clash)}.",
            sources.place(sources.terms.defined_in[name], Part.SUBJECT),
            advice="Remove or correct one of the statements below.",
            detail=shown.reasons(clash.reasons),
        )


class _Shown:
    """Tells of terms, statements and contradictions in words."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def name(self, term: str) -> str:
        """Return how a message names a thing, class or property."""
        return self._sources.shorten(term) if ":" in term else "what has no IRI"

    def clash(self, clash: Clash) -> str:
        """Return which classes exclude each other."""
        names = [self.name(each) if ":" in each else "a class expression" for each in clash.classes]
        if clash.classes == (NOTHING,):
            return "would be in owl:Nothing"
        return f"would be in {names[0]} and in {names[1]}, which are disjoint"

    def finding(self, found: Contradiction) -> Finding:
        """Return a contradiction as a finding."""
        words = found.words
        if found.clash is not None:
            more = "" if found.things == 1 else f" (and {found.things - 1} more)"
            words = f"{self.name(found.thing)}{more} {self.clash(found.clash)}."
        return rule("ontology/inconsistent").finding(
            words,
            self._sources.place(found.at),
            advice="Remove or correct one of the statements below.",
            detail=self.reasons(found.reasons),
        )

    def reasons(self, statements: Iterable[Statement]) -> str:
        """Return the statements that contradict each other, each with its place."""
        told = (self._sources.told(each) for each in statements)
        return "\n".join(dict.fromkeys(told))
