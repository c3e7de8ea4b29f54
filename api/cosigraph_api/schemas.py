# SPDX-License-Identifier: Apache-2.0
"""The schemas of what the service answers, for its OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RESULTS: Mapping[str, Any] = {
    "type": "object",
    "description": "SPARQL 1.1 Query Results JSON",
    "required": ["head"],
    "properties": {
        "head": {"type": "object"},
        "boolean": {"type": "boolean"},
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
        },
    },
    "oneOf": [{"required": ["boolean"]}, {"required": ["results"]}],
}
CANNED_QUERY: Mapping[str, Any] = {
    "type": "object",
    "required": ["name", "summary", "description", "tags", "parameters", "columns", "answers"],
    "properties": {
        "name": {"type": "string"},
        "summary": {"type": "string"},
        "description": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "services": {
            "type": "array",
            "items": {"type": "string", "format": "iri"},
            "description": "The other endpoints that a federated query asks",
        },
        "parameters": {"type": "array", "items": {"type": "object"}},
        "columns": {"type": "array", "items": {"type": "object"}},
        "answers": {"type": "object", "description": "Addresses by format"},
        "sparql": {"type": "string", "description": "The query itself"},
        "notice": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What is to be known of the data",
        },
    },
}
EXAMPLES = (
    "SELECT ?class (COUNT(?thing) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class",
    "ASK { ?subject ?predicate ?object }",
    "CONSTRUCT WHERE { ?subject a ?class }",
    "DESCRIBE ?subject WHERE { ?subject ?predicate ?object } LIMIT 1",
)
ALWAYS: Mapping[str, Any] = {
    "Cosigraph-Version": {
        "description": "The version of the data that answered",
        "required": True,
        "schema": {"type": "string"},
    },
    "Request-Id": {
        "description": "Identifies the request",
        "required": True,
        "schema": {"type": "string"},
    },
}
