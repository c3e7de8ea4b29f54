# SPDX-License-Identifier: Apache-2.0
"""``cosigraph check``: what is wrong in a project folder, by file, line and column."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import ProjectOption
from cosigraph.command_line.output import write
from cosigraph.command_line.progress import progress
from cosigraph.command_line.store_difference import StoreOption, difference_from
from cosigraph.errors import UsageError
from cosigraph.project import Project, open_project

if TYPE_CHECKING:
    from cosigraph.check import Progress, Report, Severity
    from cosigraph.check.baseline import Entry
    from cosigraph.check.reports import Setting
    from cosigraph.check.selection import Selection


class ReportFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    MARKDOWN = "markdown"
    TURTLE = "turtle"


class Engine(StrEnum):
    """What validates the shapes."""

    AUTO = "auto"
    PYSHACL = "pyshacl"
    PYSHIFTY = "pyshifty"


class Threshold(StrEnum):
    """From which severity on findings make the command fail, or refuse a write."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    @property
    def severity(self) -> Severity | None:
        """The severity, or None where none fails."""
        from cosigraph.check import Severity  # noqa: PLC0415 - loads pySHACL

        return None if self is Threshold.NEVER else Severity(self.value)


@dataclass(frozen=True)
class Wanted:
    """What one call of the command asks for."""

    forms: list[tuple[str, Path | None]]
    selection: Selection
    threshold: Severity | None
    engine: Engine
    is_cached: bool
    baseline: tuple[Entry, ...] | None
    written_baseline: Path | None
    revision: str | None
    store: Path | None


def check(  # noqa: PLR0913, PLR0917 - the command's options
    format: Annotated[  # noqa: A002 - the option's name
        list[ReportFormat] | None,
        typer.Option(help="How findings are written; repeat it for several, each to its --output."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write the first --format to the first --output, and so on, whole or not at all. "
            "One format without an output goes to standard output.",
        ),
    ] = None,
    fail_on: Annotated[
        Threshold,
        typer.Option(help="Exit with 1 when there is a finding of this severity, or a worse one."),
    ] = Threshold.WARNING,
    engine: Annotated[
        Engine,
        typer.Option(
            help="What validates the shapes: pyshacl, the reference; pyshifty, fast on large data; "
            "auto, by the size of the data."
        ),
    ] = Engine.AUTO,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Check again, even where nothing has changed."),
    ] = False,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Look for these rules only, such as 'shacl/*'."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Do not look for these rules."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The findings of this file are known, and do not count."),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the findings to this file as known, and exit 0."),
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Tell only what the change since this git revision touches: what is new, and "
            "what stands in its lines.",
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes, until Ctrl-C.")
    ] = False,
    store: StoreOption = None,
    project: ProjectOption = None,
) -> None:
    """Check a project folder and say what to mend.

    The syntax of every file, the SHACL shapes, and the expected answers of the queries.

    Each finding says where it is, which rule found it, how bad it is and what to do. Every
    reading is validated. Exit codes: 0 nothing to mend, 1 findings, 2 wrong call, 3 no usable
    project.

    \b
    cosigraph check --project my-folder
    cosigraph check --format sarif --output check.sarif --format text
    cosigraph check --changed origin/main --baseline known.json
    """  # noqa: D301 - click reads \b as a character
    if write_baseline is not None and changed is not None:
        raise UsageError(
            "A baseline is of all findings, not of those of a change.",
            advice="Leave out --changed or --write-baseline.",
        )
    from cosigraph.check.baseline import read_baseline  # noqa: PLC0415 - loads pySHACL
    from cosigraph.check.selection import select  # noqa: PLC0415 - as above

    wanted = Wanted(
        forms=_forms(format or [ReportFormat.TEXT], output or []),
        selection=select(rule or (), ignore or ()),
        threshold=fail_on.severity,
        engine=engine,
        is_cached=not no_cache,
        baseline=None if baseline is None else read_baseline(baseline),
        written_baseline=write_baseline,
        revision=changed,
        store=store,
    )
    if watch:
        from cosigraph.command_line.watching import watching  # noqa: PLC0415 - few do

        written_files = [path for _, path in wanted.forms if path is not None]
        if write_baseline is not None:
            written_files.append(write_baseline)
        watching(project, lambda: _check(open_project(project), wanted), written_files)
    if _check(open_project(project), wanted):
        raise typer.Exit(1)


