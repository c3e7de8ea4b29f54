# SPDX-License-Identifier: Apache-2.0
"""``POST /check``: what is sent is checked as ``cosigraph check`` does it, and harms nothing."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph import Project
from cosigraph.limits import Limits
from cosigraph.report_formats import MEDIA_TYPES
from cosigraph.workers import WorkerPool
from cosigraph_api import checking
from cosigraph_api.application import Application
from cosigraph_api.checked_files import _of_form
from cosigraph_api.problems import ProblemError
from cosigraph_api.service import Service
from tests.api.asking import Asker, http_scope

TURTLE = {"Content-Type": "text/turtle"}
TREE = "@prefix orch: <https://orchard.example/ontology#> .\n"
TALL = f"{TREE}<https://orchard.example/id/tree/77> a orch:Tree ; orch:height 99.0 .\n"


def files_of(folder: Path) -> list[tuple[str, tuple[str, bytes]]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [("files", (path.relative_to(folder).as_posix(), path.read_bytes())) for path in paths]


def rules_of(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {finding["rule"] for finding in answer.json()["findings"]}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_document_is_checked_against_the_shapes_that_are_served(asker: Asker) -> None:
    answer = asker.request("POST", "/check", content=TALL, headers=TURTLE)
    assert answer.headers["content-type"] == "application/json"
    assert rules_of(answer) == {"shacl/max-inclusive", "shacl/min-count"}
    finding = answer.json()["findings"][0]
    assert (finding["file"], finding["line"]) == ("data/body.ttl", 2)
    assert finding["focusNode"] == "tree:77"


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/n-triples", "<a:a> <a:b> _:b ."),
        ("application/ld+json", '{"@id": "a:a", "a:b": {"@id": "_:b"}}'),
        (
            "application/rdf+xml",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="e:">'
            '<r:Description r:about="a:a"><e:p r:nodeID="b"/></r:Description></r:RDF>',
        ),
    ],
)
def test_a_document_is_read_in_every_format(asker: Asker, media_type: str, content: str) -> None:
    headers = {"Content-Type": media_type}
    answer = asker.request("POST", "/check", content=content, headers=headers)
    assert rules_of(answer) == {"identifiers/blank-node", "terms/unknown-namespace"}


def test_a_syntax_error_is_a_finding(asker: Asker) -> None:
    answer = asker.request("POST", "/check", content="<tree:1>", headers=TURTLE)
    assert rules_of(answer) == {"syntax/rdf"}


def test_a_project_is_checked_whole(asker: Asker, orchard: Project) -> None:
    clean = asker.request("POST", "/check", files=files_of(orchard.folder))
    assert rules_of(clean) == set()
    assert clean.json()["checked"] == {"file": 5, "shape": 5, "query": 2, "answer": 5}
    broken = [
        (field, (name, content if ".csv" in name else content.replace(b"7.25", b"72.5")))
        for field, (name, content) in files_of(orchard.folder)
    ]
    found = asker.request("POST", "/check", files=broken)
    assert rules_of(found) == {"shacl/max-inclusive", "queries/answer-differs"}
    assert "/tmp" not in found.text


def test_files_that_bring_no_shapes_are_data(asker: Asker) -> None:
    for name in ("trees.ttl", "data/trees.ttl", "north/trees.ttl"):
        answer = asker.request("POST", "/check", files=[("f", (name, TALL.encode()))])
        assert "shacl/max-inclusive" in rules_of(answer)
        assert answer.json()["findings"][0]["file"] == "data/" + name.removeprefix("data/")


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_every_format_can_be_had_by_name_and_by_media_type(asker: Asker, name: str) -> None:
    by_name = asker.request("POST", f"/check?format={name}", content=TALL, headers=TURTLE)
    assert by_name.status_code == 200
    headers = {**TURTLE, "Accept": MEDIA_TYPES[name]}
    by_type = asker.request("POST", "/check", content=TALL, headers=headers)
    assert by_type.headers["content-type"].partition(";")[0] == MEDIA_TYPES[name]
    if name != "junit":  # it has the time
        assert by_type.content == by_name.content
    assert "max-inclusive" in by_name.text


def test_a_format_that_is_not_there_is_refused_with_the_near_one(asker: Asker) -> None:
    answer = asker.request("POST", "/check?format=sarf", content=TALL, headers=TURTLE)
    assert (answer.status_code, answer.json()["advice"]) == (400, "Did you mean 'sarif'?")
    headers = {**TURTLE, "Accept": "image/png"}
    assert asker.request("POST", "/check", content=TALL, headers=headers).status_code == 406


def test_rules_can_be_selected(asker: Asker) -> None:
    def found(query: str) -> httpx.Response:
        return asker.request("POST", f"/check?{query}", content=TALL, headers=TURTLE)

    assert rules_of(found("rule=shacl/max-*")) == {"shacl/max-inclusive"}
    assert rules_of(found("ignore=shacl/max-*&ignore=syntax/*")) == {"shacl/min-count"}
    refused = found("rule=syntax/litteral")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (400, "unknown-rule")


@pytest.mark.parametrize(
    "name",
    [
        "../a.ttl",
        "data/../../a.ttl",
        "/etc/passwd.ttl",
        "data//a.ttl",
        "data\\a.ttl",
        "data/./a.ttl",
        "a/" * 20 + "a.ttl",
        "data/" + "x" * 200 + ".ttl",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(asker: Asker, name: str, temporary: Path) -> None:
    answer = asker.request("POST", "/check", files=[("f", (name, b""))])
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/bad-request")
    assert list(temporary.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.sampled_from("a./\\\0\ud800é~"), max_size=12), min_size=1, max_size=3))
def test_whatever_the_names_files_stay_in_the_folder(orchard: Project, names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as outside:
        folder = Path(outside) / "folder"
        folder.mkdir()
        with contextlib.suppress(ProblemError):
            _of_form([(name, b"x") for name in names]).write(folder, orchard)
        assert [path.name for path in Path(outside).iterdir()] == ["folder"]


def test_files_that_cannot_lie_together_are_refused(asker: Asker) -> None:
    for names in (["data/a.ttl", "data/a.ttl"], ["data/a.ttl", "data/a.ttl/b.ttl"]):
        answer = asker.request("POST", "/check", files=[("f", (name, b"")) for name in names])
        assert answer.status_code == 400, names


def test_a_configuration_that_is_wrong_is_400_with_its_place(asker: Asker) -> None:
    files = [("f", ("cosigraph.toml", b"[project]\nnme = 1")), ("f", ("data/a.ttl", b""))]
    answer = asker.request("POST", "/check", files=files)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("/no-project")
    assert problem["detail"].startswith("cosigraph.toml: ")
    assert problem["position"] == {"line": 2}
    empty = asker.request("POST", "/check", files=[("f", ("cosigraph.toml", b""))])
    assert empty.status_code == 200


def test_a_project_reads_no_file_outside_its_folder(asker: Asker) -> None:
    toml = b'[[graph]]\nname = "x"\nfiles = ["../../*.ttl"]'
    answer = asker.request("POST", "/check", files=[("f", ("cosigraph.toml", toml))])
    assert (answer.status_code, answer.json()["position"]) == (400, {"line": 3})


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/csv"}, {}, {**TURTLE, "Content-Encoding": "gzip"}]
)
def test_what_is_not_read_here_is_415(asker: Asker, headers: dict[str, str]) -> None:
    assert asker.request("POST", "/check", content="x", headers=headers).status_code == 415


def test_only_post_checks(asker: Asker) -> None:
    refused = asker.get("/check")
    assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")
    assert asker.request("OPTIONS", "/check").headers["allow"] == "OPTIONS, POST"


def test_nothing_is_left_and_what_is_served_stays(
    asker: Asker, orchard: Project, temporary: Path
) -> None:
    before = {path: path.read_bytes() for path in orchard.folder.rglob("*") if path.is_file()}
    version = asker.get("/healthz").json()["version"]
    assert rules_of(asker.request("POST", "/check", content=TALL, headers=TURTLE))
    assert list(temporary.iterdir()) == []
    assert {
        path: path.read_bytes() for path in orchard.folder.rglob("*") if path.is_file()
    } == before
    assert asker.get("/healthz").json()["version"] == version


@pytest.fixture
def tight(orchard: Project) -> Iterator[Asker]:
    """A server whose checks have little of everything."""
    limits = Limits(time=3, memory=350 * 1024 * 1024, size=2000, body=100_000)
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=3)
    with Asker(Application(Service(orchard, pool, limits)), pool) as asker:
        yield asker


ENDLESS = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<a:shape> a sh:NodeShape ; sh:targetSubjectsOf <a:p> ; sh:property <a:property> .
<a:property> a sh:PropertyShape ; sh:path <a:p> ; sh:pattern "^(a+)+$" .
"""


