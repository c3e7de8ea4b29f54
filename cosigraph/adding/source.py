# SPDX-License-Identifier: Apache-2.0
"""The bytes of a dataset, brought to this machine: fetched, held to their digest, unpacked.

Everything goes through the disk in pieces. Neither what comes nor what it is unpacked to may have
more bytes than a file may.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from cosigraph.adding.download import Download
from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.endpoints import Resolve, addresses_of, endpoint
from cosigraph.errors import DatasetError, Position
from cosigraph.files import MEBIBYTE, larger_than_read, largest_file, opened
from cosigraph.formats import ResultFormat
from cosigraph.loading import FORMATS
from cosigraph.suggestions import suggestion_sentence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Progress: TypeAlias = Callable[[str], None]
"""Called with what is being done, in words."""

TABLES: Final = (".csv", ".tsv")
_PIECE: Final = 256 * 1024
_PACKED: Final = (".gz", ".zst")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_MEDIA_TYPES: Final = {
    **{form.media_type.partition(";")[0]: f".{form.extension}" for form in ResultFormat},
    "text/tab-separated-values": ".tsv",
}
_NAMES: Final = {
    **{form.label: f".{form.extension}" for form in ResultFormat.of_kind("graph")},
    **{suffix[1:]: suffix for suffix in TABLES},
}


@dataclass(frozen=True, slots=True)
class Source:
    """What was brought here: the unpacked file, its suffix, and the digest of what came."""

    path: Path
    suffix: str
    sha256: str


def bring(  # noqa: PLR0913, PLR0917 - where it is from, where it goes, and how
    dataset: DeclaredDataset,
    local: Path | None,
    staging: Path,
    progress: Progress,
    resolve: Resolve = addresses_of,
    within: Path | None = None,
) -> Source:
    """Bring the source of a dataset into the folder ``staging``; ``local`` is its path, if any.

    A local file must lie ``within`` that folder, if there is one.

    Raises:
        DatasetError: it is not allowed to be fetched, cannot be had, has another digest, cannot
            be unpacked, or is in no known format.
        ProjectError: a local file cannot be read, or it is too large.
    """
    packed, media_type = staging / "packed", ""
    if local is None:
        media_type = _fetched(dataset, packed, progress, resolve)
    else:
        _copied(local, packed, progress, within)
    digest = _digest(packed)
    if dataset.sha256 is not None and digest != dataset.sha256:
        raise DatasetError(
            f"The source '{dataset.source}' has the SHA-256 {digest}, not {dataset.sha256}.",
            advice="It is not the file that was meant, or it has changed. Look at it, and give its "
            "digest if it is right.",
        )
    suffix = suffix_of(dataset, media_type)
    path = staging / f"source{suffix}"
    _unpack(packed, path, dataset.source, progress)
    return Source(path, suffix, digest)


def suffix_of(dataset: DeclaredDataset, media_type: str = "") -> str:
    """Return the suffix of the format that a dataset's source is in.

    Raises:
        DatasetError: there is no telling, or it is one that is not read.
    """
    if dataset.format is not None:
        if dataset.format not in _NAMES:
            raise DatasetError(
                f"There is no format '{dataset.format}' that can be added.",
                advice=suggestion_sentence(dataset.format, _NAMES),
            )
        return _NAMES[dataset.format]
    path = unquote(urlsplit(dataset.source).path) if dataset.is_remote else dataset.source
    name = PurePosixPath(path)
    if name.suffix.lower() in _PACKED:
        name = name.with_suffix("")
    suffix = name.suffix.lower()
    if suffix in FORMATS or suffix in TABLES:
        return suffix
    known = _MEDIA_TYPES.get(media_type, "")
    if known in FORMATS or known in TABLES:
        return known
    told = f"its media type is {media_type}" if media_type else f"its name ends in '{suffix}'"
    raise DatasetError(
        f"The source '{dataset.source}' is in no known format: {told}.",
        advice=f"Say which with --format or 'format': {', '.join(_NAMES)}.",
    )


def _fetched(dataset: DeclaredDataset, path: Path, progress: Progress, resolve: Resolve) -> str:
    if not dataset.allow_remote:
        raise DatasetError(
            f"The source '{dataset.source}' is not on this machine, and nothing is fetched unless "
            "it is allowed.",
            advice="Allow it with --allow-remote or 'allow-remote = true', or fetch it yourself.",
        )
    if dataset.sha256 is None:
        raise DatasetError(
            f"What is fetched from '{dataset.source}' must be what was meant, but no SHA-256 says "
            "what that is.",
            advice="Give it with --sha256 or 'sha256'.",
        )

    def show(size: int) -> None:
        progress(f"Fetching {dataset.source}: {size / MEBIBYTE:,.1f} MiB")

    with path.open("wb") as output:
        return Download(endpoint(dataset.source), output, show, resolve).media_type()


def _copied(local: Path, path: Path, progress: Progress, within: Path | None) -> None:
    with opened(local, within) as source, path.open("wb") as output:
        _copy(source, output, local, lambda told: progress(f"Reading {local.name}: {told}"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(packed: Path, path: Path, name: str, progress: Progress) -> None:
    with packed.open("rb") as file:
        begin = file.read(4)
    if not begin.startswith((_GZIP, _ZSTD)):
        packed.replace(path)
        return

    def show(told: str) -> None:
        progress(f"Unpacking {name}: {told}")

    opening = gzip.open if begin.startswith(_GZIP) else zstd.open
    try:
        with opening(packed, "rb") as source, path.open("wb") as output:
            _copy(cast(BinaryIO, source), output, Path(name), show)
    except (gzip.BadGzipFile, zlib.error, zstd.ZstdError, EOFError) as error:
        raise DatasetError(
            f"The source '{name}' cannot be unpacked: {error}.", position=Position(name)
        ) from error


def _copy(source: BinaryIO, output: BinaryIO, name: Path, show: Progress) -> None:
    most, size = largest_file(), 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > most:
            raise larger_than_read(name, most)
        output.write(piece)
        show(f"{size / MEBIBYTE:,.1f} MiB")
