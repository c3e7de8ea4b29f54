# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cosigraph.changes import Content
from cosigraph.errors import StoreError
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.versioned_store import About, VersionedStore

ABOUT = About("orchard", "https://x.example/")
FIRST, SECOND = (Content(f'<a:s> <a:p> "{n}" .\n'.encode(), ("a:g",)) for n in (1, 2))

WRITER = """
import sys
from pathlib import Path
from cosigraph.changes import Content
from cosigraph.versioned_store import VersionedStore
store = VersionedStore(Path(sys.argv[1]))
with store.writing() as writer:
    while True:
        number = store.current().number + 1
        lines = b"".join(b"<a:s> <a:p> \\"%d-%d\\" .\\n" % (number, n) for n in range(2000))
        writer.commit(Content(lines, (f"a:{number}",)), store.current())
        print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> VersionedStore:
    return VersionedStore.create(tmp_path / "store", ABOUT, FIRST)


def test_what_is_put_in_comes_out(store: VersionedStore) -> None:
    version = store.current()
    assert store.read(version) == FIRST
    assert (version.number, version.parent, version.graphs) == (1, 0, ("a:g",))
    assert version.digest.startswith("sha256:")
    assert VersionedStore(store.folder).about == ABOUT


def test_a_new_version_leaves_the_old_one_as_it_is(store: VersionedStore) -> None:
    first = store.current()
    with store.writing() as writer:
        second = writer.commit(SECOND, first)
    assert (second.number, second.parent) == (2, 1)
    assert store.current() == second
    assert (store.read(first), store.read(second)) == (FIRST, SECOND)


def test_a_number_is_never_given_twice(store: VersionedStore) -> None:
    first = store.current()
    with store.writing() as writer:
        second = writer.commit(SECOND, first)
        (store.folder / "current").write_text("1\n")  # somebody goes back
        third = writer.commit(Content(b"", ()), store.current())
    assert (third.number, third.parent) == (3, 1)
    assert store.read(second) == SECOND


def test_a_version_is_made_from_the_current_one_only(store: VersionedStore) -> None:
    first = store.current()
    with store.writing() as writer:
        writer.commit(SECOND, first)
        with pytest.raises(StoreError, match="no longer the current"):
            writer.commit(FIRST, first)


def test_one_process_writes_at_a_time(store: VersionedStore) -> None:
    other = VersionedStore(store.folder).writing()
    with store.writing(), pytest.raises(StoreError, match="Another process"):
        other.__enter__()
    with store.writing() as writer:
        assert writer.commit(SECOND, store.current()).number == 2


def test_a_store_is_not_made_where_something_is(store: VersionedStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not empty"):
        VersionedStore.create(store.folder, ABOUT, FIRST)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="not empty"):
        VersionedStore.create(tmp_path / "file", ABOUT, FIRST)
    (tmp_path / "empty").mkdir()
    assert VersionedStore.create(tmp_path / "empty", ABOUT, FIRST).current().number == 1


def test_what_is_no_store_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cosigraph store create"):
        VersionedStore(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("store.json", "no json"),
        ("store.json", '{"format": 2, "project": "orchard"}'),
        ("store.json", '{"format": 3}'),
        ("store.json", "[]"),
        ("current", "one"),
        ("current", "7"),
        ("versions/000001/manifest.json", "{}"),
        ("versions/000001/dataset.nq", '<a:s> <a:p> "3" .\n'),
    ],
)
def test_a_damaged_file_is_named(store: VersionedStore, name: str, content: str) -> None:
    (store.folder / name).write_text(content)

    def use() -> None:
        damaged = VersionedStore(store.folder)
        damaged.read(damaged.current())

    with pytest.raises(StoreError, match=r"\.json|current|dataset\.nq"):
        use()


def test_the_default_graph_is_remembered(tmp_path: Path) -> None:
    about = About("x", "https://x.example/", DefaultGraphKind.UNNAMED)
    made = VersionedStore.create(tmp_path / "store", about, FIRST)
    assert VersionedStore(made.folder).about.default_graph is DefaultGraphKind.UNNAMED


# Whenever a writer ends


@pytest.mark.parametrize("step", range(1, 11))
def test_a_disk_that_fails_at_any_step_leaves_one_version_or_the_other(
    store: VersionedStore, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    first, number = store.current(), 0

    def failing(call: Callable[..., object]) -> Callable[..., object]:
        def instead(*arguments: object, **options: object) -> object:
            nonlocal number
            number += 1
            if number == step:
                raise OSError(28, "No space left on device")
            return call(*arguments, **options)

        return instead

    with monkeypatch.context() as patch, store.writing() as writer:
        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "replace")):
            patch.setattr(owner, name, failing(getattr(owner, name)))
        with pytest.raises(StoreError, match="cannot be written: No space"):
            writer.commit(SECOND, first)
    current = store.current()
    assert store.read(current) == (FIRST if current.number == 1 else SECOND)
    assert current.number == 1 or step == 10  # the last is to let the switch reach the disk
    with store.writing() as writer:
        writer.commit(Content(b"", ()), current)
    assert store.read(store.current()) == Content(b"", ())


def test_a_writer_that_is_killed_at_any_time_leaves_a_whole_version(store: VersionedStore) -> None:
    chance = random.Random()
    last = 1
    for _ in range(8):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", WRITER, str(store.folder)]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 4)):
                told = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
        current = store.current()
        content = store.read(current)
        assert content.nquads.count(b"\n") == 2000
        assert f'"{current.parent + 1}-0"'.encode() in content.nquads
        assert current.number >= told > last - 1
        last = current.number


def test_the_manifest_says_what_the_version_is(store: VersionedStore) -> None:
    manifest = json.loads((store.folder / "versions/000001/manifest.json").read_text())
    assert set(manifest) == {
        *("number", "parent", "created", "digest", "graphs"),
        *("dataset_digest", "who", "why", "restored"),
    }
