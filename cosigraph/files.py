# SPDX-License-Identifier: Apache-2.0
"""The files of a folder that may be a stranger's: found and read so that nothing ends or fills us.

Only regular files within the folder are read, whole, and up to a size. The size is not the
folder's own to say, but that of whoever runs the program: ``COSIGRAPH_LARGEST_FILE``, in MiB.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from cosigraph.errors import (
    FileTooLargeError,
    LinkOutsideError,
    Position,
    UnreadableFileError,
    UsageError,
)

Failed: TypeAlias = Callable[[UnreadableFileError], None]
"""Called for a folder that cannot be read."""

VARIABLE: Final = "COSIGRAPH_LARGEST_FILE"
MEBIBYTE: Final = 1024 * 1024
LARGEST_TEXT: Final = MEBIBYTE // 4
"""The most bytes of what is not data: a query, the configuration."""

_DEFAULT = 256
_DIGITS = 8
_ALL_FILES = 4
_BYTES_FOR_A_TRIPLE = 64
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WILDCARDS = frozenset("*?[")


def largest_file() -> int:
    """Return how many bytes a file may have.

    Raises:
        UsageError: the environment says something that is no number.
    """
    text = os.environ.get(VARIABLE, "") or str(_DEFAULT)
    is_number = text.isascii() and text.isdecimal() and len(text) < _DIGITS
    if not is_number or int(text) == 0:
        raise UsageError(
            f"{VARIABLE} is '{text[:20]}', which is no size.",
            advice="Give a whole number of MiB, for example 512.",
        )
    return int(text) * MEBIBYTE


class Allowance:
    """What the RDF files of a project may amount to together, so that the memory is bounded.

    Four times as many bytes as one file may have, and a statement for every 64 bytes of one.
    """

    def __init__(self) -> None:
        self.file = largest_file()
        self.bytes = _ALL_FILES * self.file
        self.triples = self.file // _BYTES_FOR_A_TRIPLE

    def read(self, path: Path, folder: Path | None = None) -> bytes:
        """Read a file, as ``read_file``, and take its size off the allowance."""
        content = read_file(path, folder, min(self.file, self.bytes))
        self.bytes -= len(content)
        return content

    def take_triple(self, path: Path) -> None:
        """Take a statement off the allowance.

        Raises:
            FileTooLargeError: there was none left.
        """
        if self.triples == 0:
            raise _too_large(
                path,
                "The project's files have more statements than are read "
                f"({self.file // _BYTES_FOR_A_TRIPLE:,}).",
            )
        self.triples -= 1


def read_file(path: Path, folder: Path | None = None, largest: int | None = None) -> bytes:
    """Return what is in a file of ``folder``.

    Raises:
        LinkOutsideError: it, or a folder above it, is a link that leads out of ``folder``.
        FileTooLargeError: it has more than ``largest`` bytes, or than ``largest_file``.
        UnreadableFileError: it is no regular file, or cannot be read.
    """
    most = largest_file() if largest is None else largest
    with opened(path, folder) as file:
        try:
            content = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
        except OSError as error:
            raise unreadable(path, error) from error
    if content is None or len(content) > most:
        raise larger_than_read(path, most)
    return content


def opened(path: Path, folder: Path | None = None) -> BinaryIO:
    """Open a regular file of ``folder`` to be read.

    Raises:
        LinkOutsideError, UnreadableFileError: as ``read_file``.
    """
    if folder is not None and not _is_within(path, folder):
        raise LinkOutsideError(
            "The file is a link that leads out of the project folder, and is not read.",
            position=Position(str(path)),
            advice="Put the file itself into the folder.",
        )
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except IsADirectoryError:
        raise UnreadableFileError(
            "This is a folder where a file is expected.", position=Position(str(path))
        ) from None
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # a pipe or a device may never end
        file.close()
        raise UnreadableFileError("This is no regular file.", position=Position(str(path)))
    return file


def _is_within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def larger_than_read(path: Path, most: int) -> FileTooLargeError:
    """Return the error to raise for a file with more than ``most`` bytes."""
    size = f"{most // MEBIBYTE:,} MiB" if most >= MEBIBYTE else f"{most // 1024:,} KiB"
    return _too_large(path, f"The file is larger than what is read ({size}).", most)


def _too_large(path: Path, detail: str, most: int | None = None) -> FileTooLargeError:
    more = f"Part the data, or set {VARIABLE} (in MiB, {_DEFAULT} unless set) to allow more."
    return FileTooLargeError(
        detail,
        position=Position(str(path)),
        advice="Make it smaller." if most == LARGEST_TEXT else more,
    )


def is_folder(path: str | Path) -> bool:
    """Tell whether this is a folder, or a link to one; not, where we may not know."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib raises


def unreadable(path: Path, error: OSError) -> UnreadableFileError:
    """Return the error to raise for what the system said of a file or folder."""
    what = "folder" if is_folder(path) else "file"
    return UnreadableFileError(
        f"The {what} cannot be read: {error.strerror or error}.", position=Position(str(path))
    )


def raise_it(error: UnreadableFileError) -> None:
    """Raise the error: what is done about a folder that cannot be read, unless said otherwise."""
    raise error


def matching(folder: Path, pattern: str, failed: Failed = raise_it) -> list[Path]:
    """Return the paths below ``folder`` that match a pattern, sorted; ``**`` follows no links.

    ``failed`` is called for each folder that cannot be read; unless given, it raises. What
    vanishes meanwhile is not there.
    """
    parts = tuple(part for part in pattern.split("/") if part not in {"", "."})
    if parts and parts[-1] == "**":
        parts = (*parts, "*")
    return sorted(set(_matching(folder, parts, failed)))


def _matching(folder: Path, parts: tuple[str, ...], failed: Failed) -> Iterator[Path]:
    if not parts:
        yield folder
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        yield from _matching(folder, rest, failed)
        for entry in _entries(folder, failed):
            if entry.is_dir(follow_symlinks=False):
                yield from _matching(Path(entry.path), parts, failed)
    elif not _WILDCARDS & set(first):
        path = folder / first
        if is_folder(path) if rest else os.path.lexists(path):
            yield from _matching(path, rest, failed)
    else:
        for entry in _entries(folder, failed):
            if fnmatchcase(entry.name, first) and (not rest or is_folder(entry.path)):
                yield from _matching(Path(entry.path), rest, failed)


def _entries(folder: Path, failed: Failed) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        failed(unreadable(folder, error))
        return []
