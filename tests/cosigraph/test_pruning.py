# SPDX-License-Identifier: Apache-2.0
"""Versions that are asked by name, restored, and no longer kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cosigraph.changes import Content
from cosigraph.errors import PrunedVersionError, StoreError, UnknownVersionError, UsageError
from cosigraph.pruning import Rule, outdated
from cosigraph.store_version import Origin
from cosigraph.versioned_store import About, VersionedStore

ABOUT = About("orchard", "https://orchard.example/")


def content(number: int) -> Content:
    return Content(f'<a:s> <a:p> "{number}" <a:g> .\n'.encode(), ("a:g",))


@pytest.fixture
def store(tmp_path: Path) -> VersionedStore:
    """A store with the versions 1 to 5."""
    made = VersionedStore.create(tmp_path / "store", ABOUT, content(1))
    with made.writing() as writer:
        for number in range(2, 6):
            writer.commit(content(number), made.current(), Origin("ann", f"why {number}"))
    return made


def numbers(store: VersionedStore, rule: Rule, now: datetime | None = None) -> list[int]:
    return [version.number for version in outdated(store, rule, now)]


def test_a_version_is_asked_by_its_number_or_its_digest(store: VersionedStore) -> None:
    third = store.version("3")
    assert store.read(third) == content(3)
    assert (third.who, third.why, third.parent) == ("ann", "why 3", 2)
    for name in (third.dataset_digest, third.dataset_digest[7:19], f"0.1.0+{third.dataset_digest}"):
        assert store.version(name.replace("sha256:", "sha256.")) == third
    for name in ("6", "0", "abc", "", "sha256:", "1e3", "-1", "²"):
        with pytest.raises(UnknownVersionError, match="5 to ask, the newest first: 5, 4, 3, 2, 1"):
            store.version(name)


def test_what_a_version_changed_is_kept_as_a_patch(store: VersionedStore) -> None:
    rows = store.patch(store.version("3")).splitlines()
    assert rows[2:] == ["TX .", 'D <a:s> <a:p> "2" <a:g> .', 'A <a:s> <a:p> "3" <a:g> .', "TC ."]
    assert rows[1].split("<")[1] == store.patch(store.version("2")).splitlines()[0].split("<")[1]


def test_a_rule_keeps_the_newest_and_the_young_and_what_is_in_use(store: VersionedStore) -> None:
    assert numbers(store, Rule(newest=2)) == [3, 2]  # the first is what the files hold
    store.set_pulled(store.version("3"))
    assert numbers(store, Rule(newest=2)) == [2, 1]
    assert numbers(store, Rule(newest=1)) == [4, 2, 1]
    assert numbers(store, Rule(days=1)) == []
    later = datetime.now(UTC) + timedelta(days=2)
    assert numbers(store, Rule(days=1), later) == [4, 2, 1]
    assert numbers(store, Rule(newest=4, days=1), later) == [1]
    with pytest.raises(UsageError, match="--keep"):
        outdated(store, Rule())


def test_of_a_pruned_version_it_is_known_that_it_was_there(store: VersionedStore) -> None:
    second = store.version("2")
    store.prune(second)
    store.prune(second)
    assert store.version("2") == second
    with pytest.raises(PrunedVersionError, match=r"no longer kept.*4 to ask.*5, 4, 3, 1"):
        store.read(second)
    assert store.patch(second)
    assert [version.number for version in store.published()] == [5, 4, 3, 2, 1]
    with pytest.raises(UnknownVersionError, match="current"):
        store.prune(store.current())
    with store.writing() as writer:
        assert writer.commit(content(6), store.current()).number == 6


def test_missing_data_that_nobody_pruned_are_damage(store: VersionedStore) -> None:
    (store.folder / "versions/000002/dataset.nq").unlink()
    with pytest.raises(StoreError, match=r"dataset\.nq: The file cannot be read"):
        store.read(store.version("2"))


def test_an_old_version_is_published_once_more(store: VersionedStore) -> None:
    second = store.version("2")
    with store.writing() as writer:
        made = writer.restore(second, Origin("bob", "a mistake"))
        store.prune(store.version("4"))
        with pytest.raises(PrunedVersionError):
            writer.restore(store.version("4"))
    assert (made.number, made.parent, made.restored) == (6, 5, 2)
    assert made.dataset_digest == second.dataset_digest
    assert store.read(store.current()) == content(2)
    assert store.version(second.dataset_digest) == made
    assert store.version("2") == second


def test_a_version_that_a_killed_writer_left_was_never_published(store: VersionedStore) -> None:
    with store.writing() as writer:
        writer.commit(content(6), store.current())
    (store.folder / "current").write_text("5\n")
    with pytest.raises(UnknownVersionError):
        store.version("6")
    with store.writing() as writer:
        assert writer.commit(content(7), store.current()).number == 7
    assert [version.number for version in store.published()] == [7, 5, 4, 3, 2, 1]


def test_the_files_lack_what_was_written_since_they_were_last_the_same(
    store: VersionedStore,
) -> None:
    assert [version.number for version in store.unpulled()] == [5, 4, 3, 2]
    store.set_pulled(store.version("4"))
    assert [version.number for version in store.unpulled()] == [5]
    with store.writing() as writer:
        writer.restore(store.version("4"))
    assert store.unpulled() == ()


def test_versions_that_go_in_a_circle_are_damage(store: VersionedStore) -> None:
    path = store.folder / "versions/000003/manifest.json"
    path.write_text(path.read_text().replace('"parent": 2', '"parent": 5'))
    with pytest.raises(StoreError, match=r"manifest\.json: The file is damaged"):
        list(store.published())
