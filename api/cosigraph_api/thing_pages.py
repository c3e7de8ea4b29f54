# SPDX-License-Identifier: Apache-2.0
"""The page of a thing: what the graph says of it, and what else points to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from anyio import to_thread
from pyoxigraph import Literal, NamedNode
from starlette.responses import Response
from starlette.types import Scope

from cosigraph import descriptions
from cosigraph.answers import prepare
from cosigraph.formats import ResultFormat
from cosigraph.terms import IRI, RDF, LanguageString, Prefixes, Term, to_python
from cosigraph.turtle import FIRST_PREDICATES, natural_key
from cosigraph.vocabulary import DCTERMS, OWL

from . import signposting
from .pages import Site, root_of
from .rdf_documents import EXTENSIONS
from .service import Service
from .thing_context import Rows, askings, places, places_query, quotations, quotations_query

_SHOWN = 100  # values of one property; the files have all of them
_TITLE = NamedNode(DCTERMS + "title")
_DEPRECATED = NamedNode(OWL + "deprecated")
_TRUE = Literal(True)
_REPLACED_BY = NamedNode(DCTERMS + "isReplacedBy")
_TYPE = NamedNode(RDF + "type")
_RANK = {predicate: rank for rank, predicate in enumerate(FIRST_PREDICATES)}
_Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing or value as it is shown: what it is called, where its own page is, its language."""

    text: str
    href: str = ""
    iri: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A property with its values; ``more`` counts those that are not shown."""

    property: Named
    values: tuple[Named, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of one subject; ``anchor`` is its fragment within a document."""

    heading: Named
    anchor: str
    relations: tuple[Relation, ...]


class ThingPages:
    """Makes the pages of one service's things."""

    def __init__(self, service: Service, site: Site) -> None:
        self._service = service
        self._site = site

    async def page(self, scope: Scope, iri: NamedNode, name: str, *, is_document: bool) -> Response:
        """The page of a thing, or of a document with all that belongs to it.

        ``name`` is the last part of its address, as it is written there.

        Raises:
            QueryError, QueryStopped: as the workers do
        """
        text = descriptions.description(iri, is_document=is_document)
        rows = await self._service.select(descriptions.statements(iri, is_document=is_document))
        linked = await self._json_ld(text)
        quoted, placed = await self._words(iri, is_document=is_document)

        def make() -> Response:
            namer = _Namer(
                self._service.resolver(None).labels,
                self._service.project.prefixes,
                self._service.project.configuration.base,
                root_of(scope),
            )
            root = root_of(scope)
            own = [row for row in rows if is_document or row[0] == iri]
            heading = namer.named(iri)
            title = next((row[2] for row in own if row[0] == iri and row[1] == _TITLE), None)
            if title is not None and iri.value not in namer.labels:
                heading = replace(heading, text=namer.named(title).text)
            elif "/" in heading.text:  # neither a label nor a prefix
                kinds = sorted(namer.named(row[2]).text for row in own if row[1] == _TYPE)
                last = heading.text.rpartition("/")[2]
                heading = replace(heading, text=" ".join([*kinds[:1], last]))
            others = [] if is_document else [row for row in rows if row[2] == iri]
            return self._site.page(
                scope,
                "thing.html",
                headers=signposting.of_thing_page(iri.value, name, root_of(scope)),
                heading=heading,
                sections=_sections(own, iri, namer),
                incoming=_relations(((row[1], row[0]) for row in others), namer),
                is_deprecated=any(row[1:] == (_DEPRECATED, _TRUE) for row in own),
                replacements=[namer.named(row[2]) for row in own if row[:2] == (iri, _REPLACED_BY)],
                name=name,
                extensions=list(EXTENSIONS),
                describe=text,
                linked=linked,
                quotations=[
                    (each, [namer.named(NamedNode(name)) for name in each.statements])
                    for each in quotations(quoted, root)
                ],
                places=places(placed, root),
                askings=askings(
                    iri,
                    [] if is_document else [(row[1], row[2]) for row in own],
                    {} if is_document else self._service.project.queries,
                    root,
                ),
            )

        return await to_thread.run_sync(make)

    async def _words(self, iri: NamedNode, *, is_document: bool) -> tuple[Rows, Rows]:
        """The rows of the words that the thing rests on, and of the blocks that hold its own."""
        if is_document:
            return (), ()
        evidence = self._service.project.configuration.evidence
        quoted: Rows = ()
        if evidence.properties:
            quoted = await self._service.select(quotations_query(iri, evidence))
        return quoted, await self._service.select(places_query(iri))

    async def _json_ld(self, text: str) -> str:
        """The description as JSON-LD that can stand within HTML."""
        query = prepare(
            text,
            self._service.project.surroundings,
            format=ResultFormat.JSONLD,
            size=self._service.limits.size,
        )
        pieces = [piece async for piece in self._service.execution(query).whole()]
        return b"".join(pieces).decode().replace("<", "\\u003c")


class _Namer:
    """Says what terms are called and where they lead to."""

    def __init__(self, labels: Mapping[str, str], prefixes: Prefixes, base: str, root: str) -> None:
        self.labels = labels
        self._prefixes = prefixes
        self._base = base
        self._root = root

    def named(self, term: Term | None) -> Named:
        value = to_python(term) if term is not None else ""
        if isinstance(value, IRI):
            short = self._prefixes.shorten(value).removeprefix(self._base)
            return Named(self.labels.get(value, short), self._href(value), value)
        if isinstance(value, LanguageString):
            return Named(value, language=value.language)
        return Named(getattr(term, "value", str(value)))

    def _href(self, iri: str) -> str:
        if iri.startswith(self._base):
            return (self._root or "./") + iri.removeprefix(self._base)
        return iri if iri.startswith(("http://", "https://")) else ""


def _sections(rows: Iterable[_Row], iri: NamedNode, namer: _Namer) -> list[Section]:
    by_subject: dict[Term | None, list[tuple[Term | None, Term | None]]] = defaultdict(list)
    for subject, property_, value in rows:
        by_subject[subject].append((property_, value))
    found = []
    for subject, statements in by_subject.items():
        name = getattr(subject, "value", "")
        anchor = name.removeprefix(f"{iri.value}#") if name != iri.value else ""
        found.append(Section(namer.named(subject), anchor, _relations(statements, namer)))
    return sorted(found, key=lambda section: (section.anchor != "", natural_key(section.anchor)))


def _relations(
    statements: Iterable[tuple[Term | None, Term | None]], namer: _Namer
) -> tuple[Relation, ...]:
    by_property: dict[str, list[Named]] = defaultdict(list)
    for property_, value in statements:
        by_property[getattr(property_, "value", "")].append(namer.named(value))
    order = sorted(by_property, key=lambda name: (_RANK.get(name, len(_RANK)), natural_key(name)))
    relations = []
    for name in order:
        values = sorted(by_property[name], key=lambda each: natural_key(each.text))
        shown = namer.named(NamedNode(name))
        if name == RDF + "type":
            shown = Named("is a", iri=name, href=shown.href)
        relations.append(Relation(shown, tuple(values[:_SHOWN]), max(len(values) - _SHOWN, 0)))
    return tuple(relations)
