# SPDX-License-Identifier: Apache-2.0
"""The published JSON schemas of the Reconciliation API 0.2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs


class Schemas:
    """The published schemas by name, of one version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = (folder / "schemas").glob("*.json")
        self._schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in files}
        by_address = {schema["$id"]: schema for schema in self._schemas.values()}
        # The published $id of two is another's; their references are to the files beside them.
        base = "https://reconciliation-api.github.io/specs/0.2/schemas"
        by_address |= {f"{base}/{name}.json": schema for name, schema in self._schemas.items()}
        self._registry = jsonschema_rs.Registry(
            [(address, _modern(schema)) for address, schema in by_address.items()],
            draft=jsonschema_rs.Draft7,
        )

    def hold(self, name: str, content: object) -> None:
        validator = jsonschema_rs.Draft7Validator(
            _modern(self._schemas[name]), registry=self._registry
        )
        errors = [error.message for error in validator.iter_errors(content)]
        assert not errors, errors


def _modern(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema in the draft that its keywords are of; it names whichever is the latest."""
    return {**schema, "$schema": "http://json-schema.org/draft-07/schema#"}
