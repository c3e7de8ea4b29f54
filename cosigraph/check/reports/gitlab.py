# SPDX-License-Identifier: Apache-2.0
"""A report for GitLab: its Code Quality format, of which merge requests show what is new."""

from __future__ import annotations

import json

from cosigraph.check.findings import Report, Severity
from cosigraph.check.reports.setting import Setting

_SEVERITIES = {Severity.VIOLATION: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def to_gitlab(report: Report, setting: Setting) -> str:
    """Return the report as JSON; paths are relative to where the check was called."""
    content = [
        {
            "description": " ".join(filter(None, (finding.message, finding.advice))),
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": setting.path(finding.position) or ".",
                "lines": {"begin": finding.position.line or 1},
            },
        }
        for finding in report.findings
    ]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
