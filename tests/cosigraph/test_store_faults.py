# SPDX-License-Identifier: Apache-2.0
"""A store on a disk that is full, read-only or failing, and one whose files are damaged."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosigraph.changes import Content
from cosigraph.errors import PrunedVersionError, StoreError, UnknownVersionError
from cosigraph.store_copy import check_store, copy_store
from cosigraph.store_version import Origin
from cosigraph.versioned_store import About, VersionedStore

ABOUT = About("orchard", "https://orchard.example/")
# A process that writes larger and larger versions until the system lets no file grow any more.
WRITER = """
import resource, sys
from pathlib import Path
from cosigraph.changes import Content
from cosigraph.errors import StoreError
from cosigraph.versioned_store import VersionedStore
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
store = VersionedStore(Path(sys.argv[1]))
with store.writing() as writer:
    for number in range(2, 100):
        lines = sorted(b'<a:s> <a:p> "%05d" <a:g> .\\n' % n for n in range(number * 10))
        try:
            writer.commit(Content(b"".join(lines), ("a:g",)), store.current())
        except StoreError as error:
            print(number - 1, error)
            break
"""
STEPS: dict[str, Callable[[VersionedStore, Path], object]] = {
    "commit": lambda store, _: _commit(store, 9),
    "restore": lambda store, _: _restore(store),
    "prune": lambda store, _: store.prune(store.version("2")),
    "pull": lambda store, _: store.set_pulled(store.current()),
    "backup": lambda store, place: copy_store(store, place / "backup"),
    "create": lambda _, place: VersionedStore.create(place / "new", ABOUT, content(1)),
}


def content(number: int) -> Content:
    lines = sorted(f'<a:s> <a:p> "{n}" <a:g> .\n' for n in range(number * 10))
    return Content("".join(lines).encode(), ("a:g",))


def _commit(store: VersionedStore, number: int) -> None:
    with store.writing() as writer:
        writer.commit(content(number), store.current(), Origin("ann", "why"))


def _restore(store: VersionedStore) -> None:
    with store.writing() as writer:
        writer.restore(store.version("1"))


@pytest.fixture
def store(tmp_path: Path) -> VersionedStore:
    """A store with the versions 1 to 3."""
    made = VersionedStore.create(tmp_path / "store", ABOUT, content(1))
    for number in (2, 3):
        _commit(made, number)
    return made


class FailingDisk:
    """Has calls to the system that write fail, from the ``first`` on, with the error ``number``."""

    def __init__(self, first: int, number: int, patch: pytest.MonkeyPatch) -> None:
        self._first = first
        self._number = number
        self._calls = 0
        patch.setattr(os, "fsync", self._failing(os.fsync))
        for name in ("open", "rename", "replace", "mkdir", "unlink"):
            patch.setattr(Path, name, self._failing(getattr(Path, name)))

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            mode = options.get("mode", arguments[1] if len(arguments) > 1 else "r")
            if call.__name__ != "open" or "r" not in str(mode):
                self._calls += 1
                if self._calls >= self._first:
                    raise OSError(self._number, os.strerror(self._number))
            return call(*arguments, **options)

        return instead

    @staticmethod
    def told(work: Callable[[], object]) -> str | None:
        """What the error says that the work ends with; None if it does not fail."""
        try:
            work()
        except StoreError as error:
            return error.detail
        return None


@pytest.mark.parametrize(
    ("number", "step"),
    [*((errno.ENOSPC, step) for step in STEPS), (errno.EROFS, "commit"), (errno.EIO, "prune")],
)
def test_a_disk_that_fails_is_told_and_harms_nothing(
    store: VersionedStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    step: str,
) -> None:
    """Whichever call to the system is the first that fails, and all after it."""
    before = {each.number: each for each in store.published()}
    failed = 0
    for first in range(1, 60):
        place = tmp_path / f"place-{first}"
        place.mkdir()
        copied = shutil.copytree(store.folder, place / "store")
        with monkeypatch.context() as patch:
            disk = FailingDisk(first, number, patch)
            outcome = disk.told(lambda: STEPS[step](VersionedStore(copied), place))  # noqa: B023
        left = VersionedStore(copied)
        check_store(left)
        published = {each.number: each for each in left.published()}
        assert all(published[key] == each for key, each in before.items())
        _commit(left, 7)
        if outcome is None:
            break
        failed += 1
        assert "cannot be written" in outcome
    assert failed >= 2, "no call was made to fail"


@pytest.mark.parametrize("size", [900, 2000, 5000])
def test_a_file_that_cannot_grow_leaves_the_last_version(store: VersionedStore, size: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", WRITER, str(store.folder), str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    last, told = done.stdout.split(" ", 1)
    assert "cannot be written: File too large" in told
    current = check_store(store)
    if int(last) > 1:
        assert store.read(current).nquads.count(b"\n") == int(last) * 10
    _commit(store, 3)


def _damage(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    kind = chance.choice(["flip", "cut", "empty", "remove", "zeros"])
    if kind == "remove" or not data:
        path.unlink()
        return
    if kind == "flip":
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del data[chance.randrange(len(data)) :]
    elif kind == "zeros":
        data = bytearray(len(data))
    path.write_bytes(data if kind != "empty" else b"")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.randoms(use_true_random=False))
def test_damaged_files_give_an_error_and_never_other_data(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:
    made = VersionedStore.create(tmp_path_factory.mktemp("damaged") / "store", ABOUT, content(1))
    for number in (2, 3):
        _commit(made, number)
    known = {version.dataset_digest: made.read(version).nquads for version in made.published()}
    files = sorted(path for path in made.folder.rglob("*") if path.is_file())
    for path in chance.sample(files, chance.randint(1, 2)):
        _damage(path, chance)
    try:
        damaged = VersionedStore(made.folder)
        for version in damaged.published():
            assert known[version.dataset_digest] == damaged.read(version).nquads
            damaged.unpulled()
            if version.parent:
                damaged.patch(version)
    except (StoreError, PrunedVersionError, UnknownVersionError):
        return
    except KeyError:  # another digest of the dataset: its own check finds that
        with pytest.raises(StoreError):
            check_store(damaged)
