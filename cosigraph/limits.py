# SPDX-License-Identifier: Apache-2.0
"""What a server allows those who ask it; the defaults are meant for the open network."""

from __future__ import annotations

from dataclasses import dataclass, fields

from cosigraph.errors import UsageError

MEBIBYTE = 1024 * 1024
_MAY_BE_ZERO = {"queue", "grace"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server; None where there is none.

    Attributes:
        time: seconds that a query may wait for its turn, and then run.
        rows: rows, or triples, of an answer; it is cut off there, and says so.
        size: bytes of an answer; a larger one is an error.
        memory: bytes that one query may need beyond the dataset.
        body: bytes of a request's body.
        queue: queries that may wait for a process; one more is refused for now.
        share: processes that one client may hold at the same time, the rest of its queries wait;
            by default all but one, so that one client cannot keep out another.
        patience: seconds that a client may take to send its request, or stand still while it
            reads its answer.
        grace: seconds that running queries have when the server ends.
        explanation_time: seconds that may be spent on why an answer is empty.
        explanation_probes: queries that may be run for that.
    """

    time: float | None = 30.0
    rows: int | None = 1_000_000
    size: int | None = 256 * MEBIBYTE
    memory: int | None = 1024 * MEBIBYTE
    body: int = MEBIBYTE
    queue: int = 256
    share: int | None = None
    patience: float = 20.0
    grace: float = 5.0
    explanation_time: float = 5.0
    explanation_probes: int = 100

    def __post_init__(self) -> None:
        """Raise UsageError for a limit that would let nothing through."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and (value < 0 or (value == 0 and field.name not in _MAY_BE_ZERO)):
                raise UsageError(f"The limit '{field.name}' must be greater than 0.")

    def share_of(self, workers: int) -> int:
        """How many of so many processes one client may hold at the same time."""
        return min(self.share, workers) if self.share is not None else max(1, workers - 1)
