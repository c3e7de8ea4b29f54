# SPDX-License-Identifier: Apache-2.0
"""What a graph names: asked by four queries, whoever runs them, and put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from cosigraph.reconciliation.things import Named, Thing, language_order, with_wider
from cosigraph.terms import RDFS, SKOS, Term
from cosigraph.vocabulary import DCTERMS

if TYPE_CHECKING:
    from cosigraph.project import Project

Rows: TypeAlias = Iterable[Sequence[Term | None]]

_DESCRIPTIONS: Final = (SKOS + "definition", RDFS + "comment", DCTERMS + "description")
_LONGEST_DESCRIPTION: Final = 500


@dataclass(frozen=True, slots=True)
class Collected:
    """What a graph names.

    Attributes:
        things: everything that has a name.
        properties: the IRIs of the properties that are used.
    """

    things: tuple[Thing, ...]
    properties: tuple[str, ...] = ()


def queries(names: Sequence[str]) -> tuple[str, str, str, str]:
    """The queries for names, types, descriptions and used properties.

    Args:
        names: the IRIs of the properties that name a thing.
    """
    naming, describing = _values(names), _values(_DESCRIPTIONS)
    return (
        f"SELECT DISTINCT ?thing ?property ?name {{ VALUES ?property {{ {naming} }} "
        "?thing ?property ?name FILTER(isIRI(?thing) && isLiteral(?name)) }",
        f"SELECT DISTINCT ?thing ?kind ?type {{ {{ ?thing a ?type BIND(1 AS ?kind) }} UNION "
        f"{{ ?thing <{RDFS}subClassOf> ?type BIND(2 AS ?kind) }} "
        "FILTER(isIRI(?thing) && isIRI(?type)) }",
        f"SELECT DISTINCT ?thing ?property ?text {{ VALUES ?property {{ {describing} }} "
        "?thing ?property ?text FILTER(isIRI(?thing) && isLiteral(?text)) }",
        "SELECT DISTINCT ?property { ?thing ?property ?value FILTER(isIRI(?thing)) }",
    )


def put_together(names: Sequence[str], answers: Sequence[Rows]) -> Collected:
    """What the answers to ``queries`` say together.

    Args:
        names: the IRIs of the properties that name a thing; earlier ones are preferred.
        answers: the rows of each query.
    """
    named, typed, described, used = answers
    things: dict[str, list[Named]] = defaultdict(list)
    for thing, naming, name in named:
        if isinstance(thing, NamedNode) and isinstance(naming, NamedNode):
            things[thing.value].append(_name(naming.value, name, names))
    types, wider = _types(typed)
    descriptions = _descriptions(described)
    return Collected(
        tuple(
            Thing(
                iri,
                tuple(sorted(things[iri], key=_name_order)),
                with_wider(sorted(types[iri]), wider),
                descriptions.get(iri, ""),
            )
            for iri in sorted(things)
        ),
        tuple(sorted(row[0].value for row in used if isinstance(row[0], NamedNode))),
    )


def collect(project: Project) -> Collected:
    """What the project's graph names, in the reading that it was opened with.

    Raises:
        ProjectError: the project's files are wrong.
    """
    names = project.configuration.names
    return put_together(names, [project.query(text).rows() for text in queries(names)])


def _name(naming: str, name: Term | None, names: Sequence[str]) -> Named:
    assert isinstance(name, Literal)  # noqa: S101 - the query asks for nothing else
    return Named(naming, name.value, name.language or "", names.index(naming))


def _name_order(name: Named) -> tuple[int, int, str, str]:
    return name.rank, language_order(name.language), name.language, name.text


def _types(rows: Rows) -> tuple[dict[str, set[str]], dict[str, list[str]]]:
    types: dict[str, set[str]] = defaultdict(set)
    wider: dict[str, list[str]] = defaultdict(list)
    for thing, kind, type_ in rows:
        if isinstance(thing, NamedNode) and isinstance(type_, NamedNode):
            if isinstance(kind, Literal) and kind.value == "1":
                types[thing.value].add(type_.value)
            else:
                wider[thing.value].append(type_.value)
    return types, wider


def _descriptions(rows: Rows) -> dict[str, str]:
    """The first text of each thing: by the order of the properties, English first."""
    found: dict[str, tuple[tuple[int, int, str], str]] = {}
    for thing, describing, text in rows:
        if (
            isinstance(thing, NamedNode)
            and isinstance(describing, NamedNode)
            and isinstance(text, Literal)
        ):
            place = _DESCRIPTIONS.index(describing.value)
            order = (place, language_order(text.language or ""), text.value)
            if thing.value not in found or order < found[thing.value][0]:
                found[thing.value] = order, text.value[:_LONGEST_DESCRIPTION]
    return {iri: text for iri, (_, text) in found.items()}


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
