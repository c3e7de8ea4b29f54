# SPDX-License-Identifier: Apache-2.0
"""A store directory: every version of a dataset, each written once, and which one is current.

::

    store.json                       what the store was made from
    current                          the number of the current version
    pulled                           the number of the version that the project's files hold
    lock                             held by the one process that writes
    versions/000001/dataset.nq       the quads, sorted
    versions/000001/manifest.json    digests, parent, graphs; who, when and why
    versions/000001/changes.rdfp     what differs from the parent, as an RDF Patch
    versions/000001/provenance.ttl   who, when and why, in the terms of PROV-O
    versions/000001/pruned           only when the data are no longer kept

A version is complete on the disk before ``current`` names it, and ``current`` is replaced in one
step: whenever a writer is killed, the store is as it was before or as it is after. No number is
given twice. Published is what is current, and what that was made from: a version that a killed
writer left behind never was.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from cosigraph import durable_files, store_layout
from cosigraph.changes import Content
from cosigraph.errors import PrunedVersionError, StoreError, UnknownVersionError
from cosigraph.store_version import Origin, Version, digits_of
from cosigraph.store_writer import Writer
from cosigraph.stored_dataset import DefaultGraphKind

__all__ = ["About", "Origin", "Version", "VersionedStore", "Writer"]

_FORMAT = 2
_MOST_DIGITS: Final = 9
_MANY: Final = 10


@dataclass(frozen=True, slots=True)
class About:
    """What a store was made from, and what its queries' default graph is."""

    project: str
    base: str
    default_graph: DefaultGraphKind = DefaultGraphKind.UNION
    format: int = _FORMAT


