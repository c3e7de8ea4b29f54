# SPDX-License-Identifier: Apache-2.0
"""Where a project folder has its mapping sets: ``data/**/*.sssom.tsv``.

A file whose name has ``candidates`` in it holds what nobody has confirmed. Candidates are
published as such: they are in no graph, and what the files say is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from cosigraph.errors import MappingFileError, Position
from cosigraph.files import matching, read_file
from cosigraph.mappings.mapping import MappingSet
from cosigraph.mappings.sssom import read_sssom

PATTERN: Final = "data/**/*.sssom.tsv"
CANDIDATES: Final = "*candidates*.sssom.tsv"


@dataclass(frozen=True, slots=True)
class MappingFiles:
    """The mapping sets of a folder: those that are confirmed, and those of candidates."""

    confirmed: tuple[MappingSet, ...]
    candidates: tuple[MappingSet, ...]


def mapping_files(folder: Path) -> list[Path]:
    """Return the files of mapping sets in a project folder, sorted."""
    return matching(folder, PATTERN)


def holds_candidates(path: Path) -> bool:
    """Tell whether a file of mappings is one of candidates, by its name."""
    return fnmatchcase(path.name, CANDIDATES)


def read_mapping_file(path: Path, folder: Path) -> MappingSet:
    """Read one file.

    Raises:
        ProjectError: it cannot be read, or is no SSSOM/TSV.
    """
    try:
        text = read_file(path, folder).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingFileError("The file is not UTF-8.", position=Position(str(path))) from error
    return read_sssom(text, path)


def read_mappings(folder: Path) -> MappingFiles:
    """Read all mapping sets of a project folder.

    Raises:
        ProjectError: a file cannot be read, or is no SSSOM/TSV.
    """
    sets = [read_mapping_file(path, folder) for path in mapping_files(folder)]
    return MappingFiles(tuple(_where(sets, candidates=False)), tuple(_where(sets, candidates=True)))


def _where(sets: Iterable[MappingSet], *, candidates: bool) -> list[MappingSet]:
    return [each for each in sets if holds_candidates(each.path) is candidates]
