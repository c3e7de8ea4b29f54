# SPDX-License-Identifier: Apache-2.0
"""What to say to somebody who gave a name that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 8
_NEARNESS = 0.6


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is nearest to ``word`` in spelling, or None when none is near."""
    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(choice.casefold(), choice)
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=_NEARNESS)
    return folded[near[0]] if near else None


def suggestion_sentence(word: str, choices: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?``, or a sentence that lists the first choices, or ``""``."""
    known = list(choices)
    near = did_you_mean(word, known)
    if near is not None:
        return f"Did you mean '{near}'?"
    if not known:
        return ""
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"Known: {', '.join(known[:_LISTED])}{more}."
