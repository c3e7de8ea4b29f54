# SPDX-License-Identifier: Apache-2.0
"""What the reconciliation service says of itself (Reconciliation API 0.2, section 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .reconciliation_queries import MOST_QUERIES

PATH = "/reconcile"
PREVIEW, VIEW, PROPERTIES = f"{PATH}/preview", f"{PATH}/view", f"{PATH}/properties"
SUGGEST, FLYOUT = f"{PATH}/suggest/", f"{PATH}/flyout/"
PREVIEW_WIDTH, PREVIEW_HEIGHT = 430, 200
VERSION = "0.2"
_DOCUMENTATION = "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"


def manifest(
    root: str, title: str, base: str, software: str, types: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """The service manifest.

    Args:
        root: the address of the server's first page, without its last slash
        title: the project's title
        base: the namespace of the project's identifiers
        software: the version of cosigraph
        types: the types to choose from first
    """
    suggest = {
        kind: {
            "service_url": root,
            "service_path": f"{SUGGEST}{kind}",
            "flyout_service_url": root,
            "flyout_service_path": f"{FLYOUT}{kind}?id=${{id}}",
        }
        for kind in ("entity", "property", "type")
    }
    return {
        "versions": [VERSION],
        "name": title,
        "identifierSpace": base,
        "schemaSpace": "http://www.w3.org/2000/01/rdf-schema#Resource",
        "documentation": _DOCUMENTATION,
        "serviceVersion": software,
        "defaultTypes": [dict(type_) for type_ in types],
        "view": {"url": f"{root}{VIEW}?id={{{{id}}}}"},
        "preview": {
            "url": f"{root}{PREVIEW}?id={{{{id}}}}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": PROPERTIES},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
    }
