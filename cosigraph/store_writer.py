# SPDX-License-Identifier: Apache-2.0
"""The one that writes to a store: new versions, each whole on the disk before it is current."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosigraph import store_layout
from cosigraph.changes import Content
from cosigraph.content_patch import patch_between
from cosigraph.errors import StoreError
from cosigraph.store_version import Origin, Version

if TYPE_CHECKING:
    from cosigraph.versioned_store import VersionedStore


class Writer:
    """Writes versions; there is one at a time."""

    def __init__(self, store: VersionedStore) -> None:
        self._store = store

    def commit(
        self, content: Content, parent: Version, origin: Origin | None = None, restored: int = 0
    ) -> Version:
        """Write ``content`` as a new version and make it the current one.

        Raises:
            StoreError: ``parent`` is no longer current, or the disk cannot be written; the current
                version is as it was.
        """
        store, folder = self._store, self._store.folder
        if store.current() != parent:
            raise StoreError(f"Version {parent.number} is no longer the current one.")
        before = store.read(parent)
        number = 1 + max(int(path.name) for path in (folder / store_layout.VERSIONS).glob("[0-9]*"))
        version = store_layout.new_version(number, parent.number, content, origin, restored)
        patch = patch_between((before, parent.dataset_digest), (content, version.dataset_digest))
        try:
            store_layout.write_version(folder, store.about.base, version, content, patch)
            store_layout.switch(folder, version.number)
        except OSError as error:
            raise store_layout.cannot_write(folder, error) from error
        return version

    def restore(self, version: Version, origin: Origin | None = None) -> Version:
        """Publish the data of an older version once more, as a new one.

        Raises:
            PrunedVersionError: they are no longer kept.
            StoreError: they are damaged, or the disk cannot be written.
        """
        content = self._store.read(version)
        return self.commit(content, self._store.current(), origin, restored=version.number)
