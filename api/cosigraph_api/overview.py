# SPDX-License-Identifier: Apache-2.0
"""What is in a graph, in numbers and words, whatever it is about: asked of the graph itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cosigraph.parameters import ClassChoices
from cosigraph.terms import IRI, RDFS, SKOS, LanguageString, Value, to_python

from .kept import Kept
from .service import Service

_STATEMENTS = "SELECT (COUNT(*) AS ?statements) WHERE { ?s ?p ?o }"
_CLASSES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) (COUNT(DISTINCT ?named) AS ?names) WHERE {
  VALUES ?kind { owl:Class rdfs:Class }
  ?class a ?kind .
  ?thing a ?class .
  OPTIONAL { VALUES ?naming { %s } ?thing ?naming ?name BIND(?thing AS ?named) }
  FILTER(isIRI(?class))
} GROUP BY ?class ORDER BY DESC(?count) ?class"""
_CLASS_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?class ?label WHERE {
  ?class rdfs:label|skos:prefLabel ?label .
  FILTER EXISTS { ?thing a ?class }
} ORDER BY ?class ?label"""
# Of several datasets in a catalogue the first is the one that is no part of another.
_CATALOGUE = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?dataset ?property ?value ?label WHERE {
  VALUES ?kind { dcat:Dataset void:Dataset }
  VALUES ?property { dcterms:description dcterms:license dcterms:rights dcterms:source }
  ?dataset a ?kind ; ?property ?value .
  OPTIONAL { ?value rdfs:label|dcterms:title ?label }
  BIND(EXISTS { ?dataset dcterms:isPartOf ?whole } AS ?is_part)
} ORDER BY ?is_part STRLEN(STR(?dataset)) ?dataset ?property ?value ?label"""
_TERMS = "http://purl.org/dc/terms/"
_NOTICES = {"license": "Licence", "rights": "Rights", "source": "Source"}
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many things of a class there are, and a query that lists them."""

    label: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A line on licence, rights or source; ``href`` where it is on the web."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the first page says of the graph."""

    statements: int
    graphs: int
    classes: tuple[ClassCount, ...]
    description: str
    notices: tuple[Notice, ...]


class Overview:
    """Asks the graph once for each version of it; raises as :meth:`Service.select`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.summary: Kept[Summary] = Kept(lambda: service.state, self._ask)

    async def _ask(self) -> Summary:
        statements = await self._rows(_STATEMENTS)
        catalogue = await self._rows(_CATALOGUE)
        main = [row for row in catalogue if row[0] == catalogue[0][0]]
        return Summary(
            statements=int(str(statements[0][0])),
            graphs=len(self._service.project.dataset.graphs),
            classes=tuple(await self._classes()),
            description=_in_english([row[2] for row in main if row[1] == _TERMS + "description"]),
            notices=tuple(_notices(main)),
        )

    async def _classes(self) -> list[ClassCount]:
        """The ontology's classes, those that people are likely to look for first.

        That is: those they can choose from in a query, then the project's own whose things have
        names, then those with most things.
        """
        configuration = self._service.project.configuration
        labels: dict[object, list[Value | None]] = {}
        for class_, label in await self._rows(_CLASS_LABELS):
            labels.setdefault(class_, []).append(label)
        names = " ".join(f"<{name}>" for name in configuration.names)
        counted = [
            (str(class_), int(str(count)), int(str(named)))
            for class_, count, named in await self._rows(_CLASSES % names)
        ]
        chosen = {
            parameter.choices.iri
            for query in self._service.project.queries.values()
            for parameter in query.parameters.values()
            if isinstance(parameter.choices, ClassChoices)
        }

        def order(row: tuple[str, int, int]) -> tuple[bool, bool, int]:
            class_, count, named = row
            is_own = class_.startswith(configuration.base)
            return class_ not in chosen, not is_own or 2 * named < count, -count

        return [
            ClassCount(
                _in_english(labels.get(IRI(class_), [])) or self._short(class_),
                count,
                self._listing(class_),
            )
            for class_, count, _ in sorted(counted, key=order)
        ]

    def _short(self, iri: str) -> str:
        return self._service.project.prefixes.shorten(iri)

    def _written(self, iri: str) -> str:
        short = self._short(iri)
        return f"<{iri}>" if short == iri else short

    def _listing(self, class_: str) -> str:
        label = "|".join(
            self._written(iri)
            for iri in (
                SKOS + "prefLabel",
                RDFS + "label",
                _TERMS + "title",
            )
        )
        return (
            "SELECT ?thing (MIN(?name) AS ?label) WHERE {\n"
            f"  ?thing a {self._written(class_)} .\n"
            f"  OPTIONAL {{\n    ?thing {label} ?name\n"
            f'    FILTER(LANG(?name) IN ("", "{_LANGUAGE}"))\n  }}\n'
            "} GROUP BY ?thing ORDER BY ?thing"
        )

    async def _rows(self, text: str) -> list[list[Value | None]]:
        rows = await self._service.select(text)
        return [[None if term is None else to_python(term) for term in row] for row in rows]


def _in_english(values: Iterable[Value | None]) -> str:
    """The English text, else one without language, else the first."""

    def rank(value: Value) -> int:
        language = value.language if isinstance(value, LanguageString) else ""
        return (_LANGUAGE, "").index(language) if language in {_LANGUAGE, ""} else 2

    present = [value for value in values if value is not None]
    return str(min(present, key=rank)) if present else ""


def _notices(rows: Iterable[Sequence[Value | None]]) -> list[Notice]:
    labels: dict[tuple[str, Value], list[Value | None]] = {}
    for _, property_, value, label in rows:
        name = str(property_).removeprefix(_TERMS)
        if name in _NOTICES and value is not None:
            labels.setdefault((name, value), []).append(label)
    return [
        Notice(
            _NOTICES[name],
            _in_english(found) or str(value),
            str(value) if isinstance(value, IRI) and value.startswith("http") else "",
        )
        for (name, value), found in labels.items()
    ]
