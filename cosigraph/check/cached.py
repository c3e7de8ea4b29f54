# SPDX-License-Identifier: Apache-2.0
"""``check_project`` with a memory: nothing is checked twice that has not changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cosigraph.check.checking import Progress, check_project
from cosigraph.check.findings import Report
from cosigraph.check.inputs import inputs_of
from cosigraph.check.report_cache import ReportCache, cache_folder
from cosigraph.errors import ProjectError
from cosigraph.project import open_project


def check_project_cached(
    folder: Path, progress: Progress, cache: ReportCache | None = None, **options: Any
) -> Report:
    """Check a project folder, or return the report of an earlier check of the very same.

    A report is kept when no file was touched while it was made, no query may have another answer
    the next time, and no other endpoint is asked. ``options`` go to ``check_project``.

    Raises:
        ProjectError: as ``check_project``.
    """
    cache = cache or ReportCache(cache_folder())
    try:
        before = inputs_of(folder, options)
    except (OSError, ProjectError):  # the check says which file it is
        return check_project(folder, progress, **options)
    if not before.is_lasting:
        return check_project(folder, progress, **options)
    kept = cache.get(before.digest, folder)
    if kept is not None:
        return kept
    project = open_project(folder)
    report = check_project(project, progress, **options)
    try:
        is_unchanged = inputs_of(folder, options) == before
    except (OSError, ProjectError):
        return report
    if is_unchanged and not project.configuration.services:
        cache.put(before.digest, report, folder)
    return report
