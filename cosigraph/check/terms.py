# SPDX-License-Identifier: Apache-2.0
"""Terms that are used and not defined, deprecated, or of a namespace that is almost another.

Each is told once for each file, where it is used first: one wrong word may stand in a million
statements. A project without an ontology has nothing that its terms could be held to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from cosigraph.check.findings import Finding
from cosigraph.check.near_namespaces import NearNamespaces
from cosigraph.check.positions import Part
from cosigraph.check.rule import rule
from cosigraph.check.sources import ONTOLOGY, Sources
from cosigraph.check.standard_terms import (
    is_standard,
    namespace_of,
    standard_namespaces,
    standard_terms,
)
from cosigraph.check.term_index import Kind, Kinds, Use
from cosigraph.check.undeclared_prefixes import undeclared
from cosigraph.errors import Position
from cosigraph.suggestions import did_you_mean


def check_terms(sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with the classes, properties and datatypes that the files use."""
    if not sources.of(ONTOLOGY):
        return
    check = _TermCheck(sources)
    for use in _by_file_and_term(sources.terms.uses):
        yield from check.findings(use)
    deprecated = [use for use in sources.terms.uses if check.uses_deprecated(use)]
    for use in _by_file_and_term(deprecated):
        yield check.deprecated(use)


def _by_file_and_term(uses: list[Use]) -> Iterator[Use]:
    """Yield the uses of a file, those of one term and kind taken together."""
    merged: dict[tuple[object, str, Kinds], Use] = {}
    for use in uses:
        key = (use.statement.file.path, use.term, use.kinds)
        if key in merged:
            merged[key].count += use.count
        else:
            merged[key] = replace(use)
    yield from merged.values()


class _TermCheck:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._index = sources.terms
        self._told: set[tuple[object, str]] = set()

    @cached_property
    def _by_namespace(self) -> dict[str, set[str]]:
        """The terms that the project defines, by namespace."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for term in self._index.kinds:
            found[namespace_of(term)].add(term)
        return dict(found)

    @cached_property
    def _near(self) -> NearNamespaces:
        return NearNamespaces({*self._by_namespace, *standard_namespaces()})

    def findings(self, use: Use) -> Iterator[Finding]:
        """Yield what is wrong with one term in one file."""
        kinds = self._index.kinds.get(use.term, set())
        if kinds & use.kinds or is_standard(use.term):
            return
        namespace = namespace_of(use.term)
        if namespace in self._by_namespace or namespace in standard_namespaces():
            yield self._undefined(use, kinds)
        elif (use.statement.file.path, namespace) not in self._told:
            self._told.add((use.statement.file.path, namespace))
            near = self._near.of(namespace, use.term)
            if namespace[:-1] in self._sources.prefixes.namespaces:
                yield undeclared(
                    namespace[:-1], self._place(use), self._sources.prefixes.namespaces, []
                )
            elif near is not None:
                yield rule("terms/near-namespace").finding(
                    f"The namespace {namespace} of {use.term} is almost {near}{_times(use)}.",
                    self._place(use),
                    advice=f"Did you mean {near}? {self._prefix_of(near)}".rstrip(),
                )
            elif (None, namespace) not in self._told:
                self._told.add((None, namespace))
                yield rule("terms/unknown-namespace").finding(
                    f"Nothing is known of the namespace {namespace}, of which {use.term} is.",
                    self._place(use),
                    advice="Define what is used of it in ontology/, with a type, a label and "
                    "rdfs:isDefinedBy.",
                )

    def _prefix_of(self, namespace: str) -> str:
        prefixes = [prefix for prefix, iri in self._sources.prefixes if iri == namespace]
        return f"Write @prefix {prefixes[0]}: <{namespace}> ." if prefixes else ""

    def _undefined(self, use: Use, kinds: set[Kind]) -> Finding:
        shown = self._sources.shorten(use.term)
        wanted = _or(use.kinds)
        if kinds:
            message = f"{shown} is used as a {wanted}, but defined as a {_or(kinds)}{_times(use)}."
            advice = "Use another term, or define it as both."
        else:
            message = f"{shown} is used as a {wanted}, but no ontology defines it{_times(use)}."
            near = self._nearest(use)
            advice = f"Did you mean {near}? " if near else ""
            standard = namespace_of(use.term) in standard_namespaces()
            if not standard:
                advice += ("Otherwise define" if near else "Define") + " it in ontology/."
            elif not near:
                advice = "Look it up: its vocabulary has no such term."
        return rule("terms/undefined").finding(message, self._place(use), advice=advice.strip())

    def _nearest(self, use: Use) -> str | None:
        """Return the defined term of nearest spelling, in its own namespace or of its own name."""
        namespace = namespace_of(use.term)
        own = {
            term
            for term in self._by_namespace.get(namespace, ())
            if self._index.kinds[term] & use.kinds
        }
        names = {term[len(namespace) :]: term for term in own | standard_terms(namespace)}
        name = use.term[len(namespace) :]
        near = did_you_mean(name, sorted(names))
        if near is not None:
            return self._sources.shorten(names[near])
        namesakes = (
            other + name
            for other in (*self._by_namespace, *standard_namespaces())
            if is_standard(other + name) or self._index.kinds.get(other + name, set()) & use.kinds
        )
        namesake = next(namesakes, None)
        return None if namesake is None else self._sources.shorten(namesake)

    def uses_deprecated(self, use: Use) -> bool:
        """Tell whether a deprecated term is used; an axiom may speak of one."""
        if use.term not in self._index.deprecated:
            return False
        return use.part != "value" or self._sources.room(use.statement.file) != ONTOLOGY

    def deprecated(self, use: Use) -> Finding:
        """Return what to say of a deprecated term in one file."""
        others = [self._sources.shorten(o) for o in self._index.replaced_by.get(use.term, ())]
        return rule("terms/deprecated").finding(
            f"{self._sources.shorten(use.term)} is deprecated{_times(use)}.",
            self._place(use),
            advice=f"Use {' or '.join(others)} instead."
            if others
            else "Use what took its place; dcterms:isReplacedBy would name it.",
        )

    def _place(self, use: Use) -> Position:
        part = Part.PREDICATE if use.part == "predicate" else Part.OBJECT
        return self._sources.place(use.statement, part)


def _or(kinds: Kinds | set[Kind]) -> str:
    return " or ".join(sorted(kinds))


def _times(use: Use) -> str:
    return f" ({use.count} times in this file)" if use.count > 1 else ""
