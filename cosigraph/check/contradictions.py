# SPDX-License-Identifier: Apache-2.0
"""What cannot be, as the rules over the data find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cosigraph.check.clashes import Clash
from cosigraph.check.statements import Statement

Shown: TypeAlias = Callable[[str], str]
"""Gives the name under which a message tells of a term."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be: in words, at a statement, and the statements that say otherwise.

    ``things`` counts those of which the same is true.
    """

    words: str
    at: Statement
    reasons: tuple[Statement, ...]
    clash: Clash | None = None
    thing: str = ""
    things: int = 1
