# SPDX-License-Identifier: Apache-2.0
"""What git knows of a folder: the files that it had in a revision, and the lines changed since.

Git is called without a shell and runs no hook; no name that it is given can be an option, and
nothing is written to the repository.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from cosigraph.errors import ProjectError, UsageError

_HUNK: Final = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_TIMEOUT: Final = 120.0
# As a hook sets them, they would lead git to another repository than the folder's.
_OF_A_HOOK: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
_SETTINGS: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_PLAIN: Final = ("--no-ext-diff", "--no-textconv", "--no-color")


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """A file of a revision; its path is relative to the folder that was asked about."""

    mode: str
    identifier: str
    size: int
    path: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == "120000"

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file: no link, and no other repository."""
        return self.mode.startswith("100")


def commit_of(revision: str, folder: Path) -> str:
    """Return the commit that a revision of the folder's repository is.

    Raises:
        ProjectError: git is not installed, or the folder is not there or lies in no repository.
        UsageError: there is no such revision.
    """
    if not folder.is_dir():
        raise ProjectError(f"The project folder '{folder}' does not exist.")
    if b"true" not in _git(folder, "rev-parse", "--is-inside-work-tree", otherwise=b""):
        raise ProjectError(
            f"The folder '{folder}' lies in no git repository.",
            advice="Choose one that does with --project, or do without the revision.",
        )
    wanted = f"{revision}^{{commit}}"
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, otherwise=b""
    )
    if not commit:
        raise UsageError(
            f"The repository of '{folder}' has no revision '{revision}'.",
            advice="Name a branch, a tag or a commit; in CI, fetch it first (fetch-depth: 0).",
        )
    return commit.decode().strip()


def base_of(revision: str, folder: Path) -> str:
    """Return the commit where the present one parted from ``revision``, or else that itself.

    Raises:
        ProjectError, UsageError: as ``commit_of``.
    """
    commit = commit_of(revision, folder)
    return _git(folder, "merge-base", commit, "HEAD", otherwise=b"").decode().strip() or commit


def files_of(commit: str, folder: Path) -> list[RevisionFile]:
    """Return what the folder held in a commit; nothing if it was not there."""
    # Not git archive, which leaves out what releases do.
    listed = _git(folder, "ls-tree", "-r", "-l", "-z", commit, "--", ".")
    return [_file(line) for line in listed.split(b"\0") if line]


def _file(line: bytes) -> RevisionFile:
    about, _, path = line.partition(b"\t")
    mode, _, identifier, size = about.decode().split()
    return RevisionFile(mode, identifier, int(size) if size.isdecimal() else 0, os.fsdecode(path))


@contextmanager
def folder_with(files: Sequence[RevisionFile], folder: Path) -> Iterator[Path]:
    """Give a temporary folder with regular files of a revision of ``folder``.

    Raises:
        ProjectError: a file is not in the repository, would leave the temporary folder, or cannot
            be written.
    """
    with TemporaryDirectory(prefix="cosigraph-") as temporary:
        try:
            for file, content in zip(files, _contents(files, folder), strict=True):
                parts = PurePosixPath(file.path).parts
                if file.path.startswith("/") or ".." in parts:
                    raise ProjectError(f"In the revision, '{file.path}' leaves the folder.")
                path = Path(temporary, *parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            raise ProjectError(
                f"The revision cannot be written to a folder: {error.strerror}."
            ) from error
        yield Path(temporary)


def _contents(files: Sequence[RevisionFile], folder: Path) -> Iterator[bytes]:
    """Yield what each file holds, in order."""
    wanted = "".join(f"{file.identifier}\n" for file in files).encode()
    given = _git(folder, "cat-file", "--batch", written=wanted)
    start = 0
    for file in files:
        end = given.index(b"\n", start)
        _, kind, *size = given[start:end].split()
        if not size:  # "missing"
            raise ProjectError(
                f"'{file.path}' is {kind.decode()} in the repository of '{folder}'.",
                advice="A clone with a filter holds only a part of it: fetch the rest first.",
            )
        start = end + 1 + int(size[0]) + 1
        yield given[end + 1 : start - 1]


def changed_lines(commit: str, path: Path) -> list[range]:
    """Return the lines of a file that are new or other than in a commit.

    A place where lines were only taken out has none.
    """
    folder, name = path.parent, path.name
    if not _git(folder, "--literal-pathspecs", "ls-files", "--", name, otherwise=b""):
        with path.open("rb") as file:
            return [range(1, sum(1 for _ in file) + 2)]  # the whole of a file that is new
    options = (*_PLAIN, "-U0", commit, "--", name)
    difference = _git(folder, "--literal-pathspecs", "diff", *options, otherwise=b"")
    return [
        range(int(start), int(start) + int(length or 1))
        for start, length in _HUNK.findall(difference)
    ]


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
        raise ProjectError(
            "git is not installed, so that nothing is known of revisions.",
            advice="Install it, or do without the revision.",
        ) from None
    except subprocess.TimeoutExpired:
        raise ProjectError(f"git did not answer within {_TIMEOUT:.0f} s.") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
    if otherwise is not None and "dubious ownership" not in said:
        return otherwise
    raise ProjectError(f"git cannot read the repository of '{folder}': {said.rstrip('.')}.")
