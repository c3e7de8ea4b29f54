# SPDX-License-Identifier: Apache-2.0
"""A project folder as it is in a revision of the git repository that it lies in.

Only git's plumbing is called, which runs no hook and no filter, without a shell, and nothing is
written to the repository. What a project is made of is written into a temporary folder; a path
that would leave it, or a link, is refused.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from cosigraph.configuration import FILE_NAME
from cosigraph.errors import ProjectError, UsageError
from cosigraph.loading import FORMATS

LARGEST: Final = 2 * 1024**3
"""How many bytes the files of a revision may have together."""

_SUFFIXES: Final = frozenset({*FORMATS, ".rq", ".csv"})
_LINK, _FILE = "120000", "100"  # the mode of a link, and how those of regular files begin
_TIMEOUT: Final = 120.0
_OF_A_HOOK: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
_SETTINGS: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    identifier: str
    size: int
    path: str


@contextmanager
def revision_folder(revision: str, folder: Path) -> Iterator[Path]:
    """Give a temporary folder with the project ``folder`` as it is in ``revision``.

    Raises:
        ProjectError: git is not installed, the folder lies in no repository, or it was not there
            or holds a link or too much.
        UsageError: there is no such revision.
    """
    if not folder.is_dir():
        raise ProjectError(f"The project folder '{folder}' does not exist.")
    entries = [entry for entry in _entries(revision, folder) if _is_wanted(entry, revision)]
    if not entries:
        raise ProjectError(
            f"The folder '{folder}' holds nothing of a project in the revision '{revision}'.",
            advice="Choose the folder with --project, or another revision.",
        )
    size = sum(entry.size for entry in entries)
    if size > LARGEST:
        raise ProjectError(
            f"The files of the revision '{revision}' have {size} bytes; {LARGEST} may be compared."
        )
    with TemporaryDirectory(prefix="cosigraph-") as temporary:
        try:
            for entry, content in zip(entries, _contents(entries, folder), strict=True):
                path = Path(temporary).joinpath(*PurePosixPath(entry.path).parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            raise ProjectError(
                f"The revision '{revision}' cannot be written to a folder: {error.strerror}."
            ) from error
        yield Path(temporary)


def _entries(revision: str, folder: Path) -> list[_Entry]:
    if b"true" not in _git(folder, "rev-parse", "--is-inside-work-tree", otherwise=b""):
        raise ProjectError(
            f"The folder '{folder}' lies in no git repository.",
            advice="Choose a folder that does with --project, or compare two folders.",
        )
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        otherwise=b"",
    ).decode().strip()  # fmt: skip
    if not commit:
        raise UsageError(
            f"The repository of '{folder}' has no revision '{revision}'.",
            advice="Name a branch, a tag or a commit, for example git:HEAD.",
        )
    # Relative to the folder, and only what lies in it.
    listed = _git(folder, "ls-tree", "-r", "-l", "-z", commit, "--", ".")
    return [_entry(line) for line in listed.split(b"\0") if line]


def _entry(line: bytes) -> _Entry:
    about, _, path = line.partition(b"\t")
    mode, _, identifier, size = about.decode().split()
    return _Entry(mode, identifier, int(size) if size.isdecimal() else 0, os.fsdecode(path))


def _is_wanted(entry: _Entry, revision: str) -> bool:
    """Tell whether a project may be made of the file; refuse what must not be written."""
    path = PurePosixPath(entry.path)
    is_link = entry.mode == _LINK
    may_be_folder = is_link and not path.suffix
    if path.suffix not in _SUFFIXES and entry.path != FILE_NAME and not may_be_folder:
        return False
    if is_link:
        raise ProjectError(
            f"In the revision '{revision}', '{entry.path}' is a link, which is not followed."
        )
    if path.is_absolute() or ".." in path.parts or "\\" in entry.path:
        raise ProjectError(f"In the revision '{revision}', '{entry.path}' leaves the folder.")
    return entry.mode.startswith(_FILE)


def _contents(entries: Sequence[_Entry], folder: Path) -> Iterator[bytes]:
    """Yield the content of each entry, in order."""
    wanted = "".join(f"{entry.identifier}\n" for entry in entries).encode()
    given = _git(folder, "cat-file", "--batch", written=wanted)
    start = 0
    for entry in entries:
        start = given.index(b"\n", start) + 1
        yield given[start : start + entry.size]
        start += entry.size + 1


def _git(
    folder: Path, *arguments: str, written: bytes = b"", otherwise: bytes | None = None
) -> bytes:
    """Return what git writes; when it fails ``otherwise``, or raise what it says."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    # No lock, no question, and no object from another machine.
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, without a shell
            ["git", *_SETTINGS, *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env={**environment, **quiet, "LC_ALL": "C"},
            input=written,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise ProjectError("git is not installed, so there is no revision to compare.") from None
    except subprocess.TimeoutExpired:
        raise ProjectError(f"git did not answer within {_TIMEOUT:.0f} s.") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
    if otherwise is not None and "dubious ownership" not in said:
        return otherwise
    raise ProjectError(f"git cannot read the repository of '{folder}': {said.rstrip('.')}.")
