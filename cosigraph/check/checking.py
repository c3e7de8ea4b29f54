# SPDX-License-Identifier: Apache-2.0
"""The order in which a project folder is checked.

Syntax of every file; then what the files say, check by check; SHACL over the parsed sources, for
the settled reading and for each alternative one; the canned queries' expected answers. What
builds on something that cannot be read is left out, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from cosigraph.check.blank_nodes import check_blank_nodes
from cosigraph.check.claims import check_claims
from cosigraph.check.consistency import check_consistency
from cosigraph.check.engines import EngineChoice
from cosigraph.check.evidence import check_evidence
from cosigraph.check.expected import check_answers
from cosigraph.check.findings import Finding, Report
from cosigraph.check.fingerprints import with_fingerprints
from cosigraph.check.formatted import check_formatted
from cosigraph.check.identifiers import check_identifiers, check_released
from cosigraph.check.links import check_links
from cosigraph.check.literals import check_literals
from cosigraph.check.own_terms import check_own_terms
from cosigraph.check.queries import check_parameters, check_queries
from cosigraph.check.query_terms import check_query_terms
from cosigraph.check.rl_profile import check_profile
from cosigraph.check.selection import Selection, known_rules
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
    ("Reading the links", check_links),
    ("Reading the identifiers", check_identifiers),
    ("Looking for claims of datasets", check_claims),
    ("Looking for released identifiers", check_released),
    ("Comparing quotations with the text", check_evidence),
    ("Looking for what queries name", check_query_terms),
    ("Looking for parameters without use", check_parameters),
    ("Comparing versions", check_versions),
    ("Comparing files with the house's form", check_formatted),
)
"""What is done in words, and what does it; SHACL and the answers come after these."""

RULES_OF: Final[dict[Check, tuple[str, ...]]] = {
    check_literals: ("syntax/literal",),
    check_blank_nodes: ("identifiers/blank-node",),
    check_terms: ("terms/",),
    check_own_terms: ("ontology/",),
    check_profile: ("ontology/outside-rl-profile",),
    check_consistency: ("ontology/",),
    check_vocabularies: ("vocabularies/",),
    check_links: ("links/",),
    check_identifiers: ("identifiers/wrong-form",),
    check_claims: ("identifiers/claimed",),
    check_released: ("identifiers/gone",),
    check_evidence: ("evidence/",),
    check_query_terms: ("queries/unknown-term",),
    check_parameters: ("queries/unused-parameter",),
    check_versions: ("release/versions-disagree",),
    check_formatted: ("format/not-house-form",),
}
"""What a check looks for, ``terms/`` being a whole family: it is not done when nothing of that is
selected."""

EVERYTHING: Final = Selection()


def check_project(
    project: Project | Path | str | None = None,
    progress: Progress = lambda _: None,
    engine: EngineChoice = EngineChoice.AUTO,
    selection: Selection = EVERYTHING,
    *,
    ask_services: bool = False,
) -> Report:
    """Check a project, or the folder of one; without either, the folder that ships.

    ``engine`` validates the shapes; on its own, the reference does where it is quick. What looks
    for none of the selected rules is not done. Every file and query is read anyway.
    Federated queries are asked with ``ask_services`` alone.

    Raises:
        ProjectError: the folder, its configuration, or its list of files cannot be used at all.
    """
    if not isinstance(project, Project):
        project = open_project(project)
    progress("Reading the files")
    files, unread = parse_sources(project.folder, project.configuration)
    broken_files = {finding.position.source for finding in unread}
    progress("Reading the queries")
    number_of_queries, queries, unread_queries = check_queries(
        project.folder, project.configuration
    )
    findings = files_in_no_graph(project.folder, project.configuration)
    checked = {"file": len(broken_files | {str(file.path) for file in files})}
    skipped = []
    wants_answers = selection.takes_any(["queries/"])
    if unread:
        skipped.append("anything but syntax and queries' texts, as a file cannot be read.")
    else:
        sources = Sources(project.folder, project.configuration, tuple(files), tuple(queries))
        for doing, check in CHECKS:
            if selection.takes_any(RULES_OF[check]):
                progress(doing)
                findings += check(sources)
        if selection.takes_any(["shacl/"]):
            readings = project.dataset.readings
            checked["shape"], found = check_shapes(sources, readings, progress, engine)
            findings += found
    checked["query"] = number_of_queries
    if unread_queries and wants_answers:
        skipped.append("answers, as a query cannot be read.")
    elif not unread and wants_answers:
        progress("Asking the queries")
        checked["answer"], found = check_answers(project, ask_services=ask_services)
        findings += found
    # What cannot be read is told whatever is selected: else nothing found would look like all well.
    wanted_findings = [finding for finding in findings if selection.takes(finding.rule)]
    report = Report.of([*unread, *unread_queries, *wanted_findings], checked, skipped)
    return replace(
        report,
        findings=with_fingerprints(report.findings, project.folder, files),
        rules=tuple(rule for rule in known_rules() if selection.takes(rule)),
    )
