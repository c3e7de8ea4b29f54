# SPDX-License-Identifier: Apache-2.0
"""``versions`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosigraph.changes import Content
from cosigraph.store_version import Origin
from cosigraph.versioned_store import VersionedStore
from tests.cosigraph.command_line.conftest import Call, Outcome

ADDED = b'<https://orchard.example/id/tree/x> <http://schema.org/name> "x" '


@pytest.fixture
def folder(call: Call, tmp_path: Path) -> Path:
    """A store with two versions; something was added to the second."""
    path = tmp_path / "store"
    assert call("store", "create", str(path)).code == 0
    store = VersionedStore(path)
    first = store.current()
    content = store.read(first)
    line = ADDED + f"<{first.graphs[0]}> .\n".encode()
    lines = sorted([*content.nquads.splitlines(keepends=True), line])
    with store.writing() as writer:
        writer.commit(Content(b"".join(lines), first.graphs), first, Origin("ann", "a new tree"))
    return path


def versions(call: Call, *words: object) -> Outcome:
    return call("versions", *map(str, words), project=None)


def test_versions_are_listed_the_newest_first(call: Call, folder: Path) -> None:
    told = json.loads(versions(call, "list", folder, "--format", "json").output)
    assert [(each["number"], each["current"], each["kept"]) for each in told] == [
        (2, True, True),
        (1, False, True),
    ]
    assert (told[0]["who"], told[0]["why"], told[0]["parent"]) == ("ann", "a new tree", 1)
    lines = versions(call, "list", folder).output.splitlines()
    assert [line.split()[0] for line in lines] == ["version", "2", "1"]
    assert "current" in lines[1]
    assert "in the files" in lines[2]


def test_a_version_is_shown_in_several_forms(call: Call, folder: Path) -> None:
    table = versions(call, "show", folder, 2).output
    assert "a new tree" in table
    told = json.loads(versions(call, "show", folder, 2, "--format", "json").output)
    assert told["digest"] in table
    assert "A " + ADDED.decode() in versions(call, "show", folder, 2, "--format", "patch").output
    turtle = versions(call, "show", folder, 2, "--format", "prov").output
    for word in ("prov:Activity", "prov:endedAtTime", "prov:wasAssociatedWith", '"a new tree"'):
        assert word in turtle
    missing = versions(call, "show", folder, 3)
    assert (missing.code, "2 to ask" in missing.errors) == (2, True)


def test_two_versions_are_compared(call: Call, folder: Path) -> None:
    told = versions(call, "diff", folder, 1)
    assert told.code == 0
    assert "id/tree/x" in told.output
    assert versions(call, "diff", folder, 1, 2, "--fail-on", "any").code == 1
    assert versions(call, "diff", folder, 2, "--fail-on", "any").code == 0
    patch = versions(call, "diff", folder, 2, 1, "--format", "patch").output
    assert "D " + ADDED.decode() in patch
    assert call("diff", f"{folder}@1", f"{folder}@9", project=None).code == 2


def test_a_version_is_restored_and_others_are_pruned(call: Call, folder: Path) -> None:
    restored = versions(call, "restore", folder, 1, "--who", "bob", "--why", "a mistake")
    assert restored.code == 0
    for word in ("restored from", "bob", "a mistake"):
        assert word in restored.output
    would = versions(call, "prune", folder, "--keep", 1, "--dry-run").output
    assert would.startswith("would go")
    assert not VersionedStore(folder).is_pruned(VersionedStore(folder).version("2"))
    assert versions(call, "prune", folder, "--keep", 1).output.splitlines()[1].startswith("2 ")
    listed = versions(call, "list", folder).output.splitlines()
    assert "pruned" in listed[2]
    assert "as 1" in listed[1]
    assert versions(call, "restore", folder, 2).code == 2
    assert versions(call, "prune", folder).code == 2
