# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of ``/check``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cosigraph.report_formats import MEDIA_TYPES

from .checked_files import BODY_TYPES
from .checking import PATH
from .graph_bodies import MULTIPART

Description = dict[str, Any]

_STATUSES = ("400", "406", "408", "413", "415", "503", "504")


def check(response: Callable[[str], Description]) -> Description:
    """The path ``/check``; ``response`` describes a status."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "required": ["files"], "properties": {"files": files}}
    bodies: Description = {media_type: {} for media_type in BODY_TYPES}
    return {
        PATH: {
            "post": {
                "operationId": "check",
                "summary": "Check files, as cosigraph check does",
                "description": "A form brings the files of a project, by their names in it; a "
                "form without ontology/, shapes/ and cosigraph.toml, or a document by itself, is "
                "data, checked against the ontology and shapes of the project that is served.",
                "tags": ["Check"],
                "parameters": [
                    {
                        "name": "format",
                        "in": "query",
                        "description": "Chooses the format instead of Accept",
                        "schema": {"type": "string", "enum": list(MEDIA_TYPES)},
                    },
                    _patterns("rule", "Looks for these rules only, such as shacl/*"),
                    _patterns("ignore", "Does not look for these rules"),
                ],
                "requestBody": {
                    "required": True,
                    "content": {MULTIPART: {"schema": form}, **bodies},
                },
                "responses": {
                    "200": {
                        "description": "The report, whether something was found or not",
                        "content": {media_type: {} for media_type in MEDIA_TYPES.values()},
                    },
                    **{status: response(status) for status in _STATUSES},
                },
            }
        }
    }


def _patterns(name: str, description: str) -> Description:
    schema = {"type": "array", "items": {"type": "string", "examples": ["syntax/*"]}}
    return {"name": name, "in": "query", "description": description, "schema": schema}
