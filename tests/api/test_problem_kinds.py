# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from cosigraph import errors
from cosigraph.errors import CosigraphError
from cosigraph.row_limit import REACHED
from cosigraph_api.problem_kinds import KINDS
from cosigraph_api.problems import problem_of
from tests.api.asking import Asker
from tests.api.asking_pages import read_page

SLUGS = {kind.slug: kind for kind in KINDS}


def told_by_the_library() -> dict[str, int]:
    """The slugs of the library's errors that clients are told, with their status."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    problems = [problem_of(kind("x")) for kind in kinds if issubclass(kind, CosigraphError)]
    return {problem.slug: int(problem.status) for problem in problems if problem is not None}


def told_by_the_server(root: Path) -> set[str]:
    """The slugs that the server's own problems are made with."""
    calls = [
        node
        for path in (root / "api" / "cosigraph_api").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem"
    ]
    return {
        str(call.args[1].value)
        for call in calls
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    }


def test_every_kind_that_can_be_told_is_explained(root: Path) -> None:
    own, librarys = told_by_the_server(root), told_by_the_library()
    assert {"internal", "not-found", "not-ready"} <= own
    assert len(librarys) >= 15
    assert own | set(librarys) | {REACHED.rpartition("/")[2]} == set(SLUGS)
    for slug, status in librarys.items():
        assert status in SLUGS[slug].statuses, slug


def test_every_kind_is_in_the_documentation(root: Path) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for kind in KINDS:
        statuses = ", ".join(map(str, kind.statuses))
        assert f"| `{kind.slug}` | {statuses} | {kind.meaning} |\n" in text


def test_kinds_are_in_order_and_each_stands_once() -> None:
    slugs = [kind.slug for kind in KINDS]
    assert slugs == sorted(set(slugs))


@pytest.mark.parametrize(
    "path", ["/nowhere", "/no/where/at/all", "/queries/none.csv", "/sparql?query=x"]
)
def test_the_documentation_of_a_problem_is_an_address_that_answers(asker: Asker, path: str) -> None:
    answer = asker.get(path, accept="application/json")
    problem = answer.json()
    address = answer.url.join(problem["documentation"])
    explained = asker.get(address.path, accept="application/json").json()
    assert problem["type"] in {each["type"] for each in explained}
    page = asker.page(address.path).text
    assert f'id="{address.fragment}"' in page


def test_the_page_of_a_problem_leads_there(asker: Asker) -> None:
    assert "../problems#not-found" in read_page(asker.page("/no/where").text).links()
