# SPDX-License-Identifier: Apache-2.0
"""``cosigraph.toml``: the name, base, prefixes and graphs of a project folder."""

from __future__ import annotations

from cosigraph.configuration.catalogue import CATALOGUE_KEYS
from cosigraph.configuration.checks import CHECK_KEYS, EVIDENCE_KEYS
from cosigraph.configuration.content import (
    DEFAULT_BASE,
    DEFAULT_IDENTIFIERS,
    DEFAULT_NAMES,
    FILE_NAME,
    Configuration,
    GraphSource,
)
from cosigraph.configuration.graphs import GRAPH_KEYS
from cosigraph.configuration.reading import (
    PROJECT_KEYS,
    SERVER_KEYS,
    TABLES,
    configuration_text,
    parse_configuration,
    read_configuration,
)

__all__ = [
    "CATALOGUE_KEYS",
    "CHECK_KEYS",
    "DEFAULT_BASE",
    "DEFAULT_IDENTIFIERS",
    "DEFAULT_NAMES",
    "EVIDENCE_KEYS",
    "FILE_NAME",
    "GRAPH_KEYS",
    "PROJECT_KEYS",
    "SERVER_KEYS",
    "TABLES",
    "Configuration",
    "GraphSource",
    "configuration_text",
    "parse_configuration",
    "read_configuration",
]
