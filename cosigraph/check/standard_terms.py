# SPDX-License-Identifier: Apache-2.0
"""The terms of well-known vocabularies, by rdflib's lists of them.

A project need not define these, and what is not in such a list is not in the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from rdflib import namespace
from rdflib.namespace import DefinedNamespace

from cosigraph.vocabulary import DCAT, OWL, RDF

_LISTS: Final[tuple[type[DefinedNamespace], ...]] = (
    namespace.CSVW,
    namespace.DC,
    namespace.DCAM,
    namespace.DCAT,
    namespace.DCMITYPE,
    namespace.DCTERMS,
    namespace.DOAP,
    namespace.FOAF,
    namespace.GEO,
    namespace.ODRL2,
    namespace.ORG,
    namespace.OWL,
    namespace.PROF,
    namespace.PROV,
    namespace.QB,
    namespace.RDF,
    namespace.RDFS,
    namespace.SDO,
    namespace.SH,
    namespace.SKOS,
    namespace.SOSA,
    namespace.SSN,
    namespace.TIME,
    namespace.VANN,
    namespace.VOID,
    namespace.XSD,
)

_NEWER: Final[Mapping[str, str]] = {
    DCAT: "DatasetSeries first hasCurrentVersion hasVersion inSeries isVersionOf last next prev "
    "previousVersion resource seriesMember version",  # DCAT 3, of 2024
    RDF: "dirLangString reifies",  # RDF 1.2
    OWL: "rational real",
}
"""What rdflib 7.6 lists not yet."""

_MEMBER: Final = re.compile(re.escape(RDF) + r"_[1-9][0-9]*")


@cache
def standard_namespaces() -> Mapping[str, type[DefinedNamespace]]:
    """Return the list of terms for each namespace; schema.org may be written with http too."""
    lists = {str(each): each for each in _LISTS}
    return {**lists, "http://schema.org/": namespace.SDO}


@cache
def standard_terms(namespace_iri: str) -> frozenset[str]:
    """Return the IRIs of all terms of a namespace; none when it is no well-known one."""
    listed = standard_namespaces().get(namespace_iri)
    if listed is None:
        return frozenset()
    start = len(str(listed))
    # Names that are no Python names (sh:class) are kept apart.
    names = {str(term)[start:] for term in dir(listed)} | set(listed._extras)  # noqa: SLF001
    names |= set(_NEWER.get(namespace_iri, "").split())
    return frozenset(namespace_iri + name for name in names)


def is_standard(iri: str) -> bool:
    """Tell whether a well-known vocabulary has the term."""
    return iri in standard_terms(namespace_of(iri)) or _MEMBER.fullmatch(iri) is not None


def namespace_of(iri: str) -> str:
    """Return the IRI up to and with its last ``#``, else its last ``/``, else its last ``:``."""
    for mark in "#/:":
        head, found, _ = iri.rpartition(mark)
        if found:
            return head + mark
    return ""
