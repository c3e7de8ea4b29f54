# SPDX-License-Identifier: Apache-2.0
"""A store copied whole, also while it is written to: for a backup, and back from one.

What is pulled and then the number of the current version are read first; that and all that it was
made from never change again but that they may be pruned, which a copy follows. Everything is
checked on its way: a copy is a store with the same versions, or there is none.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final

from cosigraph import durable_files, store_layout
from cosigraph.dataset import canonical_digest
from cosigraph.errors import PrunedVersionError, StoreError
from cosigraph.store_version import Version
from cosigraph.versioned_store import VersionedStore

_UNFINISHED: Final = ".unfinished"
_KEPT: Final = (store_layout.MANIFEST, store_layout.PATCH, store_layout.PROVENANCE)


def copy_store(source: VersionedStore, target: Path) -> VersionedStore:
    """Copy all that a store has published to a folder that is not there, or empty.

    Raises:
        StoreError: something is damaged, the target is not empty, or the disk cannot be written;
            nothing is there then
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(f"'{target}' exists and is not empty.", advice="Choose another name.")
    unfinished = target.with_name(f"{target.name}{_UNFINISHED}")
    pulled = source.pulled()  # before the current one, which may be pulled as soon as it is made
    versions = list(source.published())
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / store_layout.VERSIONS).mkdir(parents=True)
        (unfinished / store_layout.LOCK).touch()
        for version in versions:
            _copy_version(source, version, unfinished)
        durable_files.sync(unfinished / store_layout.VERSIONS)
        for name, number in (
            (store_layout.CURRENT, versions[0].number),
            (store_layout.PULLED, pulled.number),
        ):
            durable_files.replace(unfinished / name, f"{number}\n".encode())
        about = store_layout.json_of(asdict(source.about))
        durable_files.replace(unfinished / store_layout.ABOUT, about)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
        durable_files.sync(target.absolute().parent)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise store_layout.cannot_write(target, error) from error
    except StoreError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return VersionedStore(target)


def _copy_version(source: VersionedStore, version: Version, target: Path) -> None:
    place = Path(store_layout.VERSIONS, f"{version.number:06}")
    folder = target / place
    folder.mkdir()
    try:
        content = source.read(version).nquads
    except PrunedVersionError:
        durable_files.write(folder / store_layout.PRUNED, f"{store_layout.now()}\n".encode())
    else:
        durable_files.write(folder / store_layout.DATA, content)
    for name in _KEPT:
        path = source.folder / place / name
        if path.exists():  # the first version has no patch
            durable_files.write(folder / name, path.read_bytes())
    durable_files.sync(folder)


def check_store(store: VersionedStore) -> Version:
    """Hold every version of a store to its digests, and return the current one.

    Raises:
        StoreError: something is not what was once written
    """
    for version in store.published():
        try:
            content = store.read(version)
        except PrunedVersionError:
            continue
        found = canonical_digest(content.nquads)
        if found != version.dataset_digest:
            raise StoreError(
                f"The dataset of version {version.number} has the digest {found}, and not "
                f"{version.dataset_digest}."
            )
    return store.current()
