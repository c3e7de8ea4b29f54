# SPDX-License-Identifier: Apache-2.0
"""What ``cosigraph.toml`` says, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.evidence import EvidenceRules
from cosigraph.page_settings import PageSettings
from cosigraph.publication import Publication
from cosigraph.terms import Prefixes

FILE_NAME = "cosigraph.toml"
DEFAULT_BASE = "https://example.org/"
DEFAULT_NAMES = (
    "skos:notation",
    "skos:prefLabel",
    "skos:altLabel",
    "skos:hiddenLabel",
    "rdfs:label",
)
DEFAULT_IDENTIFIERS = r"[a-z0-9]+(?:[-/][a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class GraphSource:
    """A named graph and the files that it is read from.

    ``patterns`` are globs relative to the project folder. ``replaces`` is the IRI of the graph
    that this one is an alternative reading of; such a graph is not in the default graph.
    ``is_added`` tells that ``cosigraph add`` makes its files, which are then those of no other.
    """

    name: str
    iri: str
    patterns: tuple[str, ...]
    replaces: str | None = None
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ``cosigraph.toml`` says.

    ``names`` are the IRIs of properties that name a thing; ``services`` those of the other
    endpoints that queries may ask; ``token_hash`` is that of the token by which a server lets a
    client write. ``identifiers`` is the regular expression that the part of an identifier after
    the base must match; ``released`` the file that lists the released ones, if it is named.
    ``evidence`` says what quotations are held to; ``formatted`` are patterns of files that are to
    be in the house's form; ``link_forms`` maps the prefixes of vocabularies that may be linked to
    to the regular expressions of what stands after them, sorted. ``datasets`` are those that were
    added beside the project's own data; their graphs are among ``graphs``. ``notice`` is what every
    page and record tells of the data; ``publication`` who publishes them, where, and on what terms;
    ``pages`` what is special on the pages.
    """

    name: str
    title: str
    version: str
    base: str
    names: tuple[str, ...]
    prefixes: Prefixes
    graphs: tuple[GraphSource, ...]
    services: tuple[str, ...] = ()
    token_hash: str | None = None
    identifiers: str = DEFAULT_IDENTIFIERS
    released: str | None = None
    evidence: EvidenceRules = field(default_factory=EvidenceRules)
    formatted: tuple[str, ...] = ()
    link_forms: Mapping[str, str] = field(default_factory=dict)
    datasets: tuple[DeclaredDataset, ...] = ()
    notice: tuple[str, ...] = ()
    publication: Publication = field(default_factory=Publication)
    pages: PageSettings = field(default_factory=PageSettings)
