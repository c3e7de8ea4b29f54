# SPDX-License-Identifier: Apache-2.0
"""A report for a comment on a change: a table for each file, the details folded."""

from __future__ import annotations

import html
import re

from cosigraph.check.findings import Finding, Report
from cosigraph.check.reports.excerpt import printable
from cosigraph.check.reports.setting import Setting, facts
from cosigraph.check.reports.text import by_severity, count, summary

MOST_FINDINGS = 100
"""How many findings a comment has; the platforms cap its length."""

_MARKUP = re.compile(r"([\\`*_\[\]#!|~$])")


def to_markdown(report: Report, setting: Setting) -> str:
    """Return the report as GitHub's and GitLab's Markdown, the worst findings if not all."""
    worst_first = sorted(report.findings, key=lambda finding: -finding.severity.rank)
    shown = set(worst_first[:MOST_FINDINGS])
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding in shown:
            files.setdefault(setting.path(finding.position) or "?", []).append(finding)
    parts = [f"**{escaped(summary(report))}**\n"]
    parts += [_file(path, findings) for path, findings in files.items()]
    left_out = worst_first[MOST_FINDINGS:]
    if left_out:
        told = f"{count(len(left_out), 'finding')} more: {by_severity(left_out)}"
        parts.append(f"Left out here, as they are too many: {told}.\n")
    parts += [f"Not checked: {escaped(skipped)}\n" for skipped in report.skipped]
    parts += [f"{escaped(note)}\n" for note in report.notes]
    return "\n".join(parts)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: no markup, no HTML, no mention of people."""
    marked = _MARKUP.sub(r"\\\1", printable(text))
    return html.escape(marked, quote=False).replace("@", "&#64;")


def code(text: str) -> str:
    """Return a text as code, within a table or a list too."""
    safe = html.escape(printable(text), quote=False).replace("|", "&#124;").replace("@", "&#64;")
    return f"<code>{safe}</code>"


def _file(path: str, findings: list[Finding]) -> str:
    head = f"<details open><summary>{code(path)}: {by_severity(findings)}</summary>\n"
    table = ["| line | | finding | rule |", "|---|---|---|---|", *map(_row, findings)]
    return "\n".join([head, *table, "\n</details>\n"])


def _row(finding: Finding) -> str:
    position = finding.position
    place = ":".join(str(n) for n in (position.line, position.column) if n is not None)
    advice = f" {escaped(finding.advice)}" if finding.advice else ""
    told = f"{escaped(finding.message)}{advice}{_details(finding)}"
    return f"| {place} | {finding.severity} | {told} | {code(finding.rule)} |"


def _details(finding: Finding) -> str:
    lines = [f"{name} {code(fact)}" for name, fact in facts(finding).items()]
    lines += [code(line) for line in (finding.detail or "").splitlines()]
    return f"<details><summary>more</summary>{'<br>'.join(lines)}</details>" if lines else ""
