# SPDX-License-Identifier: Apache-2.0
"""``pull`` on the command line, and how ``info`` and ``check`` tell that it is needed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cosigraph.changes import Content
from cosigraph.store_version import Origin
from cosigraph.versioned_store import VersionedStore
from tests.cosigraph.command_line.conftest import ORCHARD, Call

TREES = "https://orchard.example/graph/trees"
LINE = f'<https://orchard.example/id/tree/1> <urn:note> "old" <{TREES}> .\n'.encode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ORCHARD, tmp_path / "orchard")
    return tmp_path / "orchard"


@pytest.fixture
def store(call: Call, tmp_path: Path, project: Path) -> VersionedStore:
    """A store to which something was written."""
    path = tmp_path / "store"
    assert call("store", "create", str(path), project=project).code == 0
    made = VersionedStore(path)
    first = made.current()
    lines = sorted([*made.read(first).nquads.splitlines(keepends=True), LINE])
    with made.writing() as writer:
        content = Content(b"".join(lines), first.graphs)
        writer.commit(content, first, Origin("ann", "it is old"))
    return made


def test_what_was_written_is_put_into_the_files(
    call: Call, store: VersionedStore, project: Path
) -> None:
    path = project / "data" / "trees.ttl"
    before = path.read_text()
    shown = call("pull", str(store.folder), "--dry-run", project=project)
    assert shown.code == 0
    assert '+    <urn:note> "old" ;' in shown.output
    assert shown.output.startswith("--- a/data/trees.ttl")
    assert path.read_text() == before
    done = call("pull", str(store.folder), project=project)
    assert done.code == 0
    for word in ("version 2", "1 added, 0 removed", "it is old (ann, ", "sha256:"):
        assert word in done.output
    assert '<urn:note> "old"' in path.read_text()
    assert store.pulled() == store.current()
    assert call("pull", str(store.folder), "--dry-run", project=project).output == ""


def test_the_difference_has_the_lines_that_patch_tools_see(
    call: Call, store: VersionedStore, project: Path
) -> None:
    path = project / "data" / "trees.ttl"
    path.write_text(path.read_text() + "# one\u2028line\n", encoding="utf-8")
    shown = call("pull", str(store.folder), "--dry-run", project=project).output
    assert "No newline" not in shown
    assert all(line[:1] in {" ", "+", "-", "@"} for line in shown.rstrip("\n").split("\n"))


def test_files_with_the_line_ends_of_windows_are_written(
    call: Call, store: VersionedStore, project: Path
) -> None:
    for path in (project / "data" / "trees.ttl", project / "cosigraph.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = store.current()
    content = store.read(before)
    more = b'<urn:s> <urn:p> "x" <urn:g> .\n'
    lines = sorted([*content.nquads.splitlines(keepends=True), more])
    with store.writing() as writer:
        grown = Content(b"".join(lines), tuple(sorted([*before.graphs, "urn:g"])))
        writer.commit(grown, before, Origin("ann", "more"))
    assert call("pull", str(store.folder), project=project).code == 0
    assert call("pull", str(store.folder), "--dry-run", project=project).output == ""


def test_until_then_info_and_check_say_that_they_differ(
    call: Call, store: VersionedStore, project: Path
) -> None:
    words = ("info", "--store", str(store.folder))
    told = call(*words, "--format", "json", project=project)
    assert "1 statements more and 0 fewer" in json.loads(told.output)["store"]
    assert "cosigraph pull" in call(*words, project=project).output
    checked = call("check", "--rule", "syntax/*", "--store", str(store.folder), project=project)
    assert checked.code == 0
    assert "the files differ" in checked.output
    call("pull", str(store.folder), project=project)
    assert "say the same" in call(*words, project=project).output


def test_a_store_of_another_project_is_refused(
    call: Call, store: VersionedStore, project: Path
) -> None:
    configuration = project / "cosigraph.toml"
    configuration.write_text(configuration.read_text().replace('"orchard"', '"meadow"'))
    refused = call("pull", str(store.folder), project=project)
    assert (refused.code, "made from the project 'orchard'" in refused.errors) == (3, True)
