# SPDX-License-Identifier: Apache-2.0
"""Where the resources of an RDF/XML file stand: the elements that describe them."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_XML_BASE: Final = "http://www.w3.org/XML/1998/namespace base"


def resource_offsets(content: bytes, base_iri: str) -> dict[str, int]:
    """Return for the IRI of each resource the offset of the first element that describes it.

    Blank nodes have none. Where the file is no XML, what stands before the error is found.
    """
    found: dict[str, int] = {}
    parser = expat.ParserCreate(namespace_separator=" ")
    bases = [base_iri]

    def begin(_name: str, attributes: dict[str, str]) -> None:
        bases.append(urljoin(bases[-1], attributes.get(_XML_BASE, "")))
        about = attributes.get(f"{_RDF}about")
        identifier = attributes.get(f"{_RDF}ID")
        if about is None and identifier is not None:
            about = f"#{identifier}"
        if about is not None:
            found.setdefault(urljoin(bases[-1], about), parser.CurrentByteIndex)

    def end(_name: str) -> None:
        bases.pop()

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    with suppress(expat.ExpatError):
        parser.Parse(content, True)
    return found
