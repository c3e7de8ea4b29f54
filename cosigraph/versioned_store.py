# SPDX-License-Identifier: Apache-2.0
"""A store directory: every version of a dataset, each written once, and which one is current.

::

    store.json                    what the store was made from
    current                       the number of the current version
    lock                          held by the one process that writes
    versions/000001/dataset.nq    the quads, sorted
    versions/000001/manifest.json the named graphs, the digest of dataset.nq, parent, time

A version is complete on the disk before ``current`` names it, and ``current`` is replaced in one
step: whenever a writer is killed, the store is as it was before or as it is after. No number is
given twice, so a version that is not current, or never was, stays what it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cosigraph.changes import Content
from cosigraph.errors import Position, StoreError
from cosigraph.stored_dataset import DefaultGraphKind

_FORMAT = 1
_ABOUT, _CURRENT, _LOCK, _VERSIONS = "store.json", "current", "lock", "versions"
_DATA, _MANIFEST, _UNFINISHED = "dataset.nq", "manifest.json", "unfinished"


@dataclass(frozen=True, slots=True)
class About:
    """What a store was made from, and what its queries' default graph is."""

    project: str
    base: str
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION
    format: int = _FORMAT


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number, that of the version it was made from (0 for none), and its data."""

    number: int
    parent: int
    created: str
    digest: str
    graphs: tuple[str, ...]


class VersionedStore:
    """An existing store directory."""

    def __init__(self, folder: Path) -> None:
        """Open the store.

        Raises:
            StoreError: there is no store, or one that this program cannot read.
        """
        self.folder = folder
        if not (folder / _ABOUT).is_file():
            raise StoreError(
                f"'{folder}' is no store.", advice=f"Make one: cosigraph store create {folder}"
            )
        about = _read_json(folder / _ABOUT)
        if about.get("format") != _FORMAT:
            raise StoreError("The store is of another format.", position=_at(folder / _ABOUT))
        try:
            self.about = About(
                about["project"], about["base"], DefaultGraphKind(about["default_graph"])
            )
        except (KeyError, ValueError) as error:
            raise StoreError("The file is damaged.", position=_at(folder / _ABOUT)) from error

    @classmethod
    def create(cls, folder: Path, about: About, content: Content) -> VersionedStore:
        """Make a store with ``content`` as its first version.

        Raises:
            StoreError: the folder exists and is not empty, or cannot be written.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError(f"'{folder}' exists and is not empty.", advice="Choose another name.")
        try:
            (folder / _VERSIONS).mkdir(parents=True)
            (folder / _LOCK).touch()
            _write_version(folder, Version(1, 0, _now(), _digest(content), content.graphs), content)
            _switch(folder, 1)
            # Without this file it is no store, so this comes last.
            _write(folder / _ABOUT, _json(asdict(about)))
            _sync(folder)
        except OSError as error:
            raise _cannot_write(folder, error) from error
        return cls(folder)

    def current(self) -> Version:
        """Return the current version; raises StoreError."""
        path = self.folder / _CURRENT
        try:
            number = int(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise StoreError("The file is damaged or missing.", position=_at(path)) from error
        return self._version(number)

    def read(self, version: Version) -> Content:
        """Return the data of a version; raises StoreError when they are not what was written."""
        path = self._path(version.number) / _DATA
        try:
            content = Content(path.read_bytes(), version.graphs)
        except OSError as error:
            raise StoreError(
                f"The file cannot be read: {error.strerror}.", position=_at(path)
            ) from error
        if _digest(content) != version.digest:
            raise StoreError("The file is not what was once written.", position=_at(path))
        return content

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Be the one that writes; raises StoreError when another process is."""
        try:
            lock = (self.folder / _LOCK).open("ab")
        except OSError as error:
            raise _cannot_write(self.folder, error) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreError(
                    f"Another process writes to the store '{self.folder}'.",
                    advice="Stop it, or serve the store without --allow-update.",
                ) from error
            yield Writer(self)

    def _path(self, number: int) -> Path:
        return self.folder / _VERSIONS / f"{number:06}"

    def _version(self, number: int) -> Version:
        path = self._path(number) / _MANIFEST
        manifest = _read_json(path)
        try:
            return Version(**{**manifest, "graphs": tuple(manifest["graphs"])})
        except (KeyError, TypeError) as error:
            raise StoreError("The file is damaged.", position=_at(path)) from error


class Writer:
    """Writes versions; there is one at a time."""

    def __init__(self, store: VersionedStore) -> None:
        self._store = store

    def commit(self, content: Content, parent: Version) -> Version:
        """Write ``content`` as a new version and make it the current one.

        Raises:
            StoreError: ``parent`` is no longer current, or the disk cannot be written; the current
                version is as it was.
        """
        current = self._store.current()
        if current != parent:
            raise StoreError(f"Version {parent.number} is no longer the current one.")
        folder = self._store.folder
        number = 1 + max(int(path.name) for path in (folder / _VERSIONS).glob("[0-9]*"))
        version = Version(number, current.number, _now(), _digest(content), content.graphs)
        try:
            _write_version(folder, version, content)
            _switch(folder, version.number)
        except OSError as error:
            raise _cannot_write(folder, error) from error
        return version


def _write_version(folder: Path, version: Version, content: Content) -> None:
    """Write a version that nothing names yet; what a killed writer left unfinished goes."""
    versions = folder / _VERSIONS
    unfinished, path = versions / _UNFINISHED, versions / f"{version.number:06}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _write(unfinished / _DATA, content.nquads)
    _write(unfinished / _MANIFEST, _json(asdict(version)))
    _sync(unfinished)
    unfinished.rename(path)
    _sync(versions)


def _switch(folder: Path, number: int) -> None:
    """Name the current version, in one step."""
    new = folder / f"{_CURRENT}.new"
    _write(new, f"{number}\n".encode())
    new.replace(folder / _CURRENT)
    _sync(folder)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Let the folder's entries reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(content: Content) -> str:
    return "sha256:" + hashlib.sha256(content.nquads).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError("The file is damaged or missing.", position=_at(path)) from error
    if not isinstance(content, dict):
        raise StoreError("The file is damaged.", position=_at(path))
    return content


def _at(path: Path) -> Position:
    return Position(str(path))


def _cannot_write(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"The store '{folder}' cannot be written: {error.strerror}.")
