# SPDX-License-Identifier: Apache-2.0
"""Whether every file can be read: RDF and canned queries, the first error of each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Triple

from cosigraph.answers import Surroundings, prepare
from cosigraph.canned import FOLDER, CannedQuery, canned_queries, read_canned_query
from cosigraph.check.findings import Finding, Severity, finding_of
from cosigraph.configuration import Configuration
from cosigraph.errors import Position, ProjectError, QueryError, QueryFileError
from cosigraph.loading import RDF_SUFFIXES, parse_source, source_files
from cosigraph.store import EmbeddedStore, Snapshot

CONTENT_FOLDERS = ("ontology", "data", "shapes")


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """An RDF file with its triples, in its own order; or those of one of its graphs.

    ``numbers`` are then the triples' numbers among all of the file.
    """

    path: Path
    graph_iri: str
    triples: tuple[Triple, ...]
    numbers: Sequence[int] | None = None


def parse_sources(
    folder: Path, configuration: Configuration
) -> tuple[list[ParsedFile], list[Finding]]:
    """Parse every RDF file of the project.

    Raises:
        ProjectError: a graph has no file, or one of no known format.
    """
    parsed: list[ParsedFile] = []
    findings: list[Finding] = []
    for number, source in enumerate(source_files(folder, configuration)):
        try:
            graphs = parse_source(source, configuration, f"f{number}b")
        except ProjectError as error:
            findings.append(finding_of(error, "syntax/rdf"))
        else:
            parsed += [
                ParsedFile(source.path, graph.iri, graph.triples, graph.numbers) for graph in graphs
            ]
    return parsed, findings


def files_in_no_graph(folder: Path, configuration: Configuration) -> list[Finding]:
    """Find the RDF files in the content folders that no graph takes in.

    Nothing in them is asked or checked, which nobody would notice otherwise.
    """
    known = {source.path for source in source_files(folder, configuration)}
    found = (path for name in CONTENT_FOLDERS for path in sorted((folder / name).rglob("*")))
    return [
        Finding(
            rule="project/file-in-no-graph",
            severity=Severity.WARNING,
            message="The file belongs to no graph, so that it is neither asked nor checked.",
            position=Position(str(path), 1, 1),
            advice="Add it to the files of a [[graph]] in cosigraph.toml, or remove it.",
        )
        for path in found
        if path.suffix in RDF_SUFFIXES and path not in known
    ]


def check_queries(folder: Path, configuration: Configuration) -> tuple[int, list[Finding]]:
    """Check the canned queries' front matter and SPARQL; return their number and the findings."""
    paths = sorted((folder / FOLDER).glob("*.rq"))
    findings = [finding for path in paths for finding in _check_query(path, configuration)]
    if not findings:
        try:
            canned_queries(folder, configuration.prefixes)
        except QueryFileError as error:
            findings.append(finding_of(error, "syntax/query"))
    return len(paths), findings


def _check_query(path: Path, configuration: Configuration) -> Iterator[Finding]:
    try:
        query = read_canned_query(path, configuration.prefixes)
    except QueryFileError as error:
        yield finding_of(error, "syntax/query")
        return
    try:
        _try(query, configuration)
    except QueryError as error:
        found = finding_of(error, "syntax/query")
        yield replace(found, position=_within_file(path, error.position))


def _try(query: CannedQuery, configuration: Configuration) -> None:
    """Run the query on no data at all; raises QueryError where it cannot be run."""
    surroundings = Surroundings(
        graphs=[graph.iri for graph in configuration.graphs],
        prefixes=configuration.prefixes.namespaces,
        base_iri=configuration.base,
    )
    prepared = prepare(query.text, surroundings)
    for _ in EmbeddedStore(Snapshot(b"", {None: ()})).execute(prepared):
        pass


def _within_file(path: Path, position: Position | None) -> Position:
    if position is None:
        return Position(str(path), 1)
    return Position(str(path), position.line, position.column)
