# SPDX-License-Identifier: Apache-2.0
"""Where workers come from: processes that hold the data, of which each worker is a copy.

There is a template for each version of the data that is in use (``cosigraph.template``). To start
a worker costs a fork, and memory only for what it writes, however large the data are. Workers
outlive a template that was killed, and the next is forked from another.
"""

from __future__ import annotations

import io
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TypeAlias

from cosigraph import template as child
from cosigraph.errors import WorkerLost
from cosigraph.forked_process import Process
from cosigraph.store import Snapshot
from cosigraph.worker import DATA, HEADER, frame_header

_LOG = logging.getLogger("cosigraph.workers")
_LAST_WORDS = 64 * 1024
_PATIENCE = 10.0  # seconds for a fork; a template that stands still is given up


Spawned: TypeAlias = tuple[subprocess.Popen[bytes], socket.socket]
"""A process that waits for data, and the socket to send them over."""


def _spawned() -> Spawned:
    """Start a process; raises WorkerLost."""
    control, theirs = socket.socketpair()
    # The parent knows where its modules are, however it came to know them.
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - '' is a path here
    program = f"import sys; sys.path[:] = {paths!r}; import cosigraph.template as t; t.main()"
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - this very interpreter
                [sys.executable, "-S", "-E", "-c", program],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            control.close()
            raise _no_room(error) from error
    return process, control


