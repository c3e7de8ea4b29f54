# SPDX-License-Identifier: Apache-2.0
"""Writing an explanation down while it is found, up to as much as helps."""

from __future__ import annotations

from collections.abc import Iterable

from cosigraph.emptiness.findings import Explanation, Finding, Kind, Marker
from cosigraph.emptiness.probes import OutOfLimitsError

_MOST_FINDINGS = 50


class Report:
    """Adds findings to an explanation, each once; raises OutOfLimitsError when they are many."""

    def __init__(self, explanation: Explanation) -> None:
        self._findings = explanation.findings
        self._mark = Marker(explanation.query).finding

    def add(self, kind: Kind, shown: str, start: int, detail: str, advice: str) -> None:
        """Add a finding at an offset in the query."""
        self.extend([self._mark(kind, shown, start, detail, advice)])

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        told = self._findings
        told += [each for each in dict.fromkeys(findings) if each not in told]
        if len(told) >= _MOST_FINDINGS:
            del told[_MOST_FINDINGS:]
            raise OutOfLimitsError(f"No more than {_MOST_FINDINGS} findings are told.")