def test_a_check_that_never_ends_is_stopped_and_leaves_nothing(
    tight: Asker, temporary: Path
) -> None:
    data = f'<a:a> <a:p> "{"a" * 60}b" .'
    files = [("f", ("shapes/a.ttl", ENDLESS.encode())), ("f", ("data/a.ttl", data.encode()))]
    answer = tight.request("POST", "/check", files=files)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (504, "query-timeout")
    assert list(temporary.iterdir()) == []
    assert tight.application._service.admission.running == 0
    assert tight.sparql("ASK {}").status_code == 200


def test_a_report_or_body_that_is_too_large_is_refused(tight: Asker) -> None:
    blank = "".join(f"<a:{n}> <a:p> [] .\n" for n in range(20))
    answer = tight.request("POST", "/check", content=blank, headers=TURTLE)
    assert answer.json()["type"].endswith("/answer-too-large")
    answer = tight.request("POST", "/check", content=" " * 200_000, headers=TURTLE)
    assert answer.status_code == 413


def test_a_check_waits_for_its_turn_as_a_query_does(tight: Asker) -> None:
    admission = tight.application._service.admission
    tight.wait(admission.enter("another", None))
    try:
        answer = tight.request("POST", "/check", content=TALL, headers=TURTLE)
        assert answer.json()["type"].endswith("/busy")
    finally:
        admission.leave("another")