class Template:
    """The parent's side of one template, which is started when the first worker is asked for."""

    def __init__(self, snapshot: Snapshot, spare: Spawned | None = None) -> None:
        self.snapshot = snapshot
        self._spare = spare
        self._is_closed = False
        self.workers = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._talking = threading.Lock()

    @property
    def process_id(self) -> int | None:
        """The identifier of the process, None when there is none."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def start(self) -> None:
        """Start the process and wait until it has the data; raises WorkerLost."""
        with self._talking:
            if self._control is None:
                self._start()

    def fork(
        self, worker: socket.socket, errors: int, memory: int | None, connections: int
    ) -> tuple[int, Callable[[int], int | None]]:
        """Return the number of a new worker, and what waits for it (``Process``).

        Raises:
            WorkerLost: the system has no room for a process.
        """
        request = child.REQUEST.pack(child.FORK, connections, memory or 0)
        with self._talking:
            reply = None
            if self._control is not None:
                reply = self._ask(request, [worker.fileno(), errors])
            if reply is None:  # it has not been started, or was killed
                self._start()
                reply = self._ask(request, [worker.fileno(), errors])
            parent = self._process
        if reply is None:
            raise WorkerLost("The process that holds the data has ended.")
        if reply < 0:
            raise _no_room(OSError(-reply, os.strerror(-reply)))
        return reply, lambda pid: self._reap(pid, parent)

    def _reap(self, pid: int, parent: subprocess.Popen[bytes] | None) -> int | None:
        """Wait for a worker that is about to end; only its own parent can.

        When that was killed, another takes its place, and nobody waits here until it is loaded: it
        may be an event loop that asks.
        """
        if self._process is not parent:
            return None
        with self._talking:
            if self._process is not parent:  # meanwhile
                return None
            return self._ask(child.REQUEST.pack(child.REAP, pid, 0), [])

    def close(self) -> None:
        """End the process; its workers end with their own sockets."""
        self._is_closed = True
        process = self._process  # it may be loading, which nothing but a kill ends
        if process is not None:
            process.kill()
        with self._talking:
            if self._spare is not None:
                self._process, self._control = self._spare
            self._end()

    def _start(self) -> None:
        if self._is_closed:
            raise _closed()
        spare, self._spare = self._spare, None
        if spare is not None and spare[0].poll() is not None:
            self._process, self._control = spare
            self._end()
            spare = None
        self._process, control = spare or _spawned()
        self._control = control
        try:
            control.sendall(child.setup_of(self.snapshot))
            control.sendall(frame_header(DATA, self.snapshot.nquads))
            control.sendall(self.snapshot.nquads)
            ready = control.recv(HEADER.size, socket.MSG_WAITALL)
            control.settimeout(_PATIENCE)
        except OSError:
            ready = b""
        if not ready:
            self._end()
            raise WorkerLost("The process that holds the data has ended.")

    def _ask(self, request: bytes, descriptors: list[int]) -> int | None:
        """Return the answer to a request; without one, the process has gone."""
        if self._control is None:
            return None
        try:
            socket.send_fds(self._control, [request], descriptors)
            reply = self._control.recv(child.REPLY.size, socket.MSG_WAITALL)
        except OSError:
            reply = b""
        if len(reply) < child.REPLY.size:
            self._end()
            return None
        return int(child.REPLY.unpack(reply)[0])

    def _end(self) -> None:
        """End the process if it has not, and log what it said."""
        if self._control is not None:
            self._control.close()
            self._control = None
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if isinstance(process.stderr, io.BufferedReader):
            with process.stderr as errors:
                os.set_blocking(errors.fileno(), False)
                words = errors.read(_LAST_WORDS)
            if words:
                _LOG.error("a process ended: %s", words.decode(errors="replace"))


class Templates:
    """The templates of all versions of the data that are in use.

    Pools that answer from the same data share them. May be used from any thread.
    """

    def __init__(self) -> None:
        self._current: Snapshot | None = None
        self._coming: Snapshot | None = None
        self._templates: dict[int, Template] = {}  # by their snapshots' identity
        self._changing = threading.Lock()
        self._is_closed = False
        self._spare: Spawned | None = None

    def begin(self) -> None:
        """Start the first process before there are data for it; raises WorkerLost."""
        self._spare = _spawned()

    @property
    def process_ids(self) -> list[int]:
        """The identifiers of the processes that workers are forked from."""
        with self._changing:
            found = [template.process_id for template in self._templates.values()]
        return [process for process in found if process is not None]

    def prepare(self, snapshot: Snapshot) -> None:
        """Load data that are about to be used, which may be long; raises WorkerLost."""
        with self._changing:
            self._coming = snapshot
            template = self._of(snapshot)
        self._retire()
        template.start()

    def use(self, snapshot: Snapshot) -> None:
        """Keep these data from now on, others only as long as they have workers."""
        with self._changing:
            self._current = snapshot
            self._coming = None
        self._retire()

    def fork(
        self, snapshot: Snapshot, errors: int, memory: int | None, connections: int
    ) -> tuple[Process, socket.socket]:
        """Start a worker, and return it with the socket that it talks over.

        Args:
            snapshot: the data that it holds.
            errors: the descriptor of its standard error.
            memory: bytes that each of its queries may need beyond the data; None for no limit.
            connections: how many it may open.

        Raises:
            WorkerLost: no process can be started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with self._changing:
                    template = self._of(snapshot)
                    template.workers += 1
                pid, reap = template.fork(theirs, errors, memory, connections)
            except BaseException:
                ours.close()
                self.left(snapshot)
                raise
        return Process(pid, ours, reap, lambda: self.left(snapshot)), ours

    def left(self, snapshot: Snapshot) -> None:
        """Note that a worker has gone."""
        with self._changing:
            template = self._templates.get(id(snapshot))
            if template is not None:
                template.workers -= 1
        self._retire()

    def close(self) -> None:
        """End all templates."""
        with self._changing:
            self._is_closed = True
            templates = list(self._templates.values())
            self._templates.clear()
            if self._spare is not None:
                templates.append(Template(Snapshot(b"", {}), self._spare))
        for template in templates:
            template.close()

    def _of(self, snapshot: Snapshot) -> Template:
        if self._is_closed:
            raise _closed()
        if id(snapshot) not in self._templates:
            self._templates[id(snapshot)] = Template(snapshot, self._spare)
            self._spare = None
        return self._templates[id(snapshot)]

    def _retire(self) -> None:
        """End the templates that nobody needs any more."""
        with self._changing:
            wanted = {id(self._current), id(self._coming)}
            unused = [
                key
                for key, template in self._templates.items()
                if key not in wanted and not template.workers
            ]
            retired = [self._templates.pop(key) for key in unused]
        for template in retired:
            template.close()


def _closed() -> WorkerLost:
    return WorkerLost("The processes that run queries have been closed.")


def _no_room(error: OSError) -> WorkerLost:
    return WorkerLost(f"No process can be started: {error.strerror}.")
