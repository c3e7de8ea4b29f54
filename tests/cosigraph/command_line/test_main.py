# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong is one line and an exit code."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cosigraph
from cosigraph.command_line import documents
from tests.cosigraph.command_line.conftest import ORCHARD, Call

Start = Callable[..., "subprocess.Popen[bytes]"]
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COMMANDS = [
    "queries",
    "run",
    "query",
    "note",
    "agreement",
    "verify",
    "info",
    "mappings",
    "export",
    "reconcile",
    "check",
    "review",
    "rules",
    "format",
    "add",
    "diff",
    "patch",
    "pull",
    "release-identifiers",
    "w3id",
    "serve",
    "token",
    "backup",
    "restore",
    "store",
    "versions",
]


def test_without_a_command_the_help_names_every_command(call: Call) -> None:
    outcome = call(project=None)
    assert outcome.code == 0
    listed = re.findall(r"^  ([a-z0-9-]+) ", outcome.output.partition("Commands:")[2], re.MULTILINE)
    assert listed == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_argument_of_a_command_is_explained(call: Call, command: str) -> None:
    outcome = call(command, "--help", project=None)
    assert outcome.code == 0
    explained = re.split(r"^(?:Arguments|Options):$", outcome.output, flags=re.MULTILINE)[1:]
    options = re.findall(r"^  (?! )\S+(.*)\n(?: {10,}(\S))?", "".join(explained), re.MULTILINE)
    assert options
    assert all("  " in rest or continued for rest, continued in options)


def test_the_version_is_shown(call: Call) -> None:
    assert call("--version", project=None).output == f"cosigraph {cosigraph.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["qurey"], 2, "No such command 'qurey'. Did you mean 'query'?"),
        (["info", "--fromat", "json"], 2, "--format"),
        (["info", "--format", "yaml"], 2, "'yaml' is not one of 'table', 'json'"),
        (["query"], 2, "Missing argument 'TEXT|FILE|-'"),
        (["run", "tres"], 2, "There is no query 'tres'. Did you mean 'trees'?"),
        (["note", "x"], 2, "The graph holds no text of a document 'x'."),
        (["export", "--graph", "tree"], 2, "Did you mean 'trees'?"),
        (["query", "ASK {"], 4, "line 1, column 6"),
        (["query", "ASK { SERVICE <http://127.0.0.1/> {} }"], 4, "SERVICE"),
        (
            ["query", "ASK {}", "--output", "/nowhere/a.txt"],
            6,
            "'/nowhere/a.txt' cannot be written",
        ),
        (["serve", "--port", "99999"], 2, "--port"),
        (["serve", "--timeout", "0"], 2, "--timeout"),
    ],
)
def test_a_mistake_is_one_clear_line(
    call: Call, arguments: list[str], code: int, message: str
) -> None:
    outcome = call(*arguments)
    assert outcome.code == code
    assert outcome.output == ""
    (line,) = outcome.errors.splitlines()
    assert line.startswith("cosigraph: ")
    assert message in line


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cosigraph.toml", "[project", "cosigraph.toml:1:9"),
        ("data/a.ttl", "<urn:a> <urn:b>\n  .", "data/a.ttl:2:3"),
    ],
)
def test_a_broken_project_is_one_clear_line(
    call: Call, tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / name).write_text(content, encoding="utf-8")
    outcome = call("info", project=tmp_path)
    assert outcome.code == 3
    assert message in outcome.errors
    assert outcome.errors.count("\n") == 1


def test_a_missing_project_is_one_clear_line(call: Call, tmp_path: Path) -> None:
    outcome = call("info", project=tmp_path / "nowhere")
    assert outcome.code == 3
    assert "does not exist" in outcome.errors


def test_the_unexpected_is_one_line_unless_asked(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a \x1b[31msurprise\nin two lines")

    monkeypatch.setattr(documents, "open_project", fail)
    outcome = call("note")
    assert outcome.code == 70
    assert outcome.errors.count("\n") == 1
    assert "\x1b" not in outcome.errors
    assert "COSIGRAPH_DEBUG=1" in outcome.errors
    monkeypatch.setenv("COSIGRAPH_DEBUG", "1")
    with pytest.raises(RuntimeError, match="surprise"):
        call("note")


def test_the_project_stands_before_or_after_the_arguments(call: Call) -> None:
    folder = str(Path(__file__).parents[2] / "projects" / "orchard")
    before = call("run", "--project", folder, "varieties", project=None)
    after = call("run", "varieties", f"--project={folder}", project=None)
    assert before.code == 0
    assert before == after


def test_a_reader_that_goes_away_is_no_error(start: Start) -> None:
    process = start("export", "--format", "nquads")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 0
    process.stderr.close()


@pytest.mark.parametrize("arguments", [["query", HEAVY], ["query", HEAVY, "--timeout", "60"]])
def test_ctrl_c_ends_a_query_at_once(start: Start, arguments: list[str]) -> None:
    process = start(*arguments)
    time.sleep(3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    asked = time.monotonic()
    output, errors = process.communicate(timeout=10)
    assert time.monotonic() - asked < 2
    assert (process.returncode, output, errors) == (130, b"", b"")


def test_a_time_limit_ends_a_query(start: Start) -> None:
    process = start("query", HEAVY, "--timeout", "1")
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (5, b"")
    assert errors.decode().count("\n") == 1
    assert "1 s" in errors.decode()


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_fault_of_the_program(closed: str) -> None:
    command = f'"{sys.executable}" -m cosigraph check --rule "syntax/*" {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["info"], "orchard"),
        (["queries"], "varieties"),
        (["run", "varieties"], "Conference"),
        (["run", "varieties", "--help"], "--species"),
        (["check"], "5 files"),
    ],
)
def test_who_stands_in_a_project_means_that_one(
    arguments: list[str], told: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ORCHARD)
    assert told in call(*arguments, project=None).output
    monkeypatch.chdir(ORCHARD / "data")  # no project: the folder that ships
    assert "EU" in call("info", project=None).output
