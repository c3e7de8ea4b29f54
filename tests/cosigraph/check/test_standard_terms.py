# SPDX-License-Identifier: Apache-2.0
"""The terms of well-known vocabularies."""

from __future__ import annotations

import pytest

from cosigraph.check.standard_terms import is_standard


@pytest.mark.parametrize(
    "iri",
    [
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/ns/shacl#class",  # no Python name
        "http://www.w3.org/ns/dcat#DatasetSeries",  # newer than rdflib's list
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#_12",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString",
        "http://www.w3.org/2002/07/owl#real",
        "http://schema.org/name",
        "https://schema.org/name",
        "http://purl.org/dc/terms/ISO639-2",
    ],
)
def test_a_vocabulary_has_its_terms(iri: str) -> None:
    assert is_standard(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "http://www.w3.org/2004/02/skos/core#prefLable",
        "http://www.w3.org/2004/02/skos/core#",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#_0",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#_x",
        "https://orchard.example/ontology#Tree",
    ],
)
def test_it_has_no_others(iri: str) -> None:
    assert not is_standard(iri)
