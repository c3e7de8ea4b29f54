# SPDX-License-Identifier: Apache-2.0
"""Workbooks over HTTP: where they are had, what limits them, and that they come whole or not."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from cosigraph import Project
from cosigraph.errors import QueryMemory, WorkerLost
from cosigraph.limits import MEBIBYTE, Limits
from cosigraph.names import NameResolver
from cosigraph.workbook import MEDIA_TYPE
from cosigraph.workers import WorkerPool
from cosigraph_api import workbooks
from cosigraph_api.application import Application
from cosigraph_api.service import Service
from tests.api.asking import Asker, lasting
from tests.workbooks import about, opened, rows

TREES = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
TREES += "SELECT ?tree ?code { ?tree a orch:Tree ; skos:notation ?code } ORDER BY ?code"
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
LARGE = "SELECT * { ?s ?p ?o . ?a ?b ?c }"


@pytest.fixture(scope="module")
def tight(orchard: Project) -> Iterator[Asker]:
    pool = WorkerPool(orchard.dataset.snapshot(), size=2, timeout=5)
    service = Service(orchard, pool, Limits(rows=5, size=20_000))
    with Asker(Application(service), pool) as asker:
        yield asker


def test_a_canned_query_is_answered_as_a_workbook(asker: Asker) -> None:
    answer = asker.get("/queries/trees.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["content-disposition"] == 'attachment; filename="trees.xlsx"'
    header, *found = rows(answer.content)
    listed = list(csv.DictReader(io.StringIO(asker.get("/queries/trees.csv").text)))
    for column in ("tree", "code", "flavours"):
        place = header.index(column)
        assert [row[place] or "" for row in found] == [row[column] for row in listed]
    assert "; " in "".join(row["flavours"] for row in listed)
    told = about(answer.content)
    assert told["Address"] == "http://server.test/queries/trees.xlsx"
    assert told["Complete"] == "Yes"
    assert asker.get("/queries/trees", accept=MEDIA_TYPE).headers["content-type"] == MEDIA_TYPE


def test_the_page_and_the_list_name_the_workbook(asker: Asker) -> None:
    assert 'href="trees.xlsx"' in asker.page("/queries/trees").text
    assert asker.get("/queries/trees").json()["answers"]["xlsx"] == "trees.xlsx"
    assert "format=xlsx" in asker.page("/sparql", params={"query": TREES}).text


def test_a_workbook_is_a_page_to_nobody_who_did_not_ask(asker: Asker) -> None:
    accept = f"text/html;q=0.9, {MEDIA_TYPE};q=0.8"
    assert asker.get("/queries/trees", accept=accept).headers["content-type"].startswith("text/")
    assert asker.get("/queries/trees").headers["content-type"] == "application/json"


def test_a_wrong_parameter_is_told_as_ever(asker: Asker) -> None:
    answer = asker.get("/queries/trees.xlsx", params={"nothing": "1"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_sparql_answers_as_a_workbook_by_name_and_by_accept(asker: Asker) -> None:
    named = asker.sparql(TREES, format="xlsx")
    accepted = asker.sparql(TREES, accept=MEDIA_TYPE)
    assert named.content == accepted.content
    assert named.headers["content-type"] == MEDIA_TYPE
    assert named.headers["content-disposition"] == 'attachment; filename="answer.xlsx"'
    header, *found = rows(named.content)
    assert header[0], header[-1] == ("tree", "code")
    assert [row[-1] for row in found] == [
        row["code"]["value"] for row in asker.sparql(TREES).json()["results"]["bindings"]
    ]
    assert about(named.content)["Query"] == TREES
    assert opened(named.content)["Answer"]["A2"].hyperlink is not None


def test_a_workbook_is_told_by_its_reading_and_dataset(asker: Asker) -> None:
    graph = "https://orchard.example/graph/ontology"
    answer = asker.sparql("ASK {}", format="xlsx", **{"default-graph-uri": graph})
    assert about(answer.content)["Graph"] == graph
    answer = asker.sparql("ASK {}", format="xlsx", reading="second")
    assert about(answer.content)["Reading"] == "second"


def test_an_ask_has_one_cell(asker: Asker) -> None:
    assert rows(asker.sparql("ASK {}", format="xlsx").content) == [("answer",), (True,)]


def test_a_graph_is_no_workbook(asker: Asker) -> None:
    graph = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert asker.sparql(graph, format="xlsx").status_code == 400
    assert asker.sparql(graph, accept=MEDIA_TYPE).status_code == 406


@pytest.mark.parametrize("path", ["/queries/trees.xlsx", "/sparql"])
def test_the_entity_tag_stands_for_the_bytes(asker: Asker, path: str) -> None:
    params = {"query": TREES, "format": "xlsx"} if path == "/sparql" else {}

    def ask(method: str = "GET", **headers: str) -> httpx.Response:
        fields = {"Accept-Encoding": "identity", **headers}
        return asker.request(method, path, params=params, headers=fields)

    first, other = ask(), ask(Accept="text/plain, */*")
    assert first.content == other.content
    assert lasting(first) == lasting(other)
    tag = first.headers["etag"]
    assert ask(**{"If-None-Match": tag}).status_code == 304
    assert ask(Host="other.test").headers["etag"] != tag
    assert ask("HEAD").headers["content-length"] == str(len(first.content))


def test_a_sparql_answer_is_cut_off_at_the_limit_and_says_so(tight: Asker) -> None:
    answer = tight.sparql(ALL, format="xlsx")
    assert answer.headers["cosigraph-row-limit"] == "5"
    assert answer.headers["cosigraph-truncated"] == "true"
    assert len(rows(answer.content)) == 6
    assert about(answer.content)["Complete"].startswith("No: cut off after 5 rows")
    answer = tight.sparql(f"{ALL} LIMIT 5", format="xlsx")
    assert "cosigraph-truncated" not in answer.headers
    assert about(answer.content)["Complete"] == "Yes"


def test_a_workbook_has_a_limit_of_its_own(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 7)
    answer = asker.sparql(ALL + " # of its own", format="xlsx")
    assert answer.headers["cosigraph-row-limit"] == "7"
    assert len(rows(answer.content)) == 8
    assert asker.sparql(ALL, format="csv").headers["cosigraph-row-limit"] == "1000000"


def test_a_workbook_that_is_too_large_is_an_error(tight: Asker) -> None:
    query = "SELECT ?n (SHA512(STR(?n)) AS ?sum) { VALUES ?n { 1 2 3 4 } }"
    assert tight.sparql(query, format="xlsx").status_code == 200
    parts = " ".join(f"(SHA512('{number}') AS ?s{number})" for number in range(60))
    answer = tight.sparql(f"SELECT {parts} {{ VALUES ?n {{ 1 2 3 4 }} }}", format="xlsx")
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/answer-too-large")


def test_a_workbook_that_takes_too_long_is_an_error_and_leaves_nothing(
    orchard: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=30)
    service = Service(orchard, pool, Limits(time=0.01))
    with Asker(Application(service), pool) as asker:
        answer = asker.sparql(LARGE, format="xlsx")
    assert answer.status_code == 504
    assert "CSV" in answer.json()["advice"]
    assert list(tmp_path.iterdir()) == []


def maker(limits: Limits) -> workbooks.Workbooks:
    unnamed = cast(NameResolver, SimpleNamespace(labels={}))
    return workbooks.Workbooks(limits, lambda _: unnamed)


async def numbers(count: int) -> AsyncIterator[bytes]:
    yield b"?n\n"
    yield b"".join(b"<http://x.example/%d>\n" % number for number in range(count))


def test_a_workbook_that_nobody_waits_for_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def leave() -> None:
        has_started = asyncio.Event()

        async def watched(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
            started.append(await start(*arguments, **options))
            has_started.set()
            return started[0]

        monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
        made = maker(Limits()).made(numbers(100_000), name="x", about=[])
        making = asyncio.create_task(made)
        await has_started.wait()
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making

    asyncio.run(leave())
    assert started[0].returncode == -9
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_may_need_so_much_memory_and_no_more() -> None:
    making = maker(Limits(memory=8 * MEBIBYTE)).made(numbers(60_000), name="x", about=[])
    with pytest.raises(QueryMemory):
        asyncio.run(making)


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "import os; os.abort()", "1 / 0"])
def test_a_process_that_ends_unexpectedly_is_an_error(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(workbooks, "command", lambda: [sys.executable, "-c", program])
    with pytest.raises(WorkerLost):
        asyncio.run(maker(Limits()).made(numbers(1), name="x", about=[]))
