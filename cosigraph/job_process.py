# SPDX-License-Identifier: Apache-2.0
"""A process that does one job for a server, within limits, and can be killed at any time.

Its job comes as JSON on standard input; its outcome goes to standard output, a file; whether it
succeeded is the last line of the standard error, as JSON.
"""

from __future__ import annotations

import json
import logging
import math
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cosigraph import errors
from cosigraph.worker import decode_error, encode_error, held_memory, too_much_memory

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LOG = logging.getLogger("cosigraph.jobs")
# What Python, Rust and the system say when there is none.
_OUT_OF_MEMORY = (b"MemoryError", b"memory allocation of", b"Cannot allocate memory")
_PROGRAM = (
    "import os, sys; sys.path[:] = {paths!r}; "
    # At once, as what a destructor has to say would come after the last word.
    "from {module} import main; os._exit(main())"
)


def command_of(module: str) -> list[str]:
    """Return the command that starts a process with the ``main`` of a module."""
    paths = [str(Path(path).absolute()) for path in sys.path]  # '' is a path here
    return [sys.executable, "-S", "-E", "-c", _PROGRAM.format(paths=paths, module=module)]


def encode(job: DataclassInstance) -> bytes:
    """The job as JSON, as its process reads it."""
    return json.dumps(asdict(job)).encode()


def finish(work: Callable[[], object]) -> int:
    """Do the job, and tell what ``work`` returns, or what it fails with; return the exit code."""
    try:
        told = work()
    except errors.CosigraphError as error:
        return tell(1, encode_error(error))
    except RecursionError:
        nested = errors.UsageError("Something in the data is nested too deeply for this.")
        return tell(1, encode_error(nested))
    return tell(0, json.dumps(told).encode())


def write_out(content: bytes) -> bool:
    """Write the outcome to standard output, the file that the server reads; always True."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return True


def limit(time: float | None, memory: int | None) -> None:
    """Have the system end this process when it takes too much, even if the server has ended.

    Args:
        time: seconds of the processor's time.
        memory: bytes beyond those that it has now.
    """
    if time is not None:
        seconds = math.ceil(time) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # SIGXCPU, then the end
    if memory is not None:
        most = held_memory() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell(code: int, word: bytes) -> int:
    """Say the last word, and return the exit code."""
    sys.stderr.buffer.write(b"\n" + word + b"\n")
    sys.stderr.flush()
    return code


def last_word(code: int, told: bytes, doing: str) -> bytes:
    """Return what a process told at its end, if it did its job.

    Raises:
        CosigraphError: what it failed with.
        QueryTimeout: the system ended it as its time was over.
        QueryMemory: it was given no more memory.
        WorkerLost: it ended otherwise before it could tell.
    """
    last = told.strip().rpartition(b"\n")[2]
    if code == 0:
        return last
    if code == 1 and last.startswith(b"["):
        raise decode_error(last)
    if code == -signal.SIGXCPU:
        raise errors.QueryTimeout(f"{doing} took too long.", advice="Ask for less at a time.")
    if any(sign in told for sign in _OUT_OF_MEMORY):
        raise too_much_memory()
    _LOG.error("a process ended: %s", told.decode(errors="replace"))
    raise errors.WorkerLost(
        f"The process for this ended with {code}: {doing}.", advice="Ask for less at a time."
    )
