# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of an explanation, made from what an explanation can hold."""

from __future__ import annotations

from typing import Any

from cosigraph.emptiness import Kind

from .explaining import FORMATS

_POSITION = {
    "type": "object",
    "description": "Where in the query's text, counted from 1",
    "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}},
}
_FINDING = {
    "type": "object",
    "required": ["kind", "pattern", "detail", "advice"],
    "properties": {
        "kind": {"type": "string", "enum": [str(kind) for kind in Kind]},
        "pattern": {"type": "string", "description": "The part of the query that it is about"},
        "position": _POSITION,
        "detail": {"type": "string", "description": "What was found"},
        "advice": {"type": "string", "description": "What to do"},
        "term": {"type": "string", "description": "What stands at the position"},
        "replacement": {"type": "string", "description": "What may have been meant"},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Why an answer is empty",
    "required": ["summary", "isEmpty", "findings", "probes", "query"],
    "properties": {
        "summary": {"type": "string"},
        "isEmpty": {
            "type": ["boolean", "null"],
            "description": "Whether the answer is empty; null where that was not found out",
        },
        "findings": {"type": "array", "items": _FINDING},
        "stopped": {"type": "string", "description": "Why it was looked no further"},
        "probes": {"type": "integer", "description": "How many queries were run for it"},
        "query": {"type": "string", "description": "The text that the positions are in"},
    },
}
FORMAT: dict[str, Any] = {"type": "string", "enum": list(FORMATS)}


def answer() -> dict[str, Any]:
    """The response with an explanation."""
    schema = {"$ref": "#/components/schemas/Explanation"}
    media_types: dict[str, Any] = {media_type: {} for media_type in FORMATS.values()}
    content = {**media_types, "application/json": {"schema": schema}}
    return {"description": SCHEMA["description"], "content": content}
