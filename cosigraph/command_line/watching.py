# SPDX-License-Identifier: Apache-2.0
"""Doing something again whenever a file of a project changes, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NoReturn

from cosigraph.errors import CosigraphError
from cosigraph.project import shipped_folder

_STEP = 0.3  # seconds between two looks
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_NOT_WATCHED = {".git", ".venv", "node_modules", "__pycache__"}

Seen = dict[str, tuple[int, int]]


def watching(
    project: Path | None, work: Callable[[], object], written: Collection[Path] = ()
) -> NoReturn:
    """Do the work, and do it again when files have changed and then stayed as they are for a step.

    An error of the project is told, and mended by the next change. The files that the work itself
    writes are not watched, else it would never come to rest.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C, which is how it ends.
    """
    folder = shipped_folder() if project is None else project
    own = {os.path.realpath(path) for path in written}
    while True:
        seen = _look(folder, own)
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
            sys.stdout.flush()
        _do(work)
        sys.stderr.write("Watching; Ctrl-C ends it.\n")
        sys.stderr.flush()
        _wait(folder, seen, own)


def _do(work: Callable[[], object]) -> None:
    try:
        work()
    except CosigraphError as error:
        sys.stderr.write(f"cosigraph: {error}\n")


def _wait(folder: Path, seen: Seen, own: Collection[str]) -> None:
    """Return when the files are not as they were seen, and have come to rest."""
    while (now := _look(folder, own)) == seen:
        time.sleep(_STEP)
    while True:
        time.sleep(_STEP)
        later = _look(folder, own)
        if later == now:
            return
        now = later


def _look(folder: Path, own: Collection[str]) -> Seen:
    """Return the time and size of each file, but of those that hold no project."""
    seen: Seen = {}
    for parent, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in _NOT_WATCHED]
        for name in files:
            path = Path(parent) / name
            try:
                state = path.stat()
            except OSError:  # it went away meanwhile
                continue
            if own and os.path.realpath(path) in own:
                continue
            seen[str(path)] = (state.st_mtime_ns, state.st_size)
    return seen
