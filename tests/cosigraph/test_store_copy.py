# SPDX-License-Identifier: Apache-2.0
"""A store is copied whole, whatever happens to it meanwhile, and back to the same digests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cosigraph import durable_files
from cosigraph.changes import Content
from cosigraph.errors import PrunedVersionError, StoreError
from cosigraph.store_copy import check_store, copy_store
from cosigraph.versioned_store import About, Version, VersionedStore

ABOUT = About("orchard", "https://orchard.example/")
MOST_WRITTEN = 40  # a writer that is quicker than who copies would give them ever more to copy


def content(number: int) -> Content:
    line = f'<a:s> <a:p> "{number}" <a:g> .\n_:b{number} <a:p> "x" <a:g> .\n'
    return Content(line.encode(), ("a:g",))


@pytest.fixture
def store(tmp_path: Path) -> VersionedStore:
    """A store with the versions 1 to 4, of which the second is pruned."""
    made = VersionedStore.create(tmp_path / "store", ABOUT, content(1))
    with made.writing() as writer:
        for number in (2, 3, 4):
            writer.commit(content(number), made.current())
    made.prune(made.version("2"))
    return made


def test_a_copy_has_the_same_versions_and_digests(store: VersionedStore, tmp_path: Path) -> None:
    copied = copy_store(store, tmp_path / "backup")
    again = copy_store(copied, tmp_path / "again")
    for other in (copied, again):
        assert list(other.published()) == list(store.published())
        assert check_store(other).dataset_digest == store.current().dataset_digest
        assert other.about == store.about
        assert other.pulled() == store.pulled()
        assert other.patch(other.version("3")) == store.patch(store.version("3"))
        with pytest.raises(PrunedVersionError):
            other.read(other.version("2"))
    with again.writing() as writer:
        assert writer.commit(content(5), again.current()).number == 5


def test_it_is_copied_while_it_is_written_to_and_pruned(
    store: VersionedStore, tmp_path: Path
) -> None:
    done = threading.Event()

    def write() -> None:
        with store.writing() as writer:
            for number in range(5, MOST_WRITTEN):
                if done.is_set():
                    return
                made = writer.commit(content(number), store.current())
                store.prune(store.version(str(made.parent)))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(10):
            copied = copy_store(store, tmp_path / f"backup-{number}")
            current = check_store(copied)
            assert store.version(str(current.number)) == current
    finally:
        done.set()
        thread.join()


def test_what_is_pulled_while_it_is_copied_is_in_the_copy_or_not_pulled_there(
    store: VersionedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = store.published

    def then_written() -> Iterator[Version]:
        found = list(published())
        with store.writing() as writer:
            store.set_pulled(writer.commit(content(5), store.current()))
        return iter(found)

    monkeypatch.setattr(store, "published", then_written)
    copied = copy_store(store, tmp_path / "backup")
    assert copied.pulled() in list(copied.published())


def test_a_damaged_store_is_not_copied(store: VersionedStore, tmp_path: Path) -> None:
    (store.folder / "versions/000003/dataset.nq").write_text("<a:s> <a:p> <a:o> .\n")
    with pytest.raises(StoreError, match=r"000003/dataset\.nq"):
        copy_store(store, tmp_path / "backup")
    assert {path.name for path in tmp_path.iterdir()} == {"store"}


def test_a_full_disk_leaves_nothing_behind(
    store: VersionedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable_files, "write", full)
    with pytest.raises(StoreError, match="cannot be written: No space left"):
        copy_store(store, tmp_path / "backup")
    assert {path.name for path in tmp_path.iterdir()} == {"store"}


def test_another_dataset_than_the_manifest_says_is_damage(store: VersionedStore) -> None:
    path = store.folder / "versions/000003/manifest.json"
    digest = store.version("3").dataset_digest
    path.write_text(path.read_text().replace(digest, "sha256:" + "0" * 64))
    with pytest.raises(StoreError, match="version 3 has the digest"):
        check_store(store)
