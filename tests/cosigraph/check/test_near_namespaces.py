# SPDX-License-Identifier: Apache-2.0
"""Namespaces that are almost another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.check.near_namespaces import NearNamespaces
from cosigraph.check.standard_terms import namespace_of, standard_namespaces

SKOS = "http://www.w3.org/2004/02/skos/core#"
TERMS = "http://purl.org/dc/terms/"
NEAR = NearNamespaces([*standard_namespaces(), "https://orchard.example/ontology#"])


@pytest.mark.parametrize(
    ("iri", "meant"),
    [
        ("https://www.w3.org/2004/02/skos/core#Concept", SKOS),
        ("http://w3.org/2004/02/skos/core#Concept", SKOS),
        ("http://www.w3.org/2004/02/skos/core/Concept", SKOS),
        ("http://www.w3.org/2004/02/SKOS/core#Concept", SKOS),
        ("http://www.w3.org/2004/02/skso/core#Concept", SKOS),
        ("http://www.w3.org/2004/02/skos/coreConcept", SKOS),
        ("http://purl.org/dc/termstitle", TERMS),
        ("http://purl.org/dc/term/title", TERMS),
        ("http://orchard.example/ontology#Tree", "https://orchard.example/ontology#"),
        ("http://data.europa.eu/eli/ontology#cites", None),
        ("http://www.w3.org/2008/02/skos/core#Concept", None),  # another year
        ("http://www.w3.org/ns/ma#title", None),  # too short to be a slip
        ("urn:isbn:1", None),
        ("skos:Concept", None),
    ],
)
def test_what_was_probably_meant(iri: str, meant: str | None) -> None:
    assert NEAR.of(namespace_of(iri), iri) == meant


@given(st.integers(0, len(TERMS) - 1), st.sampled_from("qxz"))
def test_one_letter_more_is_near(place: int, letter: str) -> None:
    namespace = TERMS[:place] + letter + TERMS[place:]
    within_host = place > len("http://")
    assert (NEAR.of(namespace, namespace + "title") == TERMS) or not within_host
