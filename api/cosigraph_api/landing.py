# SPDX-License-Identifier: Apache-2.0
"""The first page as the landing page of the dataset: schema.org's ``Dataset``, and links.

What it tells is the catalogue record's; nothing is made for it that takes long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from cosigraph.publication import Publication
from cosigraph.publishing.dumps import dump_name
from cosigraph.publishing.record import dump_path, record
from cosigraph.publishing.statements import term

from . import signposting
from .published import Published
from .service import Service


@dataclass(frozen=True, slots=True)
class Landing:
    """The fields of the response, and the JSON-LD that stands within the page."""

    links: Mapping[str, str]
    linked: str


async def landing_of(service: Service, published: Published) -> Landing:
    """What the first page tells programs; raises what the queries behind it do."""
    configuration, version = published.configuration, service.version
    dataset, stated = await published.dataset(), await published.stated.get()
    said: dict[str, list[str]] = {}
    for subject, predicate, value in record(configuration, version, stated, []):
        if subject == dataset and isinstance(value, (NamedNode, Literal)):
            said.setdefault(predicate.value, []).append(value.value)

    def texts(name: str) -> list[str]:
        return said.get(term(name).value, [])

    licence = next(iter(texts("dcterms:license")), None)
    names = [dump_name(iri, configuration.base) for iri in service.project.dataset.graphs]
    files = {name: dump_path(version, name) for name in names}
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.value,
        "identifier": dataset.value,
        "name": next(iter(texts("dcterms:title"))),
        "description": " ".join([*texts("dcterms:description"), *configuration.notice]),
        "version": version,
        "license": licence,
        "publisher": _organisation(configuration.publication),
        "isBasedOn": configuration.publication.source,
        **_addresses(published.address, files),
    }
    told = {name: value for name, value in described.items() if value is not None}
    linked = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    items: Sequence[str] = list(files.values())
    return Landing(signposting.of_start(dataset.value, licence, items), linked)


def _addresses(address: str | None, files: Mapping[str, str]) -> dict[str, Any]:
    """What can be told only where a public address is known."""
    if address is None:
        return {}
    distributions = [
        {
            "@type": "DataDownload",
            "name": name,
            "contentUrl": address + path,
            "encodingFormat": ["application/n-triples", "application/gzip"],
        }
        for name, path in files.items()
    ]
    return {
        "url": address,
        "usageInfo": f"{address}catalogue#rights",
        "distribution": distributions,
    }


def _organisation(publication: Publication) -> dict[str, Any] | None:
    if publication.publisher is None:
        return None
    told = {"@type": "Organization", "name": publication.publisher}
    if publication.publisher_iri is not None:
        told["@id"] = publication.publisher_iri
    return told
