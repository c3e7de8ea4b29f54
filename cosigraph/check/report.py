# SPDX-License-Identifier: Apache-2.0
"""A report for people and for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.errors import Position

_PLURALS = {"query": "queries"}


def to_text(report: Report) -> str:
    """Return the findings, one after the other, and one line that sums them up."""
    lines = [line for finding in report.findings for line in _finding_lines(finding)]
    lines += [f"Not checked: {skipped}" for skipped in report.skipped]
    return "\n".join([*lines, summary(report)]) + "\n"


def to_json(report: Report) -> str:
    """Return the report as JSON: ``findings``, ``counts``, ``checked``, ``skipped``."""
    content = {
        "findings": [_to_dict(finding) for finding in report.findings],
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "checked": report.checked,
        "skipped": list(report.skipped),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def summary(report: Report) -> str:
    """Return the report in one line, without the folder."""
    checked = ", ".join(_count(number, what) for what, number in report.checked.items())
    if not report.findings:
        return f"No findings: {checked} checked."
    by_severity = ", ".join(
        _count(report.count(severity), severity.value)
        for severity in Severity
        if report.count(severity)
    )
    return f"{_count(len(report.findings), 'finding')}: {by_severity}; {checked} checked."


def shown_position(position: Position) -> str:
    """Return a position whose path is relative to where the user is, if it is below."""
    if position.source is None:
        return str(position) or "?"
    path = Path(os.path.abspath(position.source))  # noqa: PTH100 - links stay as they are
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return str(Position(str(shown), position.line, position.column))


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield (
        f"{shown_position(finding.position)}: {finding.severity}: {finding.message} "
        f"[{finding.rule}]"
    )
    facts = {
        "focus node": finding.focus_node,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "only in reading": finding.reading,
    }
    known = [f"{name} {fact}" for name, fact in facts.items() if fact is not None]
    if known:
        yield f"    {', '.join(known)}"
    if finding.advice is not None:
        yield f"    {finding.advice}"
    for line in (finding.detail or "").splitlines():
        yield f"    {line}"


def _to_dict(finding: Finding) -> dict[str, Any]:
    position = finding.position
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "advice": finding.advice,
        "file": shown_position(Position(position.source)) if position.source else None,
        "line": position.line,
        "column": position.column,
        "focusNode": finding.focus_node,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "reading": finding.reading,
        "detail": finding.detail,
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {_PLURALS.get(what, what + 's')}"
