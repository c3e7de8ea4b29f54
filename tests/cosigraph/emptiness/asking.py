# SPDX-License-Identifier: Apache-2.0
"""Explaining a query from tests, with its probes run in this process."""

from __future__ import annotations

from cosigraph import Project
from cosigraph.answers import prepare
from cosigraph.emptiness import Explanation, ExplanationLimits, Finding, explain, run_inquiry
from cosigraph.store import Query


def explained(
    project: Project,
    text: str,
    *,
    reading: str | None = None,
    graphs: tuple[str, ...] = (),
    limits: ExplanationLimits | None = None,
) -> Explanation:
    query = prepare(text, project.surroundings, reading=reading, default_graphs=graphs)
    inquiry = explain(query, project.surroundings, project.dataset.readings, limits)

    def run(probe: Query, _seconds: float) -> bytes:
        return b"".join(project.store.execute(probe))

    return run_inquiry(inquiry, run)


def offset(text: str, finding: Finding) -> int:
    """Where a finding's position is, in characters from the start."""
    position = finding.position
    assert position is not None
    assert position.line is not None
    assert position.column is not None
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: position.line - 1]) + position.column - 1


def mended(text: str, finding: Finding) -> str:
    """The query with a finding's replacement in the place of its term."""
    assert finding.term is not None
    assert finding.replacement is not None
    start = offset(text, finding)
    assert text.startswith(finding.term, start)
    return text[:start] + finding.replacement + text[start + len(finding.term) :]
