# SPDX-License-Identifier: Apache-2.0
"""What is to be compared, read: a project folder, an RDF file, a store, or a revision of git."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph
from pyoxigraph import RdfFormat

from cosigraph.blank_nodes import labelled
from cosigraph.configuration import DEFAULT_BASE, FILE_NAME
from cosigraph.difference.places import Places
from cosigraph.difference.revision import revision_folder
from cosigraph.difference.version import Version, told
from cosigraph.errors import CosigraphError, Position, ProjectError
from cosigraph.loading import FORMATS, parse_file, parse_quads, source_files
from cosigraph.project import open_project
from cosigraph.versioned_store import VersionedStore

if TYPE_CHECKING:
    from cosigraph.check.syntax import ParsedFile
    from cosigraph.project import Project

GIT: Final = "git:"
_STORE: Final = "store.json"
_LOCATED: Final = frozenset({".ttl", ".nt"})


@contextmanager
def read_version(spelling: str, home: Path) -> Iterator[Version]:
    """Give the version that ``spelling`` names, for as long as its files are needed.

    ``git:REVISION`` is the folder ``home`` in that revision; all else is a path.

    Raises:
        ProjectError: it is missing, broken, or none of these; the position is the parser's.
        UsageError: there is no such revision, or no such version of a store.
    """
    if not spelling.startswith(GIT):
        yield _read_path(Path(spelling), spelling)
        return
    with revision_folder(spelling.removeprefix(GIT), home) as folder:
        try:
            yield _read_folder(folder, spelling, folder)
        except CosigraphError as error:
            raise _with_name(error, folder, spelling) from error


def _with_name(error: CosigraphError, temporary: Path, name: str) -> CosigraphError:
    """Return the same error with the name of the version for its temporary folder."""
    at = error.position
    if at is not None and at.source is not None:
        at = Position(told(at.source, temporary, name), at.line, at.column)
    advice = None if error.advice is None else told(error.advice, temporary, name)
    return type(error)(told(error.detail, temporary, name), position=at, advice=advice)


def _read_path(path: Path, name: str) -> Version:
    if path.is_dir():
        is_store = (path / _STORE).is_file() and not (path / FILE_NAME).is_file()
        return _read_store(path, name) if is_store else _read_folder(path, name)
    if not path.exists():
        folder, at, number = name.rpartition("@")
        if at and (Path(folder) / _STORE).is_file():
            return _read_store(Path(folder), name, number)
        raise ProjectError(
            f"'{name}' does not exist.",
            advice="Give a folder, an RDF file, a store, a store@VERSION, or git: and a revision.",
        )
    if path.suffix not in FORMATS:
        raise ProjectError(
            f"'{name}' is no RDF file by its name.",
            advice=f"The names of RDF files end in {', '.join(FORMATS)}.",
        )
    return _read_file(path, name)


def _read_file(path: Path, name: str) -> Version:
    found = labelled(parse_quads(path, DEFAULT_BASE))

    def parsed() -> list[ParsedFile]:
        from cosigraph.check.syntax import ParsedFile  # noqa: PLC0415 - loads pySHACL

        return [ParsedFile(path, "", tuple(parse_file(path, DEFAULT_BASE)))]

    places = Places([path], parsed if path.suffix in _LOCATED else None, base_iri=DEFAULT_BASE)
    return Version(name, found.quads, found.undecided, places)


def _read_store(path: Path, name: str, number: str | None = None) -> Version:
    store = VersionedStore(path)
    content = store.read(store.current() if number is None else store.version(number))
    found = labelled(pyoxigraph.parse(content.nquads, format=RdfFormat.N_QUADS, lenient=True))
    return Version(
        name,
        found.quads,
        found.undecided,
        base=store.about.base,
        default_graph=store.about.default_graph,
    )


def _read_folder(folder: Path, name: str, temporary: Path | None = None) -> Version:
    project = open_project(folder)
    found = labelled(project.dataset.named_quads())
    sources = source_files(folder, project.configuration)
    places = Places(
        [source.path for source in sources],
        partial(_parsed_project, project),
        base_iri=project.configuration.base,
        tell=lambda text: told(text, temporary, name),
    )
    return Version(
        name,
        found.quads,
        found.undecided,
        places,
        project,
        temporary,
        base=project.configuration.base,
    )


def _parsed_project(project: Project) -> list[ParsedFile]:
    from cosigraph.check.syntax import parse_sources  # noqa: PLC0415 - loads pySHACL

    return parse_sources(project.folder, project.configuration)[0]
