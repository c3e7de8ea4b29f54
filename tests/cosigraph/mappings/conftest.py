# SPDX-License-Identifier: Apache-2.0
"""A mapping set of an orchard, as text."""

from __future__ import annotations

HEADER = """#curie_map:
#  tree: https://orchard.example/id/tree/
#  register: https://register.example/
#mapping_set_id: https://orchard.example/id/mapping/trees
#mapping_set_title: Mappings of the trees
#mapping_set_version: '1.0'
#license: https://creativecommons.org/licenses/by/4.0/
#extension_definitions:
#- slot_name: ext_until
#  property: https://orchard.example/ontology#until
#  type_hint: http://www.w3.org/2001/XMLSchema#date
"""
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "ext_until",
)
_LEXICAL = "semapv:LexicalMatching"
_APPLE = ("tree:apple", "apple")
ROWS = (
    (*_APPLE, "skos:exactMatch", "register:7", "Apple", _LEXICAL, "0.9", "2012-12-31"),
    (*_APPLE, "skos:broadMatch", "register:1", "Fruit", _LEXICAL, "0.5", ""),
    ("tree:pear", "pear", "skos:exactMatch", "register:8", "Pear", _LEXICAL, "", ""),
)


def sssom(header: str = HEADER, rows: tuple[tuple[str, ...], ...] = (COLUMNS, *ROWS)) -> str:
    return header + "".join("\t".join(row) + "\n" for row in rows)
