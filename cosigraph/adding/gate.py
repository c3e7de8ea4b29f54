# SPDX-License-Identifier: Apache-2.0
"""What a dataset must pass before it is let in: the project's shapes and rules, and constraints.

What a project's own canned queries answer may well change when data is added, so their expected
answers refuse nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cosigraph.adding.source import Progress
from cosigraph.check.checking import check_project
from cosigraph.check.findings import Finding, Severity
from cosigraph.check.selection import select
from cosigraph.configuration import Configuration
from cosigraph.declared_dataset import DeclaredDataset
from cosigraph.errors import CosigraphError, DatasetError, Position
from cosigraph.files import LARGEST_TEXT, read_file
from cosigraph.project import Project
from cosigraph.sparql import Form, query_form

_ANSWERS = "queries/*"


class FindingsError(DatasetError):
    """The project with the dataset in it has violations that it had not without it."""

    def __init__(self, detail: str, findings: Sequence[Finding]) -> None:
        super().__init__(detail, advice="Mend the source, its mapping or the shapes.")
        self.findings = tuple(findings)


def project_of(folder: Path, configuration: Configuration) -> Project:
    """Return the project that a folder is with another configuration than its own."""
    project = Project(folder)
    project.__dict__["configuration"] = configuration
    return project


def pass_check(
    folder: Path,
    dataset: DeclaredDataset,
    candidate: Configuration,
    earlier: Configuration,
    progress: Progress,
) -> tuple[Finding, ...]:
    """Check the project with the dataset in it; return the findings in it that are no violations.

    Raises:
        FindingsError: there is a violation, which the project had not without the dataset.
    """
    selection = select((), (_ANSWERS,))
    own = {str(folder / dataset.file), str(folder / dataset.about)}
    report = check_project(project_of(folder, candidate), progress, selection=selection)
    new = report
    if report.fails(Severity.VIOLATION):
        progress("Checking without the dataset")
        before = check_project(project_of(folder, earlier), progress, selection=selection)
        new = report.knowing(finding.fingerprint for finding in before.findings)
    violations = [finding for finding in new.findings if finding.severity is Severity.VIOLATION]
    if violations:
        count = len(violations)
        raise FindingsError(
            f"The dataset is refused: {count} violation{'s' if count > 1 else ''} of the project's "
            f"rules, the first: {violations[0].message}",
            violations,
        )
    return tuple(f for f in report.findings if f.position.source in own)


def pass_constraints(  # noqa: PLR0913, PLR0917 - what is asked of what
    folder: Path,
    dataset: DeclaredDataset,
    candidate: Configuration,
    paths: Sequence[Path],
    progress: Progress,
    within: Path | None = None,
) -> None:
    """Ask each constraint, an ASK whose answer must be false, of the project with the dataset.

    Raises:
        DatasetError: one is true, or cannot be asked.
    """
    project = project_of(folder, candidate)
    for path in paths:
        progress(f"Asking {path.name}")
        try:
            text = read_file(path, within, LARGEST_TEXT).decode("utf-8-sig")
            if query_form(text) is not Form.ASK:
                raise DatasetError("A constraint is an ASK, which this is not.")
            is_broken = project.query(text).boolean
        except UnicodeDecodeError as error:
            raise DatasetError("The file is not UTF-8.", position=Position(str(path))) from error
        except CosigraphError as error:
            where = error.position or Position()
            raise DatasetError(
                error.detail,
                position=Position(str(path), where.line, where.column),
                advice=error.advice,
            ) from error
        if is_broken:
            raise DatasetError(
                f"The dataset <{dataset.graph}> is refused: {_summary(text) or 'it holds'}.",
                position=Position(str(path)),
                advice="The constraint asks what is not allowed; run it as a SELECT to see where.",
            )


def _summary(text: str) -> str:
    """Return what the front matter says a constraint finds, if it has one."""
    lines = (
        line.removeprefix("#+ summary:") for line in text.splitlines() if "#+ summary:" in line
    )
    return next(lines, "").strip().rstrip(".")
