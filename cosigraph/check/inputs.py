# SPDX-License-Identifier: Apache-2.0
"""Everything that a report depends on, as one digest.

That is: every file below the project folder, and where each link leads, the options, this package
byte by byte, Python, every package installed beside it, and the day. More goes in than any rule
reads, so that no rule has to say what it reads. Only of what begins with a dot, and of the folders
that tools fill, no more goes in than the check reads.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from cosigraph.canned import FOLDER
from cosigraph.check.syntax import CONTENT_FOLDERS
from cosigraph.configuration import read_configuration
from cosigraph.files import largest_file, matching
from cosigraph.query_identity import is_volatile
from cosigraph.released import list_of

_PACKAGE: Final = Path(__file__).parents[1]
_PASSED_OVER: Final = frozenset({"__pycache__", "node_modules"})
_WITH_QUERIES: Final = ("queries", "shapes")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a report depends on at one moment.

    ``state`` tells whether a file was touched meanwhile, even if it is as before. Where a query
    may have another answer each time, ``is_lasting`` is false: nothing may be kept.
    """

    digest: str
    state: str
    is_lasting: bool


def inputs_of(folder: Path, options: Mapping[str, object]) -> Inputs:
    """Read everything that the report on a folder depends on.

    Raises:
        OSError: a file or folder cannot be read.
        ProjectError: the folder is no project, or a folder in it cannot be read.
    """
    content, state = hashlib.sha256(_surroundings(options)), hashlib.sha256()
    is_lasting = True
    for path in _entries(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():  # one that leads out is not read, whatever it leads to
            name = f"{name} -> {_target(path, folder)}"
        if not path.is_file():  # a folder, or what is read to another end each time: a pipe
            is_lasting = is_lasting and path.is_dir()
            content.update(f"{len(name)} {name} ".encode("utf-8", "surrogateescape"))
            continue
        status = path.stat()
        if status.st_size > largest_file():  # the check does not read it either
            is_lasting = False
            continue
        data = path.read_bytes()
        content.update(f"{len(name)} {name} {len(data)} ".encode("utf-8", "surrogateescape"))
        content.update(data)
        state.update(f"{name} {status.st_ino} {status.st_ctime_ns}".encode(errors="replace"))
        if name.startswith(_WITH_QUERIES) and is_volatile(data.decode("utf-8", "replace")):
            is_lasting = False
    return Inputs(content.hexdigest(), state.hexdigest(), is_lasting)


def _entries(folder: Path) -> list[Path]:
    """Return everything that counts below a folder, always in the same order."""
    return sorted({*_visible(folder), *_read(folder)})


def _visible(folder: Path) -> Iterator[Path]:
    """Yield what is below a folder, links followed, but for what begins with a dot and the like."""
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=_raise, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            folders[:] = []
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if _counts(name))
        yield from (Path(parent, name) for name in (*folders, *names) if _counts(name))


def _raise(error: OSError) -> None:
    raise error


def _counts(name: str) -> bool:
    return not name.startswith(".") and name not in _PASSED_OVER


def _read(folder: Path) -> Iterator[Path]:
    """Yield what the check looks for, whatever its name begins with."""
    configuration = read_configuration(folder)
    for graph in configuration.graphs:
        for pattern in graph.patterns:
            yield from matching(folder, pattern)
    for name in (*CONTENT_FOLDERS, FOLDER):
        yield from matching(folder, f"{name}/**/*")
    released = list_of(folder, configuration)
    if released.exists():
        yield released


def _target(link: Path, folder: Path) -> str:
    """Return where a link leads: within the folder relative to it, so that it may lie elsewhere."""
    target, within = os.path.realpath(link), os.path.realpath(folder)
    inside = Path(target).is_relative_to(within)
    return os.path.relpath(target, within) if inside else target


def _surroundings(options: Mapping[str, object]) -> bytes:
    """Return in words what a report depends on beside the folder."""
    own = sorted(item for item in os.environ.items() if item[0].startswith("COSIGRAPH_"))
    day = datetime.now(UTC).date()
    return repr((_software(), sorted(options.items()), own, str(day))).encode()


@cache
def _software() -> str:
    """Return a digest of this package and of the names and versions of all others."""
    digest = hashlib.sha256(f"{sys.version} {platform.platform()}".encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".md", ".toml", ".json", ".ttl"} and path.is_file():
            digest.update(f"{path.relative_to(_PACKAGE)} ".encode())
            digest.update(path.read_bytes())
    for place in sys.path:
        if Path(place).is_dir():
            installed = sorted(path.name for path in Path(place).glob("*-info"))
            digest.update(repr(installed).encode())
    return digest.hexdigest()
