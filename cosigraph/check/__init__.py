# SPDX-License-Identifier: Apache-2.0
"""Everything that is wrong in a project folder, found with one call.

In this order: syntax of every file; SHACL over the parsed sources, for the settled reading and
for each alternative one; the canned queries' expected answers. What builds on something that
cannot be read is left out, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from rdflib import Graph

from cosigraph.check.blank_nodes import check_blank_nodes
from cosigraph.check.expected import check_answers
from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.literals import check_literals, without_ill_typed
from cosigraph.check.positions import Positions
from cosigraph.check.rdflib_graph import to_rdflib
from cosigraph.check.shacl import ShaclCheck, is_shapes_file
from cosigraph.check.syntax import ParsedFile, check_queries, files_in_no_graph, parse_sources
from cosigraph.configuration import Configuration
from cosigraph.project import Project, open_project

__all__ = ["Finding", "Progress", "Report", "Severity", "check_project"]

Progress: TypeAlias = Callable[[str], None]
"""Called with what is being done, in words."""


def check_project(
    project: Project | Path | str | None = None, progress: Progress = lambda _: None
) -> Report:
    """Check a project, or the folder of one; without either, the folder that ships.

    Raises:
        ProjectError: the folder, its configuration, or its list of files cannot be used at all.
    """
    if not isinstance(project, Project):
        project = open_project(project)
    progress("Reading the files")
    files, findings = parse_sources(project.folder, project.configuration)
    broken_files = bool(findings)
    findings += files_in_no_graph(project.folder, project.configuration)
    progress("Reading the queries")
    queries, query_findings = check_queries(project.folder, project.configuration)
    findings += query_findings
    shapes = answers = 0
    skipped = []
    if broken_files:
        skipped.append("shapes and answers, as a file cannot be read.")
    else:
        settings = project.configuration
        findings += check_literals(files, settings.prefixes, settings.base)
        findings += check_blank_nodes(files, project.folder, settings.base)
        shapes, shape_findings = _check_shapes(project, files, progress)
        findings += shape_findings
    if query_findings:
        skipped.append("answers, as a query cannot be read.")
    elif not broken_files:
        progress("Asking the queries")
        answers, answer_findings = check_answers(project)
        findings += answer_findings
    number_of_files = len({file.path for file in files}) + sum(
        finding.rule == "syntax/rdf" for finding in findings
    )
    checked = {"file": number_of_files, "shape": shapes, "query": queries, "answer": answers}
    return Report.of(findings, checked, skipped)


def _check_shapes(
    project: Project, files: list[ParsedFile], progress: Progress
) -> tuple[int, list[Finding]]:
    configuration = project.configuration
    shapes_files = [file for file in files if is_shapes_file(file.path, project.folder)]
    data_files = [file for file in files if file not in shapes_files]
    replaced = {graph.iri: graph.replaces for graph in configuration.graphs if graph.replaces}
    settled = [file for file in data_files if file.graph_iri not in replaced]
    progress("Validating against the shapes")
    data = _graph(settled)
    check = _shacl_check(shapes_files, settled, configuration)
    findings = [*check.check_shapes(data), *check.check_data(data)]
    known = set(findings)
    for reading, iri in project.dataset.readings.items():
        progress(f"Validating reading {reading}")
        others = [file for file in data_files if file.graph_iri == iri]
        rest = [file for file in settled if file.graph_iri != replaced[iri]]
        of_reading = [*rest, *others]
        found = _shacl_check(shapes_files, of_reading, configuration).check_data(_graph(of_reading))
        findings += [replace(one, reading=reading) for one in found if one not in known]
    return check.number_of_shapes, findings


def _graph(files: Iterable[ParsedFile]) -> Graph:
    return without_ill_typed(to_rdflib(triple for file in files for triple in file.triples))


def _shacl_check(
    shapes_files: list[ParsedFile], data_files: list[ParsedFile], configuration: Configuration
) -> ShaclCheck:
    positions = Positions([*data_files, *shapes_files], configuration.base)
    return ShaclCheck(shapes_files, configuration.prefixes, positions)
