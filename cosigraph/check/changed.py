# SPDX-License-Identifier: Apache-2.0
"""Of the findings those that a change touches, for whoever reviews it.

The project is checked as it was where the change began, too. A finding is the change's when it was
not there before, wherever it stands: what is taken out of one file may break another. It is also
the change's when it was there before but stands in a line that the change wrote, as that is where
somebody is at work.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from cosigraph.check.checking import Progress, check_project
from cosigraph.check.findings import Finding, Report
from cosigraph.check.selection import Selection
from cosigraph.errors import ProjectError
from cosigraph.git import base_of, changed_lines, files_of, folder_with
from cosigraph.project import Project


def of_the_change(
    report: Report, project: Project, revision: str, selection: Selection, progress: Progress
) -> Report:
    """Return the report of the whole with only the findings of the change since ``revision``.

    Raises:
        ProjectError: there is no git, or the folder lies in no repository.
        UsageError: there is no such revision.
    """
    base = base_of(revision, project.folder)
    earlier = _report_at(base, project.folder, selection, progress)
    old = {finding.fingerprint for finding in earlier.findings}
    lines: dict[str, list[range]] = {}
    findings = tuple(
        finding
        for finding in report.findings
        if finding.fingerprint not in old or _is_written(finding, base, lines)
    )
    notes = list(report.notes)
    left_out = len(report.findings) - len(findings)
    if left_out:
        told = "1 finding was" if left_out == 1 else f"{left_out} findings were"
        notes.append(f"{told} there before {revision}, and this change does not touch them.")
    if earlier.skipped and not report.skipped:
        notes.append(
            f"Before the change, {' and '.join(earlier.skipped).rstrip('.')} could not be checked, "
            "so that some findings look new."
        )
    return replace(report, findings=findings, notes=tuple(notes))


def earlier_folder(commit: str, folder: Path) -> AbstractContextManager[Path]:
    """Give a temporary folder with the project ``folder`` as it is in a commit, without links.

    It is empty if the folder was not there.
    """
    return folder_with([file for file in files_of(commit, folder) if file.is_regular], folder)


def _report_at(commit: str, folder: Path, selection: Selection, progress: Progress) -> Report:
    """Return the report of an earlier revision; of what was no project, an empty one."""
    with earlier_folder(commit, folder) as earlier:
        progress("Checking what was there before")
        try:
            return check_project(earlier, selection=selection)
        except ProjectError:
            return Report(())


def _is_written(finding: Finding, base: str, lines: dict[str, list[range]]) -> bool:
    """Return whether a finding stands in a line that the change wrote."""
    source, line = finding.position.source, finding.position.line
    if source is None or line is None or not Path(source).is_file():
        return False
    if source not in lines:
        lines[source] = changed_lines(base, Path(source))
    return any(line in written for written in lines[source])