def test_a_client_that_leaves_takes_its_check_with_it(
    asker: Asker, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def watched(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        started.append(await start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    program = "import time; time.sleep(60)"
    monkeypatch.setattr(checking, "command", lambda: [sys.executable, "-c", program])
    scope = http_scope("POST", "/check", content_type="text/turtle")
    body = {"type": "http.request", "body": b"", "more_body": False}
    assert asker.exchange(scope, [body, {"type": "http.disconnect"}]) == []
    assert started[0].returncode is not None
    assert list(temporary.iterdir()) == []
    assert asker.application._service.admission.running == 0


def test_a_check_that_needs_too_much_memory_is_503(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import sys; sys.stderr.write('MemoryError'); sys.exit(1)"
    monkeypatch.setattr(checking, "command", lambda: [sys.executable, "-c", program])
    answer = asker.request("POST", "/check", content="", headers=TURTLE)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "query-memory")


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('written', 'w')",
        "import os; os.open('written', os.O_CREAT | os.O_WRONLY)",
    ],
)
def test_the_process_reads_and_does_nothing_else(deed: str, tmp_path: Path) -> None:
    hook = "from cosigraph.check_process import refusing; sys.addaudithook(refusing())"
    program = f"import sys; {hook}; {deed}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "PermissionError: A check must not do this" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("depth", [200, 3000, 100_000])
def test_however_deeply_something_is_nested_it_is_answered(asker: Asker, depth: int) -> None:
    content = "<a:a> <a:p> " + "[ <a:p> " * depth + "1" + " ]" * depth + " ."
    answer = asker.request("POST", "/check", content=content, headers=TURTLE)
    assert answer.status_code in {200, 400}
