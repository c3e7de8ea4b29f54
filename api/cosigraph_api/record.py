# SPDX-License-Identifier: Apache-2.0
"""What is known of one request while it is answered: for its log line, metrics and own fields.

The record is the context's, so that whatever is done for a request can add to it.
"""

from __future__ import annotations

import itertools
import re
import secrets
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.types import Scope

if TYPE_CHECKING:
    from .attempts import Attempt

_GIVEN = b"request-id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+=/-]{0,63}")
# Random identifiers (RFC 9562, version 4) whose last part is counted, at a tenth of the cost.
_BEGINNING = str(uuid.uuid4())[:24]
_SERIAL = itertools.count(secrets.randbits(47))
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}


@dataclass(slots=True)
class Record:
    """One request.

    Attributes:
        id: identifies it in the answer, in the log, and to the client if that gave it
        client: the address that its share belongs to; it is told to nobody
        method: its method
        path: its path within the application
        route: which kind of address it is, one of few
        status: the answer's, or 0 if the client left before
        bytes: how much of the answer's content was sent
        is_complete: whether the answer was sent to its end
        query: the text of the query that ran for it
        outcome: what became of that query, empty if none ran
        wait: seconds that the query waited for its turn
        run: seconds that it ran
        is_cut: whether its answer ends at the limit of rows
        attempt: what has begun of its query, for the execution to take over
    """

    id: str
    client: str
    method: str
    path: str
    route: str = "other"
    status: int = 0
    bytes: int = 0
    is_complete: bool = False
    query: str = ""
    outcome: str = ""
    wait: float = 0.0
    run: float = 0.0
    is_cut: bool = False
    attempt: Attempt | None = None
    started: float = field(default_factory=time.perf_counter)

    @property
    def duration(self) -> float:
        """Seconds since the request came."""
        return time.perf_counter() - self.started

    def timing(self) -> str:
        """The value of ``Server-Timing`` (W3C), in milliseconds, as far as it has gone."""
        parts = [f"total;dur={self.duration * 1000:.1f}"]
        if self.query:
            parts = [f"wait;dur={self.wait * 1000:.1f}", f"query;dur={self.run * 1000:.1f}", *parts]
        return ", ".join(parts)


ATTEMPT = "cosigraph.attempt"
"""What an ASGI scope calls the attempt that began before its application was called."""

CURRENT: ContextVar[Record | None] = ContextVar("cosigraph_request", default=None)


def new_record(scope: Scope, client: str, path: str) -> Record:
    """The record of a request that has just come."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    return Record(_id(scope), client, method, path)


def _id(scope: Scope) -> str:
    """What the client calls the request, if that is harmless; else a name of our own."""
    for name, value in scope["headers"]:
        if name == _GIVEN:
            given: str = value.decode("latin-1")
            if _SANE.fullmatch(given):
                return given
    return f"{_BEGINNING}{next(_SERIAL):012x}"
