# SPDX-License-Identifier: Apache-2.0
"""The process that reconciles names: started when first needed, renewed with the data.

It is asked in small jobs, each in its client's turn, so that a batch of one client keeps no other
from its answers; and it is killed when a job is waited for no longer.
"""

from __future__ import annotations

import asyncio
import subprocess
import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from cosigraph.errors import QueryTimeout, WorkerLost
from cosigraph.limits import Limits
from cosigraph.reconciliation.collecting import put_together, queries
from cosigraph.reconciliation_process import command, receive, send, setup_of

from .admission import Admission
from .record import CURRENT

if TYPE_CHECKING:
    from .service import Service

CHUNK = 100
"""How many names are looked for in one turn."""

_AT_ONCE = 1  # jobs


class Reconciler:
    """Asks the process.

    Args:
        service: whose names they are; asked for them, and for the version of the data
        limits: what clients may ask
    """

    def __init__(self, service: Service, limits: Limits) -> None:
        self._service = service
        self._limits = limits
        self._admission = Admission(_AT_ONCE, limits.queue, _AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._state = ""
        self._starting = asyncio.Lock()

    @property
    def process_id(self) -> int | None:
        """The number of the process, if it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    async def match(self, wanted: Sequence[Sequence[Any]]) -> list[list[Mapping[str, Any]]]:
        """The candidates of each name.

        Args:
            wanted: name, types, strictness and the most candidates, for each

        Raises:
            QueryTimeout: it took longer than a query may
            QueryNotStarted: too many wait, or the turn did not come in time
            WorkerLost: the process ended unexpectedly
        """
        found: list[list[Mapping[str, Any]]] = []
        limit = self._limits.time
        try:
            async with asyncio.timeout(limit):
                for start in range(0, len(wanted), CHUNK):
                    found += await self._in_turn({"match": wanted[start : start + CHUNK]})
        except TimeoutError:
            raise QueryTimeout(
                f"{len(found):,} of {len(wanted):,} names were looked for in {limit:g} s.",
                advice="Send fewer names at a time.",
            ) from None
        return found

    async def ask(self, job: Mapping[str, Any]) -> Any:
        """The answer to a job other than to match; raises as ``match``."""
        try:
            async with asyncio.timeout(self._limits.time):
                return await self._in_turn(job)
        except TimeoutError:
            raise QueryTimeout("The answer took too long.", advice="Ask again.") from None

    async def _in_turn(self, job: Mapping[str, Any]) -> Any:
        await self._ready()  # it asks the workers, so before the turn
        record = CURRENT.get()
        client = record.client if record is not None else ""
        await self._admission.enter(client, self._limits.time)
        try:
            process = await self._ready()
            return await self._exchanged(process, job)
        finally:
            self._admission.leave(client)

    async def _ready(self) -> subprocess.Popen[bytes]:
        """The process with the names of the data that this request is answered from."""
        state = self._service.state
        async with self._starting:
            process = self._process
            if process is None or process.poll() is not None or self._state != state:
                process = await self._started()
                self.close()
                self._process, self._state = process, state
        return process

    async def _started(self) -> subprocess.Popen[bytes]:
        service = self._service
        names = service.project.configuration.names
        rows = [await service.select(text) for text in queries(names)]
        prefixes, memory = service.project.prefixes, self._limits.memory
        setup = await to_thread.run_sync(
            lambda: setup_of(put_together(names, rows), prefixes, memory)
        )
        process = await to_thread.run_sync(_spawn)
        weakref.finalize(self, _end, process)
        await self._exchanged(process, setup)
        return process

    async def _exchanged(self, process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> Any:
        """The answer of the process, which is ended if nobody waits for it any more."""
        try:
            answer = await to_thread.run_sync(_exchange, process, job, abandon_on_cancel=True)
        except BaseException:
            process.kill()
            raise
        if answer is None:
            process.kill()
            raise WorkerLost(
                "The process that looks for names ended unexpectedly.",
                advice="Send fewer or shorter names at a time.",
            )
        return answer

    def close(self) -> None:
        """End the process; it starts again when it is needed."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)


def _spawn() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
    )


def _exchange(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> Any:
    assert process.stdin is not None  # noqa: S101 - as it was started
    assert process.stdout is not None  # noqa: S101 - as it was started
    try:
        send(process.stdin, job)
        return receive(process.stdout)
    except (OSError, ValueError):  # it has gone, or its end is closed
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # what was not sent has nobody to go to
                continue
