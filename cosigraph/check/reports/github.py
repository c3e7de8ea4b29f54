# SPDX-License-Identifier: Apache-2.0
"""A report for GitHub: workflow commands, each of which becomes an annotation of the change.

GitHub keeps ten of a type for each step. So the worst come first, and what is beyond ten is told
in the log as text, after a line that says how many these are.
"""

from __future__ import annotations

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.setting import Setting
from cosigraph.check.reports.text import by_severity, finding_lines, rendered, summary

MOST_ANNOTATIONS = 10
"""How many annotations of a type GitHub keeps for a step."""

_TYPES = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_github(report: Report, setting: Setting) -> str:
    """Return the workflow commands, then what GitHub leaves out, and the summary."""
    shown, left_out = parted(report)
    lines = [_command(finding, setting) for finding in shown]
    if left_out:
        lines.append(f"Left out of the annotations, as they are too many: {by_severity(left_out)}")
        for finding in left_out:
            text = rendered(list(finding_lines(finding, setting)), is_coloured=False)
            lines += [_harmless(line) for line in text.splitlines()]
    lines += [_harmless(f"Not checked: {skipped}") for skipped in report.skipped]
    lines += [_harmless(note) for note in report.notes]
    return "".join(f"{line}\n" for line in [*lines, summary(report)])


def parted(report: Report) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that are annotated, the worst first, and those that are left out."""
    worst_first = sorted(report.findings, key=lambda finding: -finding.severity.rank)
    shown: list[Finding] = []
    left_out: list[Finding] = []
    for finding in worst_first:
        alike = sum(one.severity is finding.severity for one in shown)
        (shown if alike < MOST_ANNOTATIONS else left_out).append(finding)
    return shown, left_out


def _command(finding: Finding, setting: Setting) -> str:
    position = finding.position
    known = {
        "file": setting.path(position),
        "line": position.line,
        "col": position.column,
        "endLine": position.end_line,
        "endColumn": position.end_column,
        "title": f"{finding.rule}",
    }
    properties = ",".join(f"{name}={_property(v)}" for name, v in known.items() if v is not None)
    parts = [finding.message, finding.advice, finding.detail]
    message = _data("\n".join(part for part in parts if part))
    return f"::{_TYPES[finding.severity]} {properties}::{message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def _harmless(line: str) -> str:
    """Return a line of the log that is no workflow command, whatever a file says."""
    return line.replace("::", ":\N{ZERO WIDTH SPACE}:").replace("##[", "#\N{ZERO WIDTH SPACE}#[")
