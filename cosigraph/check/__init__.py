# SPDX-License-Identifier: Apache-2.0
"""Everything that is wrong in a project folder, found with one call: ``check_project``."""

from __future__ import annotations

from cosigraph.check.checking import Progress, check_project
from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.rule import Rule, rule, rules

__all__ = ["Finding", "Progress", "Report", "Rule", "Severity", "check_project", "rule", "rules"]
