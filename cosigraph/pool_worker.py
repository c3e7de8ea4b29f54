# SPDX-License-Identifier: Apache-2.0
"""One process of a pool, as the pool sees it; ``cosigraph.worker`` is the process's own side."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
from collections import deque

from cosigraph import worker as child
from cosigraph.errors import QueryMemory, WorkerLost
from cosigraph.store import PIECE, Snapshot
from cosigraph.templates import Templates

_LOG = logging.getLogger("cosigraph.workers")
_RECEIVED_AT_ONCE = PIECE + 1024
_FRAMES_AHEAD = 4  # a reader that is slower than the process holds no more of its answer
_LAST_WORDS = 64 * 1024
_OUT_OF_MEMORY = b"memory allocation of"  # Rust's words when it is given none, before it aborts


class PoolWorker:
    """The parent's side of one process.

    The loop watches the socket for as long as the process lives, as to begin and to end that for
    each query costs more than the query's way there and back. It watches no longer while frames
    wait to be taken.
    """

    def __init__(
        self, templates: Templates, setup: Snapshot, memory: int | None, connections: int
    ) -> None:
        """Start the process, which holds ``setup`` and may open so many ``connections``.

        Raises:
            WorkerLost: the system has no room for a process.
        """
        self.is_overdue = False
        self.is_awaited = False
        self.setup = setup
        self._received = bytearray()
        self._last_words = b""
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._arrival: asyncio.Future[None] | None = None
        self._watching: asyncio.AbstractEventLoop | None = None
        self._has_ended = False
        readable, errors = os.pipe()
        os.set_blocking(readable, False)
        # As a file, closing it twice at once, by a thread and the loop, closes nobody else's.
        self._errors = io.FileIO(readable)
        try:
            self.process, self._socket = templates.fork(setup, errors, memory, connections)
        except WorkerLost:
            self._errors.close()
            raise
        finally:
            os.close(errors)
        self._socket.setblocking(False)

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return not self._has_ended and self.process.is_alive()

    def fits(self, setup: Snapshot) -> bool:
        """Tell whether the process runs and answers from these data."""
        return self.setup is setup and self.is_alive()

    def fate(self) -> str:
        """Tell why the process is ended: ``memory``, ``lost``, or ``left`` by its reader."""
        if self.is_alive():
            return "left"
        return "memory" if _OUT_OF_MEMORY in self.last_words() else "lost"

    def last_words(self) -> bytes:
        """Return what the process wrote to its standard error."""
        with contextlib.suppress(OSError, ValueError):  # the latter when it is closed
            self._last_words += self._errors.read(_LAST_WORDS) or b""
        return self._last_words

    def kill(self) -> None:
        """Kill the process and wait until it has gone, which takes milliseconds."""
        self.process.kill()
        self.process.wait()

    def detach(self) -> None:
        """Let the loop watch the socket no longer; to be called in the loop's thread."""
        if self._watching is not None and not self._watching.is_closed():
            self._watching.remove_reader(self._socket)
        self._watching = None

    def end(self) -> None:
        """Kill the process and close the socket, which no task may be waiting for."""
        self.kill()
        self.detach()
        self._socket.close()
        self._errors.close()

    async def send(self, content: bytes) -> None:
        """Send frames; raises WorkerLost when the process has ended."""
        self.is_awaited = True
        try:
            try:
                sent = self._socket.send(content)
            except BlockingIOError:
                sent = 0
            if sent < len(content):
                loop = asyncio.get_running_loop()
                await loop.sock_sendall(self._socket, memoryview(content)[sent:])
        except OSError as error:
            raise self._lost() from error
        finally:
            self.is_awaited = False

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame's kind and content; raises WorkerLost when the process ended."""
        if not self._frames:
            await self._arrive()
        return self._frames.popleft()

    async def _arrive(self) -> None:
        """Wait for a frame."""
        loop = asyncio.get_running_loop()
        if self._watching is not loop:
            loop.add_reader(self._socket, self._read)
            self._watching = loop
        self.is_awaited = True
        try:
            while not self._frames:
                if self._has_ended:
                    raise self._lost()
                self._arrival = loop.create_future()
                await self._arrival
        finally:
            self.is_awaited = False
            self._arrival = None

    def _read(self) -> None:
        """Take from the socket what is there; the loop calls it."""
        try:
            received = self._socket.recv(_RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        self._has_ended = not received
        self._received += received
        self._split()
        if self._has_ended or len(self._frames) > _FRAMES_AHEAD:
            self.detach()
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    def _split(self) -> None:
        """Make frames of what has been received."""
        header = child.HEADER.size
        start, received = 0, self._received
        while start + header <= len(received):
            kind, length = child.HEADER.unpack_from(received, start)
            end = start + header + length
            if end > len(received):
                break
            self._frames.append((kind, bytes(memoryview(received)[start + header : end])))
            start = end
        del received[:start]

    def _lost(self) -> QueryMemory | WorkerLost:
        code = self.process.wait()  # it has closed its socket, so there is nothing to wait for
        if _OUT_OF_MEMORY in self.last_words():
            return child.too_much_memory()
        if self.last_words():
            _LOG.error("a process ended: %s", self.last_words().decode(errors="replace"))
        how = f" by signal {-code}" if code < 0 else ""
        return WorkerLost(
            f"The process that ran the query was ended{how}.",
            advice="Ask for less at a time.",
        )
