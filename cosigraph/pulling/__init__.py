# SPDX-License-Identifier: Apache-2.0
"""What was written to a store, put into the files of its project, so that it can be reviewed.

::

    project files   --store create-->  version 1  --writes-->  version n
          ^                                                        |
          +--------------------------- pull ----------------------+

A statement that the store no longer has is taken out of the file that says it; a new one is put
into the file that says something of its subject, or of the most alike one. The files are written
in the house's form with their comments; what did not change keeps its spelling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from cosigraph.changes import Content
from cosigraph.configuration import FILE_NAME
from cosigraph.errors import Position, ProjectError
from cosigraph.files import read_file
from cosigraph.formatting import FORMATS
from cosigraph.loading import FORMATS as RDF_FORMATS
from cosigraph.project import Project
from cosigraph.pulling.difference import Difference, compare
from cosigraph.pulling.editing import Edit, edited
from cosigraph.pulling.homes import Homes

NEW_FILE: Final = "data/written.trig"
"""The file of the graphs that no file of the project has."""
_NEW_GRAPH: Final = "written"


@dataclass(frozen=True, slots=True)
class FileChange:
    """The text of a file as it is, None if there is none, and as it should be."""

    path: Path
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Pull:
    """What has to be done for the files to say what the store holds.

    ``unnamed`` is the number of statements in the store's unnamed graph, which no file can say.
    """

    changes: tuple[FileChange, ...]
    removed: int
    added: int
    unnamed: int

    @property
    def differs(self) -> bool:
        """Whether the store holds something else than the files say."""
        return bool(self.removed or self.added or self.unnamed)


def pull(project: Project, content: Content) -> Pull:
    """Return how the project's files would say what ``content`` holds; nothing is written.

    Raises:
        ProjectError: a file cannot be read, or cannot be written in its format.
    """
    found = compare(project.folder, project.configuration, content)
    edits: defaultdict[Path, Edit] = defaultdict(Edit)
    for path, number in found.surplus:
        if path.suffix not in FORMATS:
            raise _not_editable(path)
        edits[path].removed.add(number)
    for path, quad in _placed(project, found):
        edits[path].added.append(quad)
    changes = [_change(project, path, edit) for path, edit in sorted(edits.items())]
    if project.folder / NEW_FILE in edits:
        changes += _configuration(project)
    return Pull(tuple(changes), len(found.surplus), len(found.missing), len(found.unnamed))


def text_of(path: Path) -> str | None:
    """Return the text of a file with the line ends that it has, or None if there is no file.

    Raises:
        ProjectError: it cannot be read.
    """
    return read_file(path).decode("utf-8-sig") if path.exists() else None


def _placed(project: Project, found: Difference) -> Iterator[tuple[Path, Quad]]:
    """Yield each statement that the files lack, and the file that it belongs to."""
    homes = Homes(found, {path for path in found.paths if path.suffix in FORMATS})
    for quad in sorted(found.missing, key=str):
        assert isinstance(quad.graph_name, NamedNode)  # noqa: S101 - others are told apart
        path = homes.of(quad)
        if path is None:
            if quad.graph_name.value in found.graphs:
                raise _not_editable(found.graphs[quad.graph_name.value][0])
            path = project.folder / NEW_FILE
        yield path, quad


def _change(project: Project, path: Path, edit: Edit) -> FileChange:
    before = text_of(path)
    after = edited(path, (before or "").encode(), edit, project.configuration)
    return FileChange(path, before, after)


def _configuration(project: Project) -> list[FileChange]:
    """Return what has to be added to the configuration for the new file to be read."""
    path = project.folder / FILE_NAME
    text = text_of(path) or ""
    if "[[graph]]" not in text or f'"{NEW_FILE}"' in text:
        return []
    addition = f'\n[[graph]]\nname = "{_NEW_GRAPH}"\nfiles = ["{NEW_FILE}"]\n'
    return [FileChange(path, text, text.rstrip("\n") + "\n" + addition)]


def _not_editable(path: Path) -> ProjectError:
    name = path.suffix if path.suffix in RDF_FORMATS else "this"
    return ProjectError(
        f"A statement of the file changed, and {name} is not a format that is written here.",
        position=Position(str(path)),
        advice=f"Convert the file to one of {', '.join(FORMATS)}.",
    )
