# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI

from cosigraph import Project
from tests.api.asking import Asker


@pytest.fixture(scope="module")
def description(asker: Asker) -> dict[str, Any]:
    loaded: dict[str, Any] = asker.get("/openapi.json").json()
    return loaded


def parameters(description: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in description["paths"][path]["get"]["parameters"]}


def test_the_description_is_well_formed(description: dict[str, Any]) -> None:
    OpenAPI.model_validate(description)


def test_addresses_are_relative_to_the_description(description: dict[str, Any]) -> None:
    assert description["servers"] == [{"url": "."}]


def test_every_canned_query_is_described(description: dict[str, Any], orchard: Project) -> None:
    for name, query in orchard.queries.items():
        operation = description["paths"][f"/queries/{name}.{{format}}"]["get"]
        assert operation["summary"] == query.summary
        described = parameters(description, f"/queries/{name}.{{format}}")
        assert list(described) == ["format", *query.parameters, "reading"]


def test_parameters_have_their_types_and_choices(description: dict[str, Any]) -> None:
    trees = parameters(description, "/queries/trees.{format}")
    assert trees["format"]["schema"]["enum"] == ["json", "xml", "csv", "tsv", "xlsx"]
    assert trees["planted-before"]["schema"] == {"type": "string", "format": "date"}
    assert trees["planted-before"]["required"] is False
    variety = trees["variety"]
    assert variety["description"] == "Only trees of these varieties"
    assert variety["schema"]["type"] == "array"
    assert variety["schema"]["items"]["anyOf"][0]["enum"] == ["B", "C", "G", "R"]
    assert trees["reading"]["schema"]["enum"] == ["second"]


def test_the_endpoint_is_described_with_its_formats(description: dict[str, Any]) -> None:
    endpoint = description["paths"]["/sparql"]
    assert set(endpoint) == {"get", "post"}
    formats = endpoint["get"]["responses"]["200"]["content"]
    assert {"application/sparql-results+json", "text/turtle", "text/html"} <= set(formats)
    bodies = endpoint["post"]["requestBody"]["content"]
    assert set(bodies) == {"application/x-www-form-urlencoded", "application/sparql-query"}


def test_every_error_is_problem_details(description: dict[str, Any]) -> None:
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert "application/problem+json" in response["content"]
