# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI description says of ``/reconcile``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cosigraph.reconciliation.suggesting import Kind

from .protocol import FORM
from .reconciliation import MOST_PROPOSED, MOST_SKIPPED, MOST_SUGGESTED
from .reconciliation_manifest import FLYOUT, PATH, PREVIEW, PROPERTIES, SUGGEST, VIEW
from .schemas import ALWAYS

Description = dict[str, Any]

_TEXT: Description = {"type": "string"}
_THING: Description = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": _TEXT, "name": _TEXT, "description": _TEXT},
}
_THINGS: Description = {"type": "array", "items": _THING}
_EXAMPLE = json.dumps({"q0": {"query": "Europol", "limit": 3}})


def reconciliation(response: Callable[[str], Description]) -> Description:
    """The paths of the service; ``response`` describes a status."""
    asking = {"400", "414", "503", "504"}
    kind = _parameter("kind", "What is asked", {"type": "string", "enum": list(Kind)})
    kind |= {"in": "path", "required": True}
    identifier = _parameter("id", "An IRI or a CURIE", _TEXT) | {"required": True}
    prefix = _parameter("prefix", "What was typed", {"type": "string", "maxLength": 200})
    page = {"text/html": {"schema": _TEXT}}
    queries = _parameter("queries", "A batch of queries, as JSON", _json(_EXAMPLE))
    extend = _parameter("extend", "A data extension query, as JSON", _json('{"ids": []}'))
    form = {
        "type": "object",
        "properties": {each["name"]: each["schema"] for each in (queries, extend)},
    }
    anything: Description = {"application/json": {"schema": {"type": "object"}}}

    def described(
        name: str, summary: str, content: Description, statuses: set[str], *parameters: Description
    ) -> Description:
        answer = {"description": "The answer", "headers": ALWAYS, "content": content}
        return {
            "operationId": name,
            "summary": summary,
            "tags": ["Reconciliation"],
            "parameters": list(parameters),
            "responses": {"200": answer, **{each: response(each) for each in sorted(statuses)}},
        }

    posted = described("reconcile-post", "Look for names", anything, asking | {"408", "413", "415"})
    posted["requestBody"] = {"required": True, "content": {FORM: {"schema": form}}}
    view = described("reconcile-view", "Go to a thing", {}, asking | {"404"}, identifier)
    view["responses"].pop("200")
    view["responses"]["303"] = response("303")
    return {
        PATH: {
            "get": described(
                "reconcile-get",
                "What the service offers; or look for names, or for values of properties",
                anything,
                asking | {"413"},
                queries,
                extend,
            ),
            "post": posted,
        },
        PREVIEW: {
            "get": described(
                "reconcile-preview", "A thing in brief", page, asking | {"404"}, identifier
            )
        },
        VIEW: {"get": view},
        f"{SUGGEST}{{kind}}": {
            "get": described(
                "reconcile-suggest",
                "Complete what was typed",
                _content({"result": _THINGS}),
                asking | {"404"},
                kind,
                prefix | {"required": True},
                _parameter("cursor", "How many to leave out", _number(0, MOST_SKIPPED)),
                _parameter("limit", "How many to give", _number(1, MOST_SUGGESTED)),
            )
        },
        f"{FLYOUT}{{kind}}": {
            "get": described(
                "reconcile-flyout",
                "What is suggested, in brief",
                _content({"id": _TEXT, "html": _TEXT}),
                asking | {"404"},
                kind,
                identifier,
            )
        },
        PROPERTIES: {
            "get": described(
                "reconcile-properties",
                "The properties that things of a type have, the commonest first",
                _content({"properties": _THINGS}),
                asking,
                _parameter("type", "An IRI or a CURIE", _TEXT),
                _parameter("limit", "How many to give", _number(1, MOST_PROPOSED)),
            )
        },
    }


def _parameter(name: str, description: str, schema: Description) -> Description:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _json(example: str) -> Description:
    return {"type": "string", "contentMediaType": "application/json", "examples": [example]}


def _number(least: int, most: int) -> Description:
    return {"type": "integer", "minimum": least, "maximum": most}


def _content(properties: Description) -> Description:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"application/json": {"schema": schema}}
