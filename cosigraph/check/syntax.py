# SPDX-License-Identifier: Apache-2.0
"""Whether every RDF file can be read: the first error of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Triple

from cosigraph.check.findings import Finding, finding_of
from cosigraph.check.rule import rule
from cosigraph.check.undeclared_prefixes import unreadable
from cosigraph.configuration import Configuration
from cosigraph.errors import (
    FileTooLargeError,
    LinkOutsideError,
    Position,
    ProjectError,
    UnreadableFileError,
)
from cosigraph.files import Allowance, is_folder, matching
from cosigraph.loading import RDF_SUFFIXES, Bounds, parse_source, source_files

CONTENT_FOLDERS = ("ontology", "data", "shapes")


_RULES: dict[type[ProjectError], str] = {
    FileTooLargeError: "project/file-too-large",
    LinkOutsideError: "project/link-outside",
    UnreadableFileError: "project/unreadable-file",
}


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """An RDF file with its triples, in its own order; or those of one of its graphs.

    ``numbers`` are then the triples' numbers among all of the file.
    """

    path: Path
    graph_iri: str
    triples: tuple[Triple, ...]
    numbers: Sequence[int] | None = None


def finding_of_file(error: ProjectError) -> Finding:
    """Return what kept a file from being read as a finding, at its beginning if at no place."""
    kinds = [kind for kind in _RULES if isinstance(error, kind)]
    where = error.position or Position()
    return replace(
        finding_of(error, _RULES[kinds[0]] if kinds else "syntax/rdf"),
        position=Position(where.source, where.line or 1, where.column or 1),
    )


def _finding(error: ProjectError, configuration: Configuration) -> Finding:
    if isinstance(error, tuple(_RULES)):
        return finding_of_file(error)
    return unreadable(error, configuration.prefixes)


def parse_sources(
    folder: Path, configuration: Configuration
) -> tuple[list[ParsedFile], list[Finding]]:
    """Parse every RDF file of the project.

    Raises:
        ProjectError: a graph has no file, or one of no known format.
    """
    parsed: list[ParsedFile] = []
    findings: list[Finding] = []
    bounds = Bounds(folder, Allowance())
    sources = source_files(
        folder, configuration, lambda error: findings.append(finding_of_file(error))
    )
    for number, source in enumerate(sources):
        try:
            graphs = parse_source(source, configuration, f"f{number}b", bounds)
        except ProjectError as error:
            findings.append(_finding(error, configuration))
        else:
            parsed += [
                ParsedFile(source.path, graph.iri, graph.triples, graph.numbers) for graph in graphs
            ]
    return parsed, findings


def files_in_no_graph(folder: Path, configuration: Configuration) -> list[Finding]:
    """Find the RDF files in the content folders that no graph takes in.

    Nothing in them is asked or checked, which nobody would notice otherwise.
    """
    no_graph = rule("project/file-in-no-graph")
    findings: list[Finding] = []

    def failed(error: UnreadableFileError) -> None:
        findings.append(finding_of_file(error))

    known = {source.path for source in source_files(folder, configuration, failed)}
    found = (path for name in CONTENT_FOLDERS for path in matching(folder, f"{name}/**/*", failed))
    return findings + [
        no_graph.finding(
            "The file belongs to no graph, so that it is neither asked nor checked.",
            Position(str(path), 1, 1),
            advice="Add it to the files of a [[graph]] in cosigraph.toml, or remove it.",
        )
        for path in found
        if path.suffix in RDF_SUFFIXES and path not in known and not is_folder(path)
    ]
