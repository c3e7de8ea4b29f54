# SPDX-License-Identifier: Apache-2.0
"""Findings and the report that holds them."""

from __future__ import annotations

import pytest

from cosigraph.check.findings import Finding, Report, Severity, finding_of
from cosigraph.errors import DataSyntaxError, Position


def finding(severity: Severity, line: int | None = 1, source: str = "a.ttl") -> Finding:
    return Finding("family/rule", severity, "message", Position(source, line))


def test_findings_stand_in_the_order_of_their_places_each_once() -> None:
    late, early = finding(Severity.INFO, 10), finding(Severity.VIOLATION, 9)
    other, unplaced = finding(Severity.INFO, 1, "b.ttl"), finding(Severity.INFO, None)
    report = Report.of([late, other, early, late, unplaced], {})
    assert report.findings == (unplaced, early, late, other)


@pytest.mark.parametrize(
    ("worst", "failing"),
    [
        (Severity.VIOLATION, {Severity.VIOLATION, Severity.WARNING, Severity.INFO}),
        (Severity.WARNING, {Severity.WARNING, Severity.INFO}),
        (Severity.INFO, {Severity.INFO}),
    ],
)
def test_a_report_fails_at_the_threshold_and_above(worst: Severity, failing: set[Severity]) -> None:
    report = Report.of([finding(worst)], {})
    assert {threshold for threshold in Severity if report.fails(threshold)} == failing
    assert not report.fails(None)


def test_an_error_becomes_a_violation_at_its_place() -> None:
    error = DataSyntaxError("Broken.", position=Position("a.ttl", 3, 4), advice="Mend it.")
    found = finding_of(error, "syntax/rdf")
    assert (str(found.position), found.message, found.advice) == (
        "a.ttl:3:4",
        "Broken.",
        "Mend it.",
    )
    assert found.severity is Severity.VIOLATION
