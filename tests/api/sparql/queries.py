# SPDX-License-Identifier: Apache-2.0
"""What the tests of ``/sparql`` ask."""

from __future__ import annotations

import json

SELECT = "SELECT ?code WHERE { ?tree a orch:Tree ; skos:notation ?code } ORDER BY ?code LIMIT 2"
ASK = "ASK { ?tree a orch:Tree }"
CONSTRUCT = "CONSTRUCT { ?tree a orch:Tree } WHERE { ?tree a orch:Tree }"
DESCRIBE = "DESCRIBE tree:1"
FORM = "application/x-www-form-urlencoded"


def codes(content: bytes) -> list[str]:
    return [row["code"]["value"] for row in json.loads(content)["results"]["bindings"]]
