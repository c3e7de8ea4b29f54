# SPDX-License-Identifier: Apache-2.0
"""The files of a store directory, and how each is written and read."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cosigraph import durable_files
from cosigraph.changes import Content
from cosigraph.dataset import canonical_digest
from cosigraph.errors import Position, StoreError
from cosigraph.store_version import Origin, Version, provenance

ABOUT: Final = "store.json"
CURRENT: Final = "current"
PULLED: Final = "pulled"
LOCK: Final = "lock"
VERSIONS: Final = "versions"
UNFINISHED: Final = "unfinished"
DATA: Final = "dataset.nq"
MANIFEST: Final = "manifest.json"
PATCH: Final = "changes.rdfp"
PROVENANCE: Final = "provenance.ttl"
PRUNED: Final = "pruned"


def new_version(
    number: int, parent: int, content: Content, origin: Origin | None, restored: int = 0
) -> Version:
    """Return what is to be said of a version that is made now."""
    origin = origin or Origin()
    return Version(
        number=number,
        parent=parent,
        created=now(),
        digest=digest_of(content),
        graphs=content.graphs,
        dataset_digest=content.digest or canonical_digest(content.nquads),
        who=origin.who,
        why=origin.why,
        restored=restored,
    )


def write_version(
    folder: Path, base: str, version: Version, content: Content, patch: str | None
) -> None:
    """Write a version that nothing names yet; what a killed writer left unfinished goes."""
    versions = folder / VERSIONS
    unfinished, path = versions / UNFINISHED, versions / f"{version.number:06}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    durable_files.write(unfinished / DATA, content.nquads)
    if patch is not None:
        durable_files.write(unfinished / PATCH, patch.encode())
    durable_files.write(unfinished / PROVENANCE, provenance(version, base).encode())
    durable_files.write(unfinished / MANIFEST, json_of(asdict(version)))
    durable_files.sync(unfinished)
    unfinished.rename(path)
    durable_files.sync(versions)


def switch(folder: Path, number: int) -> None:
    """Name the current version, in one step."""
    durable_files.replace(folder / CURRENT, f"{number}\n".encode())


def digest_of(content: Content) -> str:
    """Return ``sha256:`` and the digest of the file with the data."""
    return "sha256:" + hashlib.sha256(content.nquads).hexdigest()


def now() -> str:
    """Return the time as manifests have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def json_of(value: object) -> bytes:
    """Return a value as the files have it."""
    return json.dumps(value, indent=2).encode() + b"\n"


def read_number(path: Path) -> int:
    """Return the number that a file holds; raises StoreError."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise StoreError("The file is damaged or missing.", position=at(path)) from error


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a file holds; raises StoreError."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError("The file is damaged or missing.", position=at(path)) from error
    if not isinstance(content, dict):
        raise StoreError("The file is damaged.", position=at(path))
    return content


def at(path: Path) -> Position:
    """Return a file as a position."""
    return Position(str(path))


def cannot_write(folder: Path, error: OSError) -> StoreError:
    """Return the error to raise for what the system said."""
    return StoreError(f"The store '{folder}' cannot be written: {error.strerror}.")
