# SPDX-License-Identifier: Apache-2.0
"""Links for programs in the field ``Link`` (RFC 8288), as Signposting has them for landing pages.

The terms of a thing are those of the graphs that speak of it, so its ``license`` is the place where
the catalogue tells them for each graph; a single licence would be assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from .rdf_documents import EXTENSIONS
from .representations import bare

_MOST_ITEMS = 50  # a field is not to grow with the number of graphs; /dumps has all of them


def link(target: str, relation: str, media_type: str | None = None) -> str:
    """One link; the target is a URI reference, or an IRI that is made one."""
    kind = f'; type="{media_type}"' if media_type else ""
    return f'<{as_uri(target)}>; rel="{relation}"{kind}'


def as_uri(iri: str) -> str:
    """The IRI as a URI (RFC 3987, section 3.1), which a header field can hold."""
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~")


def field(links: Iterable[str]) -> dict[str, str]:
    """The field with these links."""
    return {"Link": ", ".join(links)}


def of_thing_page(iri: str, name: str, root: str) -> dict[str, str]:
    """The links of a thing's page: ``name`` is the last part of its address, without suffix."""
    described = [
        link(f"./{name}.{extension}", "describedby", bare(format_.media_type))
        for extension, format_ in EXTENSIONS.items()
    ]
    return field([link(iri, "cite-as"), *described, *_about(root)])


def of_description(iri: str, root: str) -> dict[str, str]:
    """The links of a thing's description as RDF."""
    return field([link(iri, "describes"), *_about(root)])


def _about(root: str) -> list[str]:
    home = root or "./"
    return [link(f"{root}catalogue#rights", "license"), link(home, "collection")]


def of_start(dataset: str, licence: str | None, items: Iterable[str]) -> dict[str, str]:
    """The links of the first page, which is the landing page of the dataset."""
    described = [
        link(f"catalogue.{extension}", "describedby", bare(EXTENSIONS[extension].media_type))
        for extension in ("ttl", "jsonld")
    ]
    licences = [link(licence, "license")] if licence else []
    files = [link(item, "item", "application/gzip") for item in items][:_MOST_ITEMS]
    return field([link(dataset, "cite-as"), *described, *licences, *files])
