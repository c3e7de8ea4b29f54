# SPDX-License-Identifier: Apache-2.0
"""Mappings to other vocabularies: SSSOM files, what they state as RDF, and how they are chosen."""

from __future__ import annotations

from cosigraph.mappings.choosing import Choice
from cosigraph.mappings.files import MappingFiles, read_mappings
from cosigraph.mappings.joining import joined
from cosigraph.mappings.mapping import Mapping, MappingSet
from cosigraph.mappings.sssom import read_sssom, write_sssom
from cosigraph.mappings.statements import mappings_as_turtle, statements

__all__ = [
    "Choice",
    "Mapping",
    "MappingFiles",
    "MappingSet",
    "joined",
    "mappings_as_turtle",
    "read_mappings",
    "read_sssom",
    "statements",
    "write_sssom",
]
