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
from cosigraph.check.expected import check_answers
from cosigraph.check.findings import Finding, Report
from cosigraph.check.fingerprints import with_fingerprints
from cosigraph.check.literals import check_literals
from cosigraph.check.selection import Selection, known_rules
from cosigraph.check.shacl import check_shapes
from cosigraph.check.sources import Sources
from cosigraph.check.syntax import check_queries, files_in_no_graph, parse_sources
from cosigraph.project import Project, open_project

Progress: TypeAlias = Callable[[str], None]
"""Called with what is being done, in words."""

Check: TypeAlias = Callable[[Sources], Iterable[Finding]]
"""Yields what is wrong with the files of a project, all of which could be read."""

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("Reading the literals", check_literals),
    ("Looking for blank nodes", check_blank_nodes),
)
"""What is done in words, and what does it; SHACL and the answers come after these."""

RULES_OF: Final[dict[Check, tuple[str, ...]]] = {
    check_literals: ("syntax/literal",),
    check_blank_nodes: ("identifiers/blank-node",),
}
"""What a check looks for, ``terms/`` being a whole family: it is not done when nothing of that is
selected. A check that is not here is always done."""

EVERYTHING: Final = Selection()


def check_project(
    project: Project | Path | str | None = None,
    progress: Progress = lambda _: None,
    selection: Selection = EVERYTHING,
) -> Report:
    """Check a project, or the folder of one; without either, the folder that ships.

    What looks for none of the selected rules is not done. Every file and query is read anyway.

    Raises:
        ProjectError: the folder, its configuration, or its list of files cannot be used at all.
    """
    if not isinstance(project, Project):
        project = open_project(project)
    progress("Reading the files")
    files, unread = parse_sources(project.folder, project.configuration)
    progress("Reading the queries")
    queries, unread_queries = check_queries(project.folder, project.configuration)
    findings = files_in_no_graph(project.folder, project.configuration)
    checked = {"file": len({file.path for file in files}) + len(unread)}
    skipped = []
    wants_answers = selection.takes_any(["answers/"])
    if unread:
        skipped.append("shapes and answers, as a file cannot be read.")
    else:
        sources = Sources(project.folder, project.configuration, tuple(files))
        for doing, check in CHECKS:
            if check not in RULES_OF or selection.takes_any(RULES_OF[check]):
                progress(doing)
                findings += check(sources)
        if selection.takes_any(["shacl/"]):
            readings = project.dataset.readings
            checked["shape"], found = check_shapes(sources, readings, progress)
            findings += found
    checked["query"] = queries
    if unread_queries and wants_answers:
        skipped.append("answers, as a query cannot be read.")
    elif not unread and wants_answers:
        progress("Asking the queries")
        checked["answer"], found = check_answers(project)
        findings += found
    # What cannot be read is told whatever is selected: else nothing found would look like all well.
    wanted_findings = [finding for finding in findings if selection.takes(finding.rule)]
    report = Report.of([*unread, *unread_queries, *wanted_findings], checked, skipped)
    return replace(
        report,
        findings=with_fingerprints(report.findings, project.folder, files),
        rules=tuple(rule for rule in known_rules() if selection.takes(rule)),
    )
