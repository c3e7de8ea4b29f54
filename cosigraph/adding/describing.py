# SPDX-License-Identifier: Apache-2.0
"""What the catalogue says of a dataset that was added (DCAT 3, PROV-O).

Files have no address that is the same for everybody, so each is named by its digest (RFC 6920).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.turtle import write_turtle
from cosigraph.vocabulary import DCAT, DCTERMS, PROV, RDF, SKOS, XSD

_HEADER: Final = (
    "# Written by cosigraph add. Change [[dataset]] in cosigraph.toml and add it again.\n\n"
)


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A file that a dataset was made from: its name, its SHA-256, its address if it has one."""

    name: str
    sha256: str
    address: str | None = None

    @property
    def iri(self) -> str:
        """The name of these very bytes (RFC 6920, section 3)."""
        digest = base64.urlsafe_b64encode(bytes.fromhex(self.sha256)).decode().rstrip("=")
        return f"ni:///sha-256;{digest}"


def description(
    dataset: DeclaredDataset, used: tuple[UsedFile, ...], number: int, added: datetime
) -> str:
    """Return in the house's Turtle what is said of a dataset.

    Args:
        dataset: the dataset.
        used: the source, and the mapping if there was one.
        number: how many statements it has.
        added: when it was added.
    """
    prefixes: Mapping[str, str] = {
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "prov": PROV,
        "rdf": RDF,
        "skos": SKOS,
        "xsd": XSD,
    }
    return _HEADER + write_turtle(_statements(dataset, used, number, added), prefixes)


def _statements(
    dataset: DeclaredDataset, used: tuple[UsedFile, ...], number: int, added: datetime
) -> Iterator[Triple]:
    graph = NamedNode(dataset.graph)
    names = " and ".join(file.name for file in used)
    told = f"{number:,} statements made from {names}, beside the project's own data."
    time = Literal(added.isoformat(timespec="seconds"), datatype=NamedNode(XSD + "dateTime"))
    yield Triple(graph, NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset"))
    yield Triple(graph, NamedNode(SKOS + "prefLabel"), Literal(dataset.title, language="en"))
    yield Triple(graph, NamedNode(DCTERMS + "title"), Literal(dataset.title, language="en"))
    yield Triple(graph, NamedNode(DCTERMS + "description"), Literal(told, language="en"))
    yield Triple(graph, NamedNode(DCTERMS + "license"), NamedNode(dataset.licence))
    yield Triple(graph, NamedNode(PROV + "generatedAtTime"), time)
    for file in used:
        entity = NamedNode(file.iri)
        yield Triple(graph, NamedNode(PROV + "wasDerivedFrom"), entity)
        yield Triple(entity, NamedNode(RDF + "type"), NamedNode(PROV + "Entity"))
        yield Triple(entity, NamedNode(DCTERMS + "title"), Literal(file.name, language="en"))
        identifier = Literal(f"sha256:{file.sha256}")
        yield Triple(entity, NamedNode(DCTERMS + "identifier"), identifier)
        if file.address is not None:
            address = NamedNode(file.address)
            yield Triple(graph, NamedNode(DCTERMS + "source"), address)
            yield Triple(entity, NamedNode(PROV + "hadPrimarySource"), address)
