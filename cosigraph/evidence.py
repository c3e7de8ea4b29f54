# SPDX-License-Identifier: Apache-2.0
"""What a project calls evidence: ``[check.evidence]`` in ``cosigraph.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEFAULT_TEXTS: Final = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "http://www.w3.org/2011/content#chars",
    "https://schema.org/text",
)
"""The properties that hold a text unless the project names its own."""


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """Where texts stand, what leads to a passage, and what must have one; all by IRIs.

    ``texts`` are the properties that hold the text from which a passage is quoted; ``properties``
    lead from a statement to a passage; things of ``classes`` and their subclasses must have one.
    """

    texts: tuple[str, ...] = DEFAULT_TEXTS
    properties: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
