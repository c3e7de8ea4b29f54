# SPDX-License-Identifier: Apache-2.0
"""Every field and status of an answer is documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from cosigraph import Project
from cosigraph_api.problem_kinds import KINDS
from tests.api.writing import Writable
from tests.api.writing import writable as serving_writable

FIELD = re.compile(r"[A-Z][a-z]*(-[A-Z][a-z]+)+")  # of HTTP, by its name
NO_FIELDS = {
    "content-location",
    "n-quads",
    "n-triples",
    "no-cache",
}  # never sent, or something else
RAW_FIELD = re.compile(rb"[a-z]+(-[a-z]+)+")
PLAIN_FIELDS = {"connection", "content-length", "content-type", "date", "transfer-encoding"}


def constants(root: Path) -> Iterator[object]:
    """The strings, and the statuses, that the server's own code names."""
    for path in (root / "api" / "cosigraph_api").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant):
                yield node.value
            elif isinstance(node, ast.Attribute) and node.attr in HTTPStatus.__members__:
                yield HTTPStatus[node.attr]


def endpoint_and_operation(root: Path) -> str:
    documents = (root / "docs" / "endpoint.md", root / "docs" / "operating.md")
    return "\n".join(document.read_text(encoding="utf-8") for document in documents)


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> Iterator[Writable]:
    with serving_writable(tmp_path_factory.mktemp("documented") / "store", shipped) as served:
        yield served


def test_what_a_server_that_may_be_written_to_answers_is_documented(
    root: Path, writable: Writable
) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    paths = writable.asker.get("/openapi.json").json()["paths"]
    for method, operation in paths["/graphs"].items():
        assert re.search(rf"^\| .*\b{method.upper()}\b.* \|", text, re.MULTILINE), method
        for status in operation["responses"]:
            assert re.search(rf"^\| .*\b{status}\b.* \|", text, re.MULTILINE), status
    for media_type in paths["/graphs"]["post"]["requestBody"]["content"]:
        assert f"`{media_type}`" in text
    created = writable.graph("PUT", "/graphs/new", "<a:s> <a:p> 1 .")
    refused = writable.asker.request("DELETE", "/graphs/new")
    assert (created.status_code, refused.status_code) == (201, 401)
    for field in (*created.headers, *refused.headers):
        is_plain = field in {"content-type", "content-length"}
        assert is_plain or re.search(rf"`{field}`", text, re.IGNORECASE), field


def test_every_field_of_an_answer_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for path in (
        "sparql?query=ASK+{}",
        "queries/priorities.csv",
        "nowhere",
        "",
        "static/style.css",
        "sparql?query=SELECT+*+{?s+a+<x:y>}",
    ):
        for method in ("GET", "POST", "OPTIONS"):
            for field in httpx.request(method, f"{address}/{path}").headers:
                is_told = re.search(rf"`{field}`", text, re.IGNORECASE)
                assert field in PLAIN_FIELDS or is_told, field


def test_every_field_that_the_server_knows_is_documented(root: Path) -> None:
    text = endpoint_and_operation(root)
    named = set(constants(root))
    fields = {name.lower() for name in named if isinstance(name, str) and FIELD.fullmatch(name)}
    raw = {name.decode() for name in named if isinstance(name, bytes) and RAW_FIELD.fullmatch(name)}
    assert {"cosigraph-truncated", "retry-after"} <= fields
    assert {"x-forwarded-for", "if-none-match"} <= raw
    for field in (fields | raw) - PLAIN_FIELDS - NO_FIELDS:
        assert re.search(rf"`{field}`", text, re.IGNORECASE), field


def test_every_status_of_a_problem_is_documented(root: Path) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    statuses = {status for kind in KINDS for status in kind.statuses}
    named = {status for status in constants(root) if isinstance(status, HTTPStatus)}
    assert {200, 408, 431, 503} <= statuses
    assert {304, 405, 500} <= named
    for status in statuses | named:
        assert re.search(rf"^\| (\d+, )*{int(status)}(, \d+)* \|", text, re.MULTILINE), status
