# SPDX-License-Identifier: Apache-2.0
"""A server on the loopback interface that tells whether anything dialled out."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Canary:
    """Counts the connections to a port of its own; answers none."""

    def __init__(self) -> None:
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.iri = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def count(self) -> int:
        """Return how many have called up to now: this call is accepted after all of them."""
        with socket.create_connection(self._server.getsockname()) as own:
            own.recv(1)
        self.calls -= 1
        return self.calls

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()
