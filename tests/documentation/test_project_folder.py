# SPDX-License-Identifier: Apache-2.0
"""Every entry of ``cosigraph.toml`` and every canned query is documented."""

from __future__ import annotations

import re
from pathlib import Path

from cosigraph import Project
from cosigraph.configuration import (
    CATALOGUE_KEYS,
    CHECK_KEYS,
    EVIDENCE_KEYS,
    GRAPH_KEYS,
    PROJECT_KEYS,
    SERVER_KEYS,
    TABLES,
)
from cosigraph.declared_dataset import DATASET_KEYS
from cosigraph.page_settings import KEYS as PAGES_KEYS


def test_every_configuration_key_is_documented(root: Path) -> None:
    text = (root / "docs" / "project-folder.md").read_text(encoding="utf-8")
    checked = (*CHECK_KEYS, *EVIDENCE_KEYS, *CATALOGUE_KEYS, *PAGES_KEYS)
    keys = (*PROJECT_KEYS, *GRAPH_KEYS, *DATASET_KEYS, *SERVER_KEYS, *checked)
    for key in keys:
        assert f"`{key}`" in text or f".{key}]`" in text, key
    for table in TABLES:
        assert re.search(rf"\[{table}[\].]", text), table


def test_every_query_is_documented(root: Path, shipped: Project) -> None:
    text = (root / "docs" / "queries.md").read_text(encoding="utf-8")
    for query in shipped.queries.values():
        assert f"| `{query.name}` | {query.summary} |" in text, query.name
        for parameter in query.parameters:
            assert f"`{parameter}`" in text
