# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of an explanation, made from what an explanation can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosigraph.emptiness import Kind

from .explaining import FORMATS
from .protocol import FORM, QUERY

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
_FORMAT: dict[str, Any] = {
    "name": "format",
    "in": "query",
    "description": "Chooses the format instead of Accept",
    "schema": {"type": "string", "enum": list(FORMATS)},
}


def explained(
    operation: Mapping[str, Any], name: str, not_acceptable: Mapping[str, Any]
) -> dict[str, Any]:
    """The operation that explains the empty answer of another.

    Args:
        operation: the other one, which takes the same but for ``format``
        name: what to call it
        not_acceptable: the response to a client that accepts none of its forms
    """
    others = [each for each in operation["parameters"] if each["name"] != "format"]
    responses = {**operation["responses"], "200": _answer(), "406": not_acceptable}
    del responses["304"]
    described = {
        **operation,
        "operationId": name,
        "summary": f"Why the answer is empty: {operation['summary']}",
        "description": "Looks for patterns that match nothing, and for what may have been meant.",
        "parameters": [_FORMAT, *others],
        "responses": responses,
    }
    if "requestBody" in operation:
        text = operation["requestBody"]["content"][QUERY]["schema"]
        fields = {each["name"]: each["schema"] for each in (_FORMAT, *others)}
        form = {"type": "object", "required": ["query"], "properties": {"query": text, **fields}}
        content = {FORM: {"schema": form}, QUERY: {"schema": text}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _answer() -> dict[str, Any]:
    """The response with an explanation."""
    schema = {"$ref": "#/components/schemas/Explanation"}
    media_types: dict[str, Any] = {media_type: {} for media_type in FORMATS.values()}
    content = {**media_types, "application/json": {"schema": schema}}
    return {"description": SCHEMA["description"], "content": content}
