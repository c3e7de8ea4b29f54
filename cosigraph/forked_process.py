# SPDX-License-Identifier: Apache-2.0
"""A process that another process of ours has forked, as ours cannot wait for it itself."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
from collections.abc import Callable

_PATIENCE = 5000  # milliseconds within which a process that was killed has gone


class Process:
    """A worker's process, which is a child of a template and not of this process.

    It ends when its socket closes, and its socket is closed when it ends; that tells whether it
    lives. Its number stays its own until it has been waited for.
    """

    def __init__(
        self,
        pid: int,
        connection: socket.socket,
        reap: Callable[[int], int | None],
        on_gone: Callable[[], None],
    ) -> None:
        """Know a process.

        Args:
            pid: its number.
            connection: its socket.
            reap: waits for the process of that number; tells its exit code, None for unknown.
            on_gone: is called once it has been waited for.
        """
        self.pid = pid
        self._reap = reap
        self._on_gone = on_gone
        self._connection = connection
        self._code: int | None = None
        self._waiting = threading.Lock()

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._code is None and not self._has_ended(0)

    def kill(self) -> None:
        """Let the system end it now; does nothing when it has ended."""
        with self._waiting, contextlib.suppress(ProcessLookupError):
            if self.is_alive():
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait until it has gone, and return its exit code, negative for a signal's number."""
        # A large one takes a while; meanwhile its template can do something else. When that has
        # gone, nobody knows the code.
        self._has_ended(_PATIENCE)
        with self._waiting:
            if self._code is None:
                self._code = self._reap(self.pid) or 0
                self._on_gone()
            return self._code

    def _has_ended(self, milliseconds: int) -> bool:
        """Tell whether it ends within that time."""
        end = select.poll()  # one for each call, as only one thread at a time may use it
        try:
            end.register(self._connection, 0)  # a hang-up is always reported
        except ValueError:  # its socket has been closed here
            return True
        return bool(end.poll(milliseconds))
