# SPDX-License-Identifier: Apache-2.0
"""Whatever lies in a folder: a finding or a clear refusal, bounded memory, never a stack trace.

Each case runs in a process of its own, since some would end it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cosigraph.check import check_project, syntax
from cosigraph.configuration import Configuration
from cosigraph.files import Failed
from cosigraph.loading import SourceFile, source_files
from tests.cosigraph.test_files import unprivileged

MEBIBYTE = 1024 * 1024
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/">'
)
FRONT_MATTER = "#+ summary: A\n#+ columns:\n#+   s: {description: A, datatype: iri}\n"
# A few hundred MiB for the program and its libraries, and what the largest file needs.
MOST_MEMORY = 400 * MEBIBYTE
MOST_MEMORY_OF_A_LARGE_FILE = 3 * 1024 * MEBIBYTE


class Outcome(NamedTuple):
    """What a command left behind: its exit code, all that it wrote, and the memory it had."""

    code: int
    output: str
    memory: int


# A process is started by a copy of its parent, whose memory counts as its own: a small process
# starts the command, as the one that runs the tests may have had more than the command may have.
MEASURE = """
import resource, subprocess, sys
command = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
sys.stdout.buffer.write(b"%d %d\\n%b" % (command.returncode, memory, command.stdout))
"""


def run(folder: Path, *command: str) -> Outcome:
    words = [sys.executable, "-m", "cosigraph", *command, "--project", str(folder)]
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures, _, output = answer.stdout.decode().partition("\n")
    code, memory = figures.split()
    return Outcome(int(code), output, int(memory))


def test_the_memory_of_whoever_starts_a_command_is_not_its_own(folder: Path) -> None:
    ballast = bytearray(os.urandom(1) * (MOST_MEMORY + 100 * MEBIBYTE))
    assert run(folder, "info").memory < MOST_MEMORY
    del ballast


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in ("data", "queries"):
        (folder / name).mkdir(parents=True)
    (folder / "data" / "good.ttl").touch()
    return folder


def nested(opening: bytes, closing: bytes, depth: int = 100_000) -> bytes:
    return opening * depth + closing * depth


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 20))
    return f'<!DOCTYPE r [<!ENTITY a0 "bomb">{levels}]>'.encode() + RDF + b"&a19;</rdf:RDF>"


HARMFUL = {
    "nested triple terms": ("x.ttl", b"<a> <b> " + nested(b"<<( <a> <b> ", b")>>"), "nested"),
    "nested triple terms of N-Triples": (
        "x.nt",
        b"<a:a> <a:b> " + nested(b"<<( <a:a> <a:b> ", b")>>"),
        "nested",
    ),
    "nested lists": ("x.ttl", b"<a> <b> " + nested(b"(", b")"), "nested"),
    "nested brackets of TriG": ("x.trig", b"{ <a> <b> " + nested(b"[ <c> ", b"]"), "nested"),
    "nested contexts": ("x.jsonld", nested(b'{"@context":{"a":{"@context":', b"}}}"), "nested"),
    "nested elements": ("x.rdf", RDF + nested(b"<e:p>", b"</e:p>"), "nested"),
    "entities that grow": ("x.rdf", entity_bomb(), "grow"),
    "a context elsewhere": ("x.jsonld", b'{"@context": "http://127.0.0.1:9/"}', "not loaded"),
    "zeros": ("x.nt", bytes(100_000), "binary"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_what_would_end_a_parser_is_a_finding(folder: Path, case: str) -> None:
    name, content, words = HARMFUL[case]
    (folder / "data" / name).write_bytes(content)
    outcome = run(folder, "check")
    assert outcome.code == 1
    assert f"data/{name}:1:" in outcome.output
    assert words in outcome.output
    assert "[syntax/rdf]" in outcome.output
    assert outcome.memory < MOST_MEMORY


@pytest.mark.parametrize("command", [["info"], ["query", "ASK {}"]], ids=lambda words: words[0])
@pytest.mark.parametrize("case", ["nested triple terms", "entities that grow"])
def test_other_commands_refuse_it_in_one_line(folder: Path, case: str, command: list[str]) -> None:
    name, content, words = HARMFUL[case]
    (folder / "data" / name).write_bytes(content)
    outcome = run(folder, *command)
    assert (outcome.code, len(outcome.output.splitlines())) == (3, 1)
    assert words in outcome.output


def test_a_huge_file_is_not_read(folder: Path) -> None:
    with (folder / "data" / "x.ttl").open("wb") as file:
        file.truncate(1024 * MEBIBYTE)
    outcome = run(folder, "check")
    assert (outcome.code, "[project/file-too-large]" in outcome.output) == (1, True)
    assert outcome.memory < MOST_MEMORY


QUERIES = {
    "a chain of operators": FRONT_MATTER + "SELECT ?s { ?s <a:b>" + "/<a:b>" * 30_000 + " 1 }",
    "nested groups": FRONT_MATTER + "SELECT ?s " + "{" * 100_000 + "}" * 100_000,
    "nested front matter": "#+ a: " + "[" * 50_000,
    "zeros": "\0" * 1000,
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_that_would_end_the_engine_is_a_finding(folder: Path, case: str) -> None:
    (folder / "queries" / "x.rq").write_text(QUERIES[case], encoding="utf-8")
    outcome = run(folder, "check")
    assert outcome.code == 1
    assert "queries/x.rq:" in outcome.output
    assert "[syntax/query]" in outcome.output


def test_a_configuration_that_is_nested_too_deeply_is_refused(folder: Path) -> None:
    (folder / "cosigraph.toml").write_text("a = " + "[" * 50_000, encoding="utf-8")
    outcome = run(folder, "check")
    assert outcome.code == 3
    assert outcome.output.endswith("cosigraph.toml: The file is nested too deeply.\n")


def test_a_name_that_is_no_utf_8_is_written_as_escapes(folder: Path) -> None:
    for room, end in (("data", b"ttl"), ("queries", b"rq")):
        path = os.path.join(os.fsencode(folder / room), b"\xff\n\x1b[2Jx." + end)  # noqa: PTH118
        with open(path, "wb") as file:  # noqa: PTH123 - a name in bytes
            file.write(b"x")
    outcome = run(folder, "check")
    assert outcome.code == 1
    assert "data/\\xff\\n\\x1b[2Jx.ttl:1:1: violation: " in outcome.output
    assert "queries/\\xff\\n\\x1b[2Jx.rq:1:1: violation: " in outcome.output


def rules_of(folder: Path) -> list[str]:
    return [finding.rule for finding in check_project(folder).findings]


def test_links_that_lead_in_a_circle_are_findings_at_most(folder: Path) -> None:
    (folder / "data" / "here").symlink_to(".")
    (folder / "data" / "self.ttl").symlink_to("self.ttl")
    assert rules_of(folder) == ["project/unreadable-file"]


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "data" / "x.ttl")
    os.mkfifo(folder / "queries" / "x.rq")
    assert rules_of(folder) == ["project/unreadable-file"] * 2


def test_a_folder_that_is_called_like_a_file_is_none(folder: Path) -> None:
    (folder / "data" / "x.ttl").mkdir()
    assert rules_of(folder) == []


@pytest.mark.parametrize("name", ["data", "data/good.ttl", "queries"])
def test_what_cannot_be_read_is_a_finding(folder: Path, name: str) -> None:
    (folder / name).chmod(0)
    with unprivileged(folder):
        found = check_project(folder).findings
    (folder / name).chmod(0o700)
    assert {finding.rule for finding in found} == {"project/unreadable-file"}
    assert {finding.position.source for finding in found} == {str(folder / name)}


def test_a_folder_whose_files_may_be_listed_but_not_opened(folder: Path) -> None:
    (folder / "data").chmod(0o400)
    with unprivileged(folder):
        found = check_project(folder).findings
    (folder / "data").chmod(0o700)
    assert [finding.rule for finding in found] == ["project/unreadable-file"]


def test_a_file_that_vanishes_while_it_runs_is_a_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanishing(folder: Path, configuration: Configuration, failed: Failed) -> list[SourceFile]:
        found = source_files(folder, configuration, failed)
        (folder / "data" / "good.ttl").unlink(missing_ok=True)
        (folder / "data" / "other.ttl").touch()
        return found

    monkeypatch.setattr(syntax, "source_files", vanishing)
    assert rules_of(folder) == ["project/unreadable-file"]


def test_a_byte_order_mark_alone_is_an_empty_file(folder: Path) -> None:
    (folder / "data" / "x.ttl").write_bytes(b"\xef\xbb\xbf")
    assert rules_of(folder) == []


def megabytes(number: int, block: bytes, begin: bytes = b"", end: bytes = b"") -> bytes:
    return begin + (block * (MEBIBYTE // len(block))) * number + end


LARGE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a literal": ("x.ttl", lambda: megabytes(100, b"x", b'<a> <b> "', b'" .'), "longer than"),
    "a literal without end": ("x.ttl", lambda: megabytes(250, b"x\n", b'<a> <b> """'), "longer"),
    "a literal of RDF/XML": (
        "x.rdf",
        lambda: (
            megabytes(
                100,
                b"x",
                RDF + b'<rdf:Description rdf:about="a"><e:p>',
                b"</e:p></rdf:Description>",
            )
            + b"</rdf:RDF>"
        ),
        "longer than",
    ),
    "many statements": (
        "x.ttl",
        lambda: megabytes(100, b"1,", b"<a> <b> ", b"1 ."),
        "more statements",
    ),
    "noise": ("x.ttl", lambda: os.urandom(250 * MEBIBYTE), "violation"),
}


@pytest.mark.long
@pytest.mark.parametrize("case", LARGE)
def test_a_large_file_takes_bounded_memory(folder: Path, case: str) -> None:
    name, content, words = LARGE[case]
    (folder / "data" / name).write_bytes(content())
    outcome = run(folder, "check")
    assert outcome.code == 1
    assert words in outcome.output
    assert outcome.memory < MOST_MEMORY_OF_A_LARGE_FILE
