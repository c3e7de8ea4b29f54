# SPDX-License-Identifier: Apache-2.0
"""A project folder as it is in a revision of the git repository that it lies in.

Only what a project is made of is written into a temporary folder; a link among that is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from cosigraph.configuration import FILE_NAME
from cosigraph.errors import ProjectError
from cosigraph.git import RevisionFile, commit_of, files_of, folder_with
from cosigraph.loading import FORMATS

LARGEST: Final = 2 * 1024**3
"""How many bytes the files of a revision may have together."""

_SUFFIXES: Final = frozenset({*FORMATS, ".rq", ".csv"})


@contextmanager
def revision_folder(revision: str, folder: Path) -> Iterator[Path]:
    """Give a temporary folder with the project ``folder`` as it is in ``revision``.

    Raises:
        ProjectError: git is not installed, the folder lies in no repository, or it was not there
            or holds a link or too much.
        UsageError: there is no such revision.
    """
    found = files_of(commit_of(revision, folder), folder)
    files = [file for file in found if _is_wanted(file, revision)]
    if not files:
        raise ProjectError(
            f"The folder '{folder}' holds nothing of a project in the revision '{revision}'.",
            advice="Choose the folder with --project, or another revision.",
        )
    size = sum(file.size for file in files)
    if size > LARGEST:
        raise ProjectError(
            f"The files of the revision '{revision}' have {size} bytes; {LARGEST} may be compared."
        )
    with folder_with(files, folder) as temporary:
        yield temporary


def _is_wanted(file: RevisionFile, revision: str) -> bool:
    """Tell whether a project may be made of the file; refuse what must not be written."""
    path = PurePosixPath(file.path)
    may_be_folder = file.is_link and not path.suffix
    if path.suffix not in _SUFFIXES and file.path != FILE_NAME and not may_be_folder:
        return False
    if file.is_link:
        raise ProjectError(
            f"In the revision '{revision}', '{file.path}' is a link, which is not followed."
        )
    if "\\" in file.path:  # on some systems it parts folders
        raise ProjectError(f"In the revision '{revision}', '{file.path}' leaves the folder.")
    return file.is_regular
