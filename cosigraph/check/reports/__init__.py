# SPDX-License-Identifier: Apache-2.0
"""The forms in which a report can be had: one module for each, and this table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from cosigraph.check.findings import Report
from cosigraph.check.reports.github import to_github
from cosigraph.check.reports.gitlab import to_gitlab
from cosigraph.check.reports.json import to_json
from cosigraph.check.reports.junit import to_junit
from cosigraph.check.reports.markdown import to_markdown
from cosigraph.check.reports.sarif import to_sarif
from cosigraph.check.reports.setting import Setting
from cosigraph.check.reports.text import to_text
from cosigraph.check.reports.turtle import to_turtle

__all__ = ["REPORT_FORMATS", "ReportForm", "Setting"]

Writer: TypeAlias = Callable[[Report, Setting], str]


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A form of a report: its media type, and what writes it."""

    media_type: str
    write: Writer


REPORT_FORMATS: Final[dict[str, ReportForm]] = {
    "text": ReportForm("text/plain", to_text),
    "json": ReportForm("application/json", to_json),
    "sarif": ReportForm("application/sarif+json", to_sarif),
    "junit": ReportForm("application/xml", to_junit),
    "github": ReportForm("text/x-github-workflow-commands", to_github),
    "gitlab": ReportForm("application/vnd.gitlab.code-quality+json", to_gitlab),
    "markdown": ReportForm("text/markdown", to_markdown),
    "turtle": ReportForm("text/turtle", to_turtle),
}
"""By the name that ``--format`` has for it."""
