# SPDX-License-Identifier: Apache-2.0
"""From names as people write them to identifiers: which thing of the graph a name means.

``collecting`` reads what is named from the graph, ``words`` takes names apart, ``index`` holds
them, ``matching`` finds and scores, ``suggesting`` completes what is typed.
"""

from __future__ import annotations

from cosigraph.reconciliation.collecting import Collected, collect
from cosigraph.reconciliation.matching import (
    Candidate,
    Decision,
    Matcher,
    Strictness,
    decide,
    decision_of,
)
from cosigraph.reconciliation.things import Named, Thing

__all__ = [
    "Candidate",
    "Collected",
    "Decision",
    "Matcher",
    "Named",
    "Strictness",
    "Thing",
    "collect",
    "decide",
    "decision_of",
]
