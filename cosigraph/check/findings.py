# SPDX-License-Identifier: Apache-2.0
"""What a check finds: findings, in a stable order, and the report that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cosigraph.errors import CosigraphError, Position


class Severity(StrEnum):
    """How bad a finding is (SHACL, section 2.1.4)."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """A number that is greater the worse it is."""
        return (Severity.INFO, Severity.WARNING, Severity.VIOLATION).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it is, and what to do about it.

    ``rule`` identifies what found it, as ``family/rule``. ``focus_node``, ``path``, ``value``,
    ``shape`` and ``component`` are those of a SHACL result, shortened by the project's prefixes.
    ``reading`` names the alternative reading in which alone it was found. ``detail`` may have
    several lines. ``fingerprint`` stays the same when lines move: see
    ``cosigraph.check.fingerprints``.
    """

    rule: str
    severity: Severity
    message: str
    position: Position
    advice: str | None = None
    focus_node: str | None = None
    path: str | None = None
    value: str | None = None
    shape: str | None = None
    reading: str | None = None
    detail: str | None = None
    component: str | None = None
    fingerprint: str = ""

    @property
    def sorting_key(self) -> tuple[object, ...]:
        """By place, then by everything else, so that the order never depends on the run."""
        position = self.position
        return (
            position.source or "",
            position.line or 0,
            position.column or 0,
            self.rule,
            self.message,
            *(self.focus_node or "", self.path or "", self.value or "", self.shape or ""),
            self.reading or "",
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one check, sorted, each once, and how much was checked.

    ``skipped`` says what could not be checked, in words; ``notes`` what else is worth knowing.
    ``known`` are the findings of a baseline, which count for nothing. ``rules`` are the rules that
    were looked for, whether anything was found or not.
    """

    findings: tuple[Finding, ...]
    checked: dict[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    known: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        checked: dict[str, int],
        skipped: Iterable[str] = (),
    ) -> Report:
        """Make a report of findings in any order."""
        distinct = dict.fromkeys(findings)
        ordered = sorted(distinct, key=lambda finding: finding.sorting_key)
        return cls(tuple(ordered), checked, tuple(skipped))

    def count(self, severity: Severity) -> int:
        """Return how many findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, threshold: Severity | None) -> bool:
        """Return whether a finding is at least as bad as ``threshold``; None: never."""
        return threshold is not None and any(
            finding.severity.rank >= threshold.rank for finding in self.findings
        )

    def knowing(self, fingerprints: Iterable[str]) -> Report:
        """Return the report with the findings of these fingerprints among the known ones."""
        known = frozenset(fingerprints)
        return replace(
            self,
            findings=tuple(f for f in self.findings if f.fingerprint not in known),
            known=tuple(f for f in self.findings if f.fingerprint in known),
        )


def finding_of(error: CosigraphError, rule: str) -> Finding:
    """Return an error that stopped a part of the check as a violation of ``rule``."""
    return Finding(
        rule=rule,
        severity=Severity.VIOLATION,
        message=error.detail,
        position=error.position or Position(),
        advice=error.advice,
    )