class VersionedStore:
    """An existing store directory."""

    def __init__(self, folder: Path) -> None:
        """Open the store.

        Raises:
            StoreError: there is no store, or one that this program cannot read.
        """
        self.folder = folder
        if not (folder / store_layout.ABOUT).is_file():
            raise StoreError(
                f"'{folder}' is no store.", advice=f"Make one: cosigraph store create {folder}"
            )
        about = store_layout.read_json(folder / store_layout.ABOUT)
        if about.get("format") != _FORMAT:
            raise StoreError(
                f"The store is of the format {about.get('format')}, and this program reads "
                f"{_FORMAT}.",
                position=store_layout.at(folder / store_layout.ABOUT),
                advice="Use the version of cosigraph that made it, or make a store anew.",
            )
        try:
            self.about = About(
                about["project"], about["base"], DefaultGraphKind(about["default_graph"])
            )
        except (KeyError, ValueError) as error:
            raise StoreError(
                "The file is damaged.", position=store_layout.at(folder / store_layout.ABOUT)
            ) from error

    @classmethod
    def create(
        cls, folder: Path, about: About, content: Content, origin: Origin | None = None
    ) -> VersionedStore:
        """Make a store with ``content``, which is that of the files, as its first version.

        Raises:
            StoreError: the folder exists and is not empty, or cannot be written.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError(f"'{folder}' exists and is not empty.", advice="Choose another name.")
        try:
            (folder / store_layout.VERSIONS).mkdir(parents=True)
            (folder / store_layout.LOCK).touch()
            store_layout.write_version(
                folder, about.base, store_layout.new_version(1, 0, content, origin), content, None
            )
            store_layout.switch(folder, 1)
            durable_files.replace(folder / store_layout.PULLED, b"1\n")
            # Without this file it is no store, so this comes last.
            durable_files.replace(folder / store_layout.ABOUT, store_layout.json_of(asdict(about)))
        except OSError as error:
            raise store_layout.cannot_write(folder, error) from error
        return cls(folder)

    def current(self) -> Version:
        """Return the current version; raises StoreError."""
        return self._version(store_layout.read_number(self.folder / store_layout.CURRENT))

    def published(self) -> Iterator[Version]:
        """Yield the current version and all that it was made from, the newest first.

        Raises:
            StoreError: a file is damaged.
        """
        version = self.current()
        while version.parent:
            yield version
            parent = self._version(version.parent)
            if parent.number >= version.number:
                raise self._damaged(version.number)
            version = parent
        yield version

    def version(self, name: str) -> Version:
        """Return a published version by its number or the beginning of its dataset's digest.

        Of several with the same data the newest is meant.

        Raises:
            UnknownVersionError: there is none, or the beginning is that of several.
            StoreError: a file is damaged.
        """
        known = list(self.published())
        digits = digits_of(name)
        is_number = name.isascii() and name.isdecimal() and len(name) <= _MOST_DIGITS
        found = [each for each in known if is_number and each.number == int(name)]
        if not found and digits:
            found = [each for each in known if each.dataset_digest[7:].startswith(digits)]
        if len({each.dataset_digest for each in found}) == 1:
            return found[0]
        raise UnknownVersionError(
            f"There is no version '{name[:80]}'." if not found else f"'{name}' is not one version.",
            advice=f"There are {self.span()}.",
        )

    def span(self) -> str:
        """Return in words which versions there are."""
        numbers = [str(each.number) for each in self.published() if not self.is_pruned(each)]
        few = numbers if len(numbers) <= _MANY else [*numbers[:5], "…", *numbers[-4:]]
        return f"{len(numbers)} to ask, the newest first: {', '.join(few)}"

    def is_pruned(self, version: Version) -> bool:
        """Tell whether the data of a version are no longer kept."""
        return (self._path(version.number) / store_layout.PRUNED).exists()

    def read(self, version: Version) -> Content:
        """Return the data of a version.

        Raises:
            PrunedVersionError: they are no longer kept.
            StoreError: they are not what was written.
        """
        path = self._path(version.number) / store_layout.DATA
        if self.is_pruned(version):
            raise PrunedVersionError(
                f"The data of version {version.number} are no longer kept.",
                advice=f"There are {self.span()}.",
            )
        try:
            content = Content(path.read_bytes(), version.graphs, version.dataset_digest)
        except OSError as error:
            if self.is_pruned(version):  # meanwhile
                return self.read(version)
            raise StoreError(
                f"The file cannot be read: {error.strerror}.", position=store_layout.at(path)
            ) from error
        if store_layout.digest_of(content) != version.digest:
            raise StoreError(
                "The file is not what was once written.", position=store_layout.at(path)
            )
        return content

    def patch(self, version: Version) -> str:
        """Return the RDF Patch that makes a version of its parent; raises StoreError."""
        path = self._path(version.number) / store_layout.PATCH
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                "The file is damaged or missing.", position=store_layout.at(path)
            ) from error

    def pulled(self) -> Version:
        """Return the version that the project's files were last known to hold."""
        return self._version(store_layout.read_number(self.folder / store_layout.PULLED))

    def unpulled(self) -> tuple[Version, ...]:
        """Return the versions whose data are not in the project's files, the newest first.

        None if the data are those of the version that was pulled last. Raises StoreError.
        """
        pulled, current = self.pulled(), self.current()
        if pulled.dataset_digest == current.dataset_digest:
            return ()
        return tuple(each for each in self.published() if each.number > pulled.number)

    def set_pulled(self, version: Version) -> None:
        """Remember that the project's files hold a version; raises StoreError."""
        try:
            durable_files.replace(self.folder / store_layout.PULLED, f"{version.number}\n".encode())
        except OSError as error:
            raise store_layout.cannot_write(self.folder, error) from error

    def prune(self, version: Version) -> None:
        """Keep the data of a version no longer; what its manifest says stays.

        Raises:
            UnknownVersionError: it is the current one.
            StoreError: the disk cannot be written.
        """
        if version.number == self.current().number:
            raise UnknownVersionError("The current version is not pruned.")
        path = self._path(version.number)
        try:
            # First the mark, so that missing data are never taken for damage.
            durable_files.replace(path / store_layout.PRUNED, f"{store_layout.now()}\n".encode())
            (path / store_layout.DATA).unlink(missing_ok=True)
            durable_files.sync(path)
        except OSError as error:
            raise store_layout.cannot_write(self.folder, error) from error

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Be the one that writes; raises StoreError when another process is."""
        try:
            lock = (self.folder / store_layout.LOCK).open("ab")
        except OSError as error:
            raise store_layout.cannot_write(self.folder, error) from error
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
        return self.folder / store_layout.VERSIONS / f"{number:06}"

    def _version(self, number: int) -> Version:
        try:
            version = Version.from_manifest(
                store_layout.read_json(self._path(number) / store_layout.MANIFEST)
            )
        except (KeyError, TypeError) as error:
            raise self._damaged(number) from error
        if version.number != number:
            raise self._damaged(number)
        return version

    def _damaged(self, number: int) -> StoreError:
        return StoreError(
            "The file is damaged.",
            position=store_layout.at(self._path(number) / store_layout.MANIFEST),
        )
