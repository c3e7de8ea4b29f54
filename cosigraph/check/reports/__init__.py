# SPDX-License-Identifier: Apache-2.0
"""The forms in which a report can be had: one module for each, and this table of them."""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["WRITERS", "Setting"]

Writer: TypeAlias = Callable[[Report, Setting], str]

WRITERS: Final[dict[str, Writer]] = {
    "text": to_text,
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
    "gitlab": to_gitlab,
    "markdown": to_markdown,
    "turtle": to_turtle,
}
"""What writes each form of ``cosigraph.report_formats``."""
