# SPDX-License-Identifier: Apache-2.0
"""Work for a request that a process of its own does, and ends with the request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import IO, TYPE_CHECKING

from cosigraph.job_process import encode

from .admission import Admission
from .record import CURRENT

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@asynccontextmanager
async def in_turn(admission: Admission, time: float | None) -> AsyncIterator[None]:
    """Hold a place for the request's client, once it is its turn.

    Raises:
        QueryNotStarted: too many wait, or the turn did not come in ``time`` seconds
    """
    record = CURRENT.get()
    client = record.client if record is not None else ""
    await admission.enter(client, time)
    try:
        yield
    finally:
        admission.leave(client)


async def run_job(
    command: Sequence[str],
    job: DataclassInstance,
    output: IO[bytes],
    *,
    files: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Have a process do the job, and end it if nobody waits for it any more.

    Args:
        command: what starts the process, a module with ``cosigraph.job_process``
        job: what it is given as JSON
        output: the file that it writes to
        files: the numbers of open files that the job names
        environment: all that the process has of it; nothing unless given

    Returns:
        Its exit code and what it wrote to the standard error, for ``last_word``.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=output,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=files,
        env=environment or {},
    )
    try:
        _, told = await process.communicate(encode(job))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, told
