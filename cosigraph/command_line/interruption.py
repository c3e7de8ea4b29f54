# SPDX-License-Identifier: Apache-2.0
"""Work that Ctrl-C ends at once.

Oxigraph does not return to Python while it evaluates, so Python sees no signal until the query is
done. The work is therefore done in a thread of its own, while the main thread waits for it and
can be interrupted; the command then ends the process with the work in it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
_STEP = 0.2  # seconds


def interruptible(work: Callable[[], Result]) -> Result:
    """Return what ``work`` returns, or raise what it raises.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C; ``work`` may still run, in a daemon thread.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def do() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    # In short steps: a signal that the system hands to another thread does not wake this one.
    while thread.is_alive():
        thread.join(_STEP)
    if errors:
        raise errors[0]
    return results[0]
