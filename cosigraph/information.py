# SPDX-License-Identifier: Apache-2.0
"""What a project is and what it holds: versions, licences, counts."""

from __future__ import annotations

import platform
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

import cosigraph
from cosigraph.turtle import natural_key
from cosigraph.vocabulary import DCTERMS, RDF

if TYPE_CHECKING:
    from cosigraph.project import Project

_PARTS = ("pyoxigraph", "rdflib", "pyshacl")


@dataclass(frozen=True, slots=True)
class GraphInformation:
    """A named graph and the number of its triples; ``replaces`` where it is a reading."""

    name: str
    iri: str
    triples: int
    replaces: str | None


@dataclass(frozen=True, slots=True)
class ClassInformation:
    """A class, shortened by the project's prefixes, and how many things are of it."""

    name: str
    iri: str
    instances: int


@dataclass(frozen=True, slots=True)
class Information:
    """What a project is and what it holds.

    ``triples`` counts the default graph, each triple once. ``licences`` are those that the data
    states of itself (``dcterms:license``).
    """

    name: str
    title: str
    folder: str
    version: str
    digest: str
    licences: tuple[str, ...]
    triples: int
    graphs: tuple[GraphInformation, ...]
    classes: tuple[ClassInformation, ...]
    queries: int
    software: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries and lists, for JSON."""
        return asdict(self)


def information(project: Project) -> Information:
    """Return what a project is and what it holds; raises ProjectError as loading does."""
    dataset = project.dataset
    default = dataset.default_triples(project.reading)
    instances: Counter[str] = Counter()
    licences: set[str] = set()
    for triple in default:
        if triple.predicate.value == RDF + "type" and isinstance(triple.object, NamedNode):
            instances[triple.object.value] += 1
        elif triple.predicate.value == DCTERMS + "license" and isinstance(
            triple.object, NamedNode | Literal
        ):
            licences.add(triple.object.value)
    names = {source.iri: source.name for source in project.configuration.graphs}
    return Information(
        name=project.configuration.name,
        title=project.configuration.title,
        folder=str(project.folder),
        version=project.version,
        digest=dataset.digest,
        licences=tuple(sorted(licences)),
        triples=len(default),
        graphs=tuple(
            GraphInformation(names.get(iri, iri), iri, len(triples), dataset.replaces.get(iri))
            for iri, triples in dataset.graphs.items()
        ),
        classes=tuple(
            ClassInformation(project.prefixes.shorten(iri), iri, instances[iri])
            for iri in sorted(instances, key=lambda iri: natural_key(project.prefixes.shorten(iri)))
        ),
        queries=len(project.queries),
        software={
            "cosigraph": cosigraph.__version__,
            **{part: _version(part) for part in _PARTS},
            "python": platform.python_version(),
        },
    )


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
