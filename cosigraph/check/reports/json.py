# SPDX-License-Identifier: Apache-2.0
"""A report for programs. ``report.schema.json`` beside this module describes it."""

from __future__ import annotations

import json
from typing import Any

from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports.setting import Setting

_VERSION = 1


def to_json(report: Report, setting: Setting) -> str:
    """Return the report as JSON."""
    content = {
        "version": _VERSION,
        "findings": [_members(finding, setting) for finding in report.findings],
        "known": [_members(finding, setting) for finding in report.known],
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "checked": report.checked,
        "skipped": list(report.skipped),
        "notes": list(report.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _members(finding: Finding, setting: Setting) -> dict[str, Any]:
    position = finding.position
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "advice": finding.advice,
        "file": setting.path(position),
        "line": position.line,
        "column": position.column,
        "endLine": position.end_line,
        "endColumn": position.end_column,
        "focusNode": finding.focus_node,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "component": finding.component,
        "reading": finding.reading,
        "detail": finding.detail,
        "fingerprint": finding.fingerprint,
    }
