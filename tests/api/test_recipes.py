# SPDX-License-Identifier: Apache-2.0
"""What a page gives to copy does what it says."""

from __future__ import annotations

import ast
import json
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest

from cosigraph import Project
from cosigraph_api.canned_answers import Call
from cosigraph_api.recipes import recipes
from tests.api.asking import Asker
from tests.api.asking_pages import read_page

SERVER = "http://server.test/"
AWKWARD = """it's "$HOME" `id` \\ é"""


def texts(orchard: Project, values: dict[str, list[str]], reading: str | None) -> dict[str, str]:
    call = Call(orchard.queries["trees"], values, reading)
    return {each.where: each.text for each in recipes(call, SERVER, "SELECT * { ?s ?p ?o }")}


@pytest.mark.parametrize("value", ["B", AWKWARD])
def test_every_recipe_carries_the_values_whatever_they_hold(orchard: Project, value: str) -> None:
    told = texts(orchard, {"variety": [value, "C"]}, "second")
    _, address = shlex.split(told["curl"])
    asked = parse_qs(urlsplit(address).query)
    assert asked == {"variety": [value, "C"], "reading": ["second"]}
    assert json.loads(told["R"].removeprefix("read.csv(").removesuffix(")")) == address
    strings = [
        node.value
        for node in ast.walk(ast.parse(told["Python, without a server"]))
        if isinstance(node, ast.Constant)
    ]
    assert sorted(map(str, strings)) == sorted(["second", "trees", value, "C"])
    command = shlex.split(told["The command line"])
    assert command[:3] == ["cosigraph", "run", "trees"]
    assert command[3:] == ["--variety", value, "--variety", "C", "--reading", "second"]


def test_a_page_shows_how_to_get_its_answer_elsewhere(asker: Asker) -> None:
    page = read_page(asker.page("/queries/trees?variety=C").text)
    summaries = page.texts("summary")
    assert {"curl", "Python, pandas", "R", "SPARQL, from any client"} <= set(summaries)
    (line,) = {text for text in page.texts("code") if text.startswith("curl ") and ".csv" in text}
    address = shlex.split(line)[1].removeprefix("http://server.test")
    assert asker.get(address).text.count("\r\n") == 3


def test_the_endpoint_gives_what_the_recipe_asks_it(asker: Asker) -> None:
    page = read_page(asker.page("/queries/trees?variety=C").text)
    (line,) = {text for text in page.texts("code") if "--data" in text}
    _, address, _, accept, _, body = shlex.split(line)
    answer = asker.request(
        "POST",
        address,
        content=body,
        headers={
            "Accept": accept.removeprefix("Accept: "),
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    assert answer.status_code == 200
    assert "T-" in answer.text


def test_each_row_leads_to_the_query_that_follows(shipped: Project) -> None:
    follows = {name: query.follow.query for name, query in shipped.queries.items() if query.follow}
    assert follows["shared-goal-matrix"] == "shared-goal-evidence"
    assert follows["actors"] == "mentions"
