# SPDX-License-Identifier: Apache-2.0
"""Why an answer is empty, and what may have been meant.

``explain`` takes a query apart and asks its parts as queries of their own, which it leaves to its
caller to run (``advance``, ``run_inquiry``).
"""

from __future__ import annotations

from cosigraph.emptiness.explaining import explain
from cosigraph.emptiness.findings import Explanation, Finding, Kind
from cosigraph.emptiness.probes import (
    ExplanationLimits,
    Inquiry,
    Probe,
    advance,
    is_empty,
    run_inquiry,
)

__all__ = [
    "Explanation",
    "ExplanationLimits",
    "Finding",
    "Inquiry",
    "Kind",
    "Probe",
    "advance",
    "explain",
    "is_empty",
    "run_inquiry",
]
