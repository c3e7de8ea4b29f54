# SPDX-License-Identifier: Apache-2.0
"""The order in which a project folder is checked.

Syntax of every file; then what the files say, check by check; SHACL over the parsed sources, for
the settled reading and for each alternative one; the canned queries' expected answers. What
builds on something that cannot be read is left out, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias

from cosigraph.check.blank_nodes import check_blank_nodes
from cosigraph.check.consistency import check_consistency
from cosigraph.check.engines import EngineChoice
from cosigraph.check.evidence import check_evidence
from cosigraph.check.expected import check_answers
from cosigraph.check.findings import Finding, Report
from cosigraph.check.identifiers import check_identifiers, check_released
from cosigraph.check.literals import check_literals
from cosigraph.check.own_terms import check_own_terms
from cosigraph.check.queries import check_parameters, check_queries
from cosigraph.check.query_terms import check_query_terms
from cosigraph.check.rl_profile import check_profile
from cosigraph.check.shacl import check_shapes
from cosigraph.check.sources import Sources
from cosigraph.check.syntax import files_in_no_graph, parse_sources
from cosigraph.check.terms import check_terms
from cosigraph.check.versions import check_versions
from cosigraph.check.vocabularies import check_vocabularies
from cosigraph.project import Project, open_project

Progress: TypeAlias = Callable[[str], None]
"""Called with what is being done, in words."""

Check: TypeAlias = Callable[[Sources], Iterable[Finding]]
"""Yields what is wrong with the files of a project, all of which could be read."""

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("Reading the literals", check_literals),
    ("Looking for blank nodes", check_blank_nodes),
    ("Reading the terms", check_terms),
    ("Reading the ontology", check_own_terms),
    ("Holding the ontology to its profile", check_profile),
    ("Looking for contradictions", check_consistency),
    ("Reading the vocabularies", check_vocabularies),
    ("Reading the identifiers", check_identifiers),
    ("Looking for released identifiers", check_released),
    ("Comparing quotations with the text", check_evidence),
    ("Looking for what queries name", check_query_terms),
    ("Looking for parameters without use", check_parameters),
    ("Comparing versions", check_versions),
)
"""What is done in words, and what does it; SHACL and the answers come after these."""


def check_project(
    project: Project | Path | str | None = None,
    progress: Progress = lambda _: None,
    engine: EngineChoice = EngineChoice.AUTO,
) -> Report:
    """Check a project, or the folder of one; without either, the folder that ships.

    ``engine`` validates the shapes; on its own, the reference does where it is quick.

    Raises:
        ProjectError: the folder, its configuration, or its list of files cannot be used at all.
    """
    if not isinstance(project, Project):
        project = open_project(project)
    progress("Reading the files")
    files, findings = parse_sources(project.folder, project.configuration)
    broken_files = {finding.position.source for finding in findings}
    findings += files_in_no_graph(project.folder, project.configuration)
    progress("Reading the queries")
    number_of_queries, queries, query_findings = check_queries(
        project.folder, project.configuration
    )
    findings += query_findings
    shapes = answers = 0
    skipped = []
    if broken_files:
        skipped.append("shapes and answers, as a file cannot be read.")
    else:
        sources = Sources(project.folder, project.configuration, tuple(files), tuple(queries))
        for doing, check in CHECKS:
            progress(doing)
            findings += check(sources)
        shapes, shape_findings = check_shapes(sources, project.dataset.readings, progress, engine)
        findings += shape_findings
    if query_findings:
        skipped.append("answers, as a query cannot be read.")
    elif not broken_files:
        progress("Asking the queries")
        answers, answer_findings = check_answers(project)
        findings += answer_findings
    number_of_files = len(broken_files | {str(file.path) for file in files})
    checked = {
        "file": number_of_files,
        "shape": shapes,
        "query": number_of_queries,
        "answer": answers,
    }
    return Report.of(findings, checked, skipped)
