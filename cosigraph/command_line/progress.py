# SPDX-License-Identifier: Apache-2.0
"""What is being done, shown while it lasts, on a terminal only, and only if it takes a while."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

_PATIENCE = 1.0  # seconds


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows a line of text on standard error; it vanishes at the end.

    What is over within a second shows nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    status = Console(stderr=True).status("")
    waiting = threading.Timer(_PATIENCE, status.start)
    waiting.daemon = True
    waiting.start()
    try:
        yield lambda text: status.update(Text(text))
    finally:
        waiting.cancel()
        waiting.join()  # it may be starting the line just now
        status.stop()