def _check(project: Project, wanted: Wanted) -> bool:
    """Check once and write what was found; return whether it fails."""
    with progress() as show:
        report = interruptible(lambda: _report(project, wanted, show))
    if wanted.written_baseline is not None:
        from cosigraph.check.baseline import baseline_of  # noqa: PLC0415 - few write one

        write(
            baseline_of([*report.findings, *report.known], project.folder), wanted.written_baseline
        )
    setting = setting_of(project, wanted.threshold)
    for name, output in wanted.forms:
        write(written(report, name, setting, output), output)
    if sys.stderr.isatty():
        sys.stderr.write(f"Checked: {project.folder}\n")
    return wanted.written_baseline is None and report.fails(wanted.threshold)


def _report(project: Project, wanted: Wanted, show: Progress) -> Report:
    from cosigraph.check import check_project  # noqa: PLC0415 - loads pySHACL
    from cosigraph.check.baseline import without_known  # noqa: PLC0415 - as above
    from cosigraph.check.cached import check_project_cached  # noqa: PLC0415 - as above
    from cosigraph.check.changed import of_the_change  # noqa: PLC0415 - as above
    from cosigraph.check.engines import EngineChoice  # noqa: PLC0415 - as above

    engine, selection = EngineChoice(wanted.engine), wanted.selection
    if wanted.is_cached:
        report = check_project_cached(project.folder, show, engine=engine, selection=selection)
    else:
        report = check_project(project, show, engine, selection)
    if wanted.baseline is not None:
        report = without_known(report, wanted.baseline, wanted.selection)
    if wanted.revision is not None:
        report = of_the_change(report, project, wanted.revision, wanted.selection, show)
    if wanted.store is not None:
        show("Comparing with the store")
        told = difference_from(project, wanted.store)
        report = replace(report, notes=(*report.notes, told))
    return report


def setting_of(project: Project, threshold: Severity | None) -> Setting:
    """Return what reports of a project are written for, here."""
    import cosigraph  # noqa: PLC0415 - loads pySHACL
    from cosigraph.check.reports import Setting  # noqa: PLC0415 - as above

    return Setting(
        root_uri=Path.cwd().as_uri().rstrip("/") + "/",
        prefixes=project.prefixes,
        threshold=threshold,
        software=cosigraph.__version__,
    )


def written(report: Report, name: str, setting: Setting, output: Path | None) -> str:
    """Return a report in a format; text has colours where it goes to a terminal."""
    from cosigraph.check.reports import WRITERS  # noqa: PLC0415 - loads pySHACL

    is_coloured = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return WRITERS[name](report, replace(setting, is_coloured=is_coloured))


def _forms(formats: list[ReportFormat], outputs: list[Path]) -> list[tuple[str, Path | None]]:
    """Pair formats and outputs by their order; raises UsageError where that does not come out."""
    if len(outputs) > len(formats):
        raise UsageError(
            f"{len(outputs)} outputs are given for {len(formats)} formats.",
            advice="Give a --format for each --output, in the same order.",
        )
    if len(formats) > len(outputs) + 1:
        raise UsageError(
            f"{len(formats) - len(outputs)} formats have no output.",
            advice="Give an --output for each --format but one, in the same order.",
        )
    if len({os.path.realpath(output) for output in outputs}) < len(outputs):
        raise UsageError(
            "Two formats have the same output.", advice="Give each --format an --output of its own."
        )
    padded: list[Path | None] = [*outputs, None]
    return [(form.value, output) for form, output in zip(formats, padded, strict=False)]
