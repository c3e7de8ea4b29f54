# SPDX-License-Identifier: Apache-2.0
"""The page of an ontology: its classes and properties, what they mean and how they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode
from starlette.responses import Response
from starlette.types import Scope

from cosigraph.publishing.ontology import OntologyTerm
from cosigraph.terms import Prefixes

from . import signposting
from .pages import Site, root_of
from .published import Published
from .rdf_documents import EXTENSIONS
from .service import Service


@dataclass(frozen=True, slots=True)
class Mention:
    """Another term as it is shown: what it is called, and where it is explained."""

    text: str
    href: str
    iri: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A class with those that are a kind of it."""

    mention: Mention
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A term with the facts about it, as names and mentions."""

    term: OntologyTerm
    short: str
    query: str
    facts: tuple[tuple[str, tuple[Mention, ...]], ...]


class OntologyPages:
    """Makes the pages of one service's ontologies."""

    def __init__(self, service: Service, site: Site, published: Published) -> None:
        self._service = service
        self._site = site
        self._published = published

    async def page(self, scope: Scope, iri: NamedNode, name: str) -> Response | None:
        """The page of the namespace ``iri#``, or None if it has no class and no property.

        ``name`` is the last part of its address.

        Raises:
            QueryError, QueryStopped: as the workers do
        """
        namespace = f"{iri.value}#"
        every = await self._published.terms.get()
        own = [term for term in every if term.iri.startswith(namespace)]
        if not own:
            return None
        writer = _Writer(own, self._service.project.prefixes)
        classes = [term for term in own if term.is_class]
        return self._site.page(
            scope,
            "ontology.html",
            headers=signposting.of_thing_page(iri.value, name, root_of(scope)),
            iri=iri.value,
            name=name,
            extensions=list(EXTENSIONS),
            hierarchy=writer.hierarchy(classes),
            parts=(
                ("Classes", [writer.explained(term) for term in classes]),
                ("Properties", [writer.explained(term) for term in own if not term.is_class]),
            ),
        )


class _Writer:
    def __init__(self, own: Iterable[OntologyTerm], prefixes: Prefixes) -> None:
        self._own: Mapping[str, OntologyTerm] = {term.iri: term for term in own}
        self._prefixes = prefixes

    def mention(self, iri: str) -> Mention:
        if iri in self._own:
            term = self._own[iri]
            return Mention(term.label, f"#{term.name}", iri)
        return Mention(self._prefixes.shorten(iri), iri, iri)

    def hierarchy(self, classes: Sequence[OntologyTerm]) -> list[Branch]:
        """The classes below those that are a kind of no other here."""
        tops = [term for term in classes if self._own.keys().isdisjoint(term.above)]
        return [self._branch(term, frozenset()) for term in tops]

    def _branch(self, term: OntologyTerm, path: frozenset[str]) -> Branch:
        within = path | {term.iri}
        below = [self._own[iri] for iri in term.below if iri in self._own and iri not in within]
        branches = tuple(self._branch(each, within) for each in below)
        return Branch(self.mention(term.iri), branches)

    def explained(self, term: OntologyTerm) -> Explained:
        """A term with everything that a person may want to know of it."""
        facts: list[tuple[str, tuple[str, ...]]] = [
            ("is a kind of", term.above),
            ("has the kinds", term.below),
            ("from", term.domains),
            ("to", term.ranges),
            ("in the other direction", self._inverses(term)),
        ]
        if term.is_class:
            facts += [
                ("has the properties", self._properties(term.iri, "domains")),
                ("is the value of", self._properties(term.iri, "ranges")),
            ]
        short = self._prefixes.shorten(term.iri)
        written = short if short != term.iri else f"<{term.iri}>"
        pattern = f"?thing a {written}" if term.is_class else f"?subject {written} ?value"
        return Explained(
            term,
            short,
            f"SELECT * WHERE {{ {pattern} }} LIMIT 100",
            tuple((name, tuple(map(self.mention, iris))) for name, iris in facts if iris),
        )

    def _inverses(self, term: OntologyTerm) -> tuple[str, ...]:
        stated = {iri for iri, other in self._own.items() if term.iri in other.inverses}
        return tuple(sorted({*term.inverses, *stated}))

    def _properties(self, class_: str, end: str) -> tuple[str, ...]:
        return tuple(iri for iri, term in self._own.items() if class_ in getattr(term, end))
