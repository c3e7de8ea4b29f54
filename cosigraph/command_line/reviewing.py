# SPDX-License-Identifier: Apache-2.0
"""``cosigraph review``: what a change does, as one comment for whoever reviews it."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosigraph.command_line.interruption import interruptible
from cosigraph.command_line.options import OutputOption, ProjectOption
from cosigraph.command_line.output import write
from cosigraph.command_line.progress import progress
from cosigraph.errors import ProjectError, UsageError
from cosigraph.git import base_of
from cosigraph.project import Project, open_project

if TYPE_CHECKING:
    from cosigraph.check import Progress, Report
    from cosigraph.review.answers import ChangedAnswer


class Platform(StrEnum):
    """Where comments can be posted."""

    GITHUB = "github"
    GITLAB = "gitlab"


def review(  # noqa: PLR0913, PLR0917 - the command's options
    base: Annotated[
        str, typer.Option(metavar="REV", help="The git revision that the change is made to.")
    ],
    difference: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Put this Markdown into the comment: that of 'cosigraph diff'.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The findings of this file are known, and not told."),
    ] = None,
    post: Annotated[
        Platform | None,
        typer.Option(
            help="Keep the one comment of this project up to date on the change that this job of "
            "the platform is for, with the token in its environment."
        ),
    ] = None,
    output: OutputOption = None,
    project: ProjectOption = None,
) -> None:
    """Tell what a change does, in Markdown: new findings, answers that change, the difference.

    Exit codes: 0 done, whatever was found; 2 wrong call; 3 no usable project or no repository;
    6 the comment cannot be posted.

    \b
    cosigraph review --base origin/main
    cosigraph review --base "$BASE" --difference difference.md --post github
    """  # noqa: D301 - click reads \b as a character
    from cosigraph.command_line.checking import setting_of  # noqa: PLC0415 - loads pySHACL
    from cosigraph.review.comment import comment_of, is_worth_telling, marker_of  # noqa: PLC0415

    opened = open_project(project)
    told = "" if difference is None else _read(difference)
    with progress() as show:
        report, answers = interruptible(lambda: _looked_at(opened, base, baseline, show))
    name = opened.configuration.name
    comment = comment_of(name, report, answers, told, setting_of(opened, None))
    if post is None or output is not None:
        write(comment, output)
    if post is not None:
        from cosigraph.review.posting import place_of  # noqa: PLC0415 - few post
        from cosigraph.review.posting import post as keep  # noqa: PLC0415

        place = place_of(post.value, os.environ)
        if place is None:
            sys.stderr.write("This job is for no change under review: nothing is posted.\n")
            return
        is_told = is_worth_telling(report, answers, told)
        keep(place, marker_of(name), comment, makes=is_told)


def _looked_at(
    project: Project, base: str, baseline: Path | None, show: Progress
) -> tuple[Report, list[ChangedAnswer]]:
    from cosigraph.check import check_project  # noqa: PLC0415 - loads pySHACL
    from cosigraph.check.baseline import read_baseline, without_known  # noqa: PLC0415
    from cosigraph.check.changed import earlier_folder, of_the_change  # noqa: PLC0415
    from cosigraph.check.checking import EVERYTHING  # noqa: PLC0415
    from cosigraph.review.answers import changed_answers  # noqa: PLC0415

    known = () if baseline is None else read_baseline(baseline)
    report = without_known(check_project(project, show), known, EVERYTHING)
    report = of_the_change(report, project, base, EVERYTHING, show)
    show("Asking the queries, before and after")
    with earlier_folder(base_of(base, project.folder), project.folder) as folder:
        try:
            before = open_project(folder)
        except ProjectError:  # it was no project then
            return report, []
        return report, changed_answers(before, project)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The difference '{path}' cannot be read: {error}.") from error
