# SPDX-License-Identifier: Apache-2.0
"""The process that reconciles names: started when first needed, renewed with the data.

It is asked in small jobs, each in its client's turn, so that a batch of one client keeps no other
from its answers. It is killed when a job is waited for no longer; the next job, whoever's, starts
it again.
"""

from __future__ import annotations

import asyncio
import subprocess
import weakref
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from cosigraph.errors import QueryTimeout, WorkerLost
from cosigraph.limits import Limits
from cosigraph.reconciliation.collecting import put_together, queries
from cosigraph.reconciliation_process import command, receive, send, setup_of

from .admission import Admission
from .jobs import in_turn

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
        self._held: dict[str, _Held] = {}
        weakref.finalize(self, _end_all, self._held)

    @property
    def process_ids(self) -> list[int]:
        """The numbers of the processes that run."""
        processes = [held.process for held in self._held.values()]
        return [each.pid for each in processes if each is not None and each.poll() is None]

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
            async with asyncio.timeout(limit), self._holding() as held:
                for start in range(0, len(wanted), CHUNK):
                    job = {"match": wanted[start : start + CHUNK]}
                    found += await self._in_turn(held, job)
        except TimeoutError:
            raise QueryTimeout(
                f"{len(found):,} of {len(wanted):,} names were looked for in {limit:g} s.",
                advice="Send fewer names at a time.",
            ) from None
        return found

    async def ask(self, job: Mapping[str, Any]) -> Any:
        """The answer to a job other than to match; raises as ``match``."""
        try:
            async with asyncio.timeout(self._limits.time), self._holding() as held:
                return await self._in_turn(held, job)
        except TimeoutError:
            raise QueryTimeout("The answer took too long.", advice="Ask again.") from None

    async def _in_turn(self, held: _Held, job: Mapping[str, Any]) -> Any:
        """The answer to a job, of a new process if the former ended with the job of another."""
        async with in_turn(self._admission, self._limits.time):
            process = held.process
            if process is None or process.poll() is not None:
                _end(process)
                process = held.process = await self._started()
            return await _exchanged(process, job)

    @asynccontextmanager
    async def _holding(self) -> AsyncIterator[_Held]:
        """What holds the process with the names of the data that this request is answered from.

        It is kept until the request is over, whatever is written meanwhile.
        """
        held = self._held.setdefault(self._service.state, _Held())
        held.users += 1
        try:
            yield held
        finally:
            held.users -= 1
            self._end_unused()

    def _end_unused(self) -> None:
        """End the processes with data of before that nobody asks any more."""
        latest = self._service.latest.state
        for state, held in list(self._held.items()):
            if held.users == 0 and state != latest:
                _end(self._held.pop(state).process)

    async def _started(self) -> subprocess.Popen[bytes]:
        service = self._service
        names = service.project.configuration.names
        rows = [await service.select(text) for text in queries(names)]
        prefixes, memory = service.project.prefixes, self._limits.memory
        setup = await to_thread.run_sync(
            lambda: setup_of(put_together(names, rows), prefixes, memory)
        )
        process = _spawn()
        try:
            await _exchanged(process, setup)
        except BaseException:
            _end(process)
            raise
        return process


@dataclass
class _Held:
    """The process for one state of the data, if it has been started, and its requests' number."""

    process: subprocess.Popen[bytes] | None = None
    users: int = 0


async def _exchanged(process: subprocess.Popen[bytes], job: Mapping[str, Any]) -> Any:
    """The answer of the process, which is ended if nobody waits for it any more."""
    try:
        answer = await to_thread.run_sync(_exchange, process, job, abandon_on_cancel=True)
    except BaseException:
        _stop(process)
        raise
    if answer is None:
        _stop(process)
        raise WorkerLost(
            "The process that looks for names ended unexpectedly.",
            advice="Send fewer or shorter names at a time.",
        )
    return answer


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


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill the process, and wait, so that no other request takes it for one that lives."""
    process.kill()
    process.wait()


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    _stop(process)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # what was not sent has nobody to go to
                continue


def _end_all(held: dict[str, _Held]) -> None:
    for each in held.values():
        _end(each.process)
    held.clear()
