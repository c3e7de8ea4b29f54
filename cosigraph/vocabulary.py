# SPDX-License-Identifier: Apache-2.0
"""The namespaces that the library itself reads: its own general vocabulary and the standards'.

The library's vocabulary says what a text block, a reading or a strength of evidence is; it names
no thing of any project's data.
"""

from __future__ import annotations

from typing import Final

COSI: Final = "https://w3id.org/cosigraph/ontology#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"
OA: Final = "http://www.w3.org/ns/oa#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
PROV: Final = "http://www.w3.org/ns/prov#"
