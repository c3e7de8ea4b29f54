# SPDX-License-Identifier: Apache-2.0
"""What git knows of a project folder: an earlier revision of it, and the lines that changed since.

Git is called without a shell; no name that it is given can be an option, and nothing is written to
the repository.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cosigraph.errors import ProjectError, UsageError

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
# As a hook sets them, they would lead git to another repository than the folder's.
_OF_A_HOOK: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_PLAIN: Final = ("--no-ext-diff", "--no-textconv", "--no-color")


def base_of(revision: str, folder: Path) -> str:
    """Return the commit where the present one parted from ``revision``, or else that itself.

    Raises:
        ProjectError: there is no git, or the folder lies in no repository.
        UsageError: there is no such revision.
    """
    if not _git(folder, "rev-parse", "--git-dir"):
        raise ProjectError(
            f"The folder '{folder}' lies in no git repository.",
            advice="Without one, leave out the revision: everything is checked.",
        )
    wanted = f"{revision}^{{commit}}"
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if not commit:
        raise UsageError(
            f"The repository of '{folder}' has no revision '{revision}'.",
            advice="Name a branch, a tag or a commit; in CI, fetch it first (fetch-depth: 0).",
        )
    own = commit.decode().strip()
    return (_git(folder, "merge-base", own, "HEAD") or commit).decode().strip() or own


@contextmanager
def revision_folder(commit: str, folder: Path) -> Iterator[Path]:
    """Give a temporary folder with the project ``folder`` as it is in a commit.

    It is empty if the folder was not there.
    """
    listed = _git(folder, "ls-tree", "-r", "-z", commit, "--", ".") or b""
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    # No links and no other repositories; and not git archive, which leaves out what releases do.
    files = [(head.split()[2], path) for head, _, path in entries if head.startswith(b"100")]
    names = b"".join(name + b"\n" for name, _ in files)
    contents = _contents(_git(folder, "cat-file", "--batch", given=names) or b"")
    with TemporaryDirectory(prefix="cosigraph-") as temporary:
        for (_, name), content in zip(files, contents, strict=True):
            path = Path(temporary, os.fsdecode(name))
            if (
                ".." not in path.parts
            ):  # git has no such names; whoever makes one has no good in mind
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        yield Path(temporary)


def _contents(batch: bytes) -> Iterator[bytes]:
    """Yield the contents that ``git cat-file --batch`` wrote, each after a line with its size."""
    start = 0
    while start < len(batch):
        end = batch.index(b"\n", start)
        size = int(batch[start:end].split()[-1])
        yield batch[end + 1 : end + 1 + size]
        start = end + size + 2


def changed_lines(commit: str, path: Path) -> list[range]:
    """Return the lines of a file that are new or other than in a commit.

    A place where lines were only taken out has none.
    """
    if not _git(path.parent, "--literal-pathspecs", "ls-files", "--", path.name):
        with path.open("rb") as file:
            return [range(1, sum(1 for _ in file) + 2)]  # the whole of a file that is new
    difference = _git(
        path.parent, "--literal-pathspecs", "diff", *_PLAIN, "-U0", commit, "--", path.name
    )
    hunks = _HUNK.findall(difference or b"")
    return [range(int(start), int(start) + int(length or 1)) for start, length in hunks]


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git writes, or None where it fails; raises ProjectError without git."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, without a shell
            ["git", "-c", "core.fsmonitor=false", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise ProjectError(
            "git is not installed, so that nothing is known of earlier revisions.",
            advice="Install it, or leave out the revision: everything is checked.",
        ) from None
    return done.stdout if done.returncode == 0 else None
