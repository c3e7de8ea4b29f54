# SPDX-License-Identifier: Apache-2.0
"""Everything that a report depends on, as one digest.

That is: every file below the project folder but what begins with a dot, the options, this package
byte by byte, Python, every package installed beside it, and the day. More goes in than any rule
reads, so that no rule has to say what it reads.
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

from cosigraph.files import largest_file
from cosigraph.query_identity import is_volatile

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
        OSError: a file cannot be read.
    """
    content, state = hashlib.sha256(_surroundings(options)), hashlib.sha256()
    is_lasting = True
    for path in _entries(folder):
        name = path.relative_to(folder).as_posix()
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


def _entries(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder, links followed, always in the same order."""
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            folders[:] = []
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if _counts(name))
        yield from (Path(parent, name) for name in (*folders, *sorted(names)) if _counts(name))


def _counts(name: str) -> bool:
    return not name.startswith(".") and name not in _PASSED_OVER


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
