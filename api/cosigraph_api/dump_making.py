# SPDX-License-Identifier: Apache-2.0
"""Making the dumps of all graphs: in a process, with the limits of a query."""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO

from anyio import to_thread

from cosigraph.errors import QueryTimeout
from cosigraph.publishing.dump_process import Job, command, outcome
from cosigraph.publishing.dumps import Dump
from cosigraph.stored_dataset import StoredDataset

from .jobs import run_job
from .service import Service


async def make_dumps(service: Service) -> list[Dump]:
    """The dumps of the version of the data that the request is answered from.

    Raises:
        QueryTimeout, QueryMemory: the limits are too narrow for them
        WorkerLost: the process ended unexpectedly
    """
    edition, limits = service.edition, service.limits
    dataset = edition.project.dataset
    with tempfile.TemporaryFile() as quads, tempfile.TemporaryFile() as output:
        await to_thread.run_sync(quads.write, edition.setup.nquads)
        quads.seek(0)
        job = Job(
            quads=quads.fileno(),
            graphs=tuple(dataset.graphs),
            base=edition.project.configuration.base,
            relabel=not isinstance(dataset, StoredDataset),
            time=limits.time,
            memory=limits.memory,
        )
        try:
            async with asyncio.timeout(limits.time):
                code, told = await run_job(command(), job, output, files=[job.quads])
                return await to_thread.run_sync(_read, code, told, output)
        except TimeoutError:
            raise QueryTimeout(
                f"The dumps were not complete after {limits.time:g} s.",
                advice="Ask for a graph at /graphs, or start the server with more --timeout.",
            ) from None


def _read(code: int, told: bytes, output: IO[bytes]) -> list[Dump]:
    output.seek(0)
    return outcome(code, told, output.read())
