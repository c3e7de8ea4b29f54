# SPDX-License-Identifier: Apache-2.0
"""The access log: a JSON object on a line for each request, written in a thread of its own.

It holds no client's address, and of a query its form and digest (what ``sha256sum`` gives for its
text), unless the text is wanted too.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import TextIO

from cosigraph.errors import CosigraphError, QueryRefused, ServerError
from cosigraph.sparql import query_form

from .record import Record

STANDARD_ERROR = "-"
_LONGEST_PATH = 200
_MOST_WAITING = 10_000  # lines; where they cannot be written fast enough, the rest is lost


class AccessLog:
    """A log that is being written.

    Args:
        target: a file's path, which is added to, or ``-`` for the standard error
        with_queries: whether the text of queries is to stand in it

    Raises:
        ServerError: the file cannot be written
    """

    def __init__(self, target: str, *, with_queries: bool = False) -> None:
        self._with_queries = with_queries
        self._file = _opened(target)
        self._lines: Queue[tuple[float, Record] | None] = Queue(_MOST_WAITING)
        self._thread = Thread(target=self._write, name="access log", daemon=True)
        self._thread.start()

    def add(self, record: Record) -> None:
        """Log a request that is over."""
        with suppress(Full):
            self._lines.put_nowait((record.duration, record))

    def close(self) -> None:
        """Write what is left."""
        self._lines.put(None)
        self._thread.join()
        if self._file is not sys.stderr:
            with suppress(OSError):
                self._file.close()

    def _write(self) -> None:
        while (entry := self._lines.get()) is not None:
            line = json.dumps(self._members(*entry))
            with suppress(OSError, ValueError):  # a full disk stops no server
                self._file.write(line + "\n")
                self._file.flush()

    def _members(self, duration: float, record: Record) -> dict[str, object]:
        members: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": record.id,
            "method": record.method,
            "route": record.route,
            "path": record.path[:_LONGEST_PATH],
            "status": record.status or None,
            "complete": record.is_complete,
            "seconds": round(duration, 6),
            "bytes": record.bytes,
        }
        if record.query:
            members["query"] = self._query(record)
        return members

    def _query(self, record: Record) -> dict[str, object]:
        text = record.query
        try:
            form = str(query_form(text))
        except QueryRefused:
            form = "UPDATE"
        except CosigraphError:
            form = ""
        members: dict[str, object] = {
            "form": form,
            "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            "outcome": record.outcome,
            "wait": round(record.wait, 6),
            "run": round(record.run, 6),
            "cut": record.is_cut,
        }
        return {**members, "text": text} if self._with_queries else members


def _opened(target: str) -> TextIO:
    if target == STANDARD_ERROR:
        return sys.stderr
    try:
        return Path(target).open("a", encoding="utf-8")
    except OSError as error:
        raise ServerError(
            f"The log '{target}' cannot be written: {error.strerror}.",
            advice="Choose another file with --log, or - for the standard error.",
        ) from error
