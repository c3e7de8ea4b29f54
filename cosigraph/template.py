# SPDX-License-Identifier: Apache-2.0
"""The process that workers are copies of: the child's side of ``cosigraph.templates``.

It loads the data once and then forks a worker whenever it is asked to, which takes a few
milliseconds: a worker shares the data's memory with it and with all others, until it writes there.

It talks over one socket, its standard input. First comes the data, as ``SETUP`` and ``DATA``
(frames as in ``cosigraph.worker``), answered by ``READY``. Then come requests: ``FORK``, with the
two descriptors that are the worker's standard input and error, is answered by its process number
or the negated reason why there is none; ``REAP`` waits for a worker that has been killed, and is
answered by its exit code. Nobody else waits for a worker, so its number is nobody else's until
then.

When the socket closes, all workers are killed, whatever they do. The process has one thread only,
and so has the engine, as a fork copies no other. And it runs no query: all workers would begin
with the state that its random numbers had.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import struct
import sys
import traceback
from typing import NoReturn

from cosigraph import worker
from cosigraph.store import EmbeddedStore, Snapshot

SETUP, READY, FORK, REAP = b"S", b"R", b"F", b"W"
REQUEST = struct.Struct("!cIQ")
"""What is asked, of which process or with how many connections, and with how much memory."""
REPLY = struct.Struct("!i")
_DESCRIPTORS = 2


def setup_of(snapshot: Snapshot) -> bytes:
    """Return the frame that goes before ``snapshot``'s N-Quads."""
    graphs = list(snapshot.default_graphs.items())
    setup = {"default_graphs": graphs, "empty_graphs": snapshot.empty_graphs}
    return worker.frame(SETUP, json.dumps(setup).encode())


def _receive_snapshot(control: socket.socket) -> Snapshot | None:
    with control.makefile("rb") as stream:
        setup, data = worker.receive(stream), worker.receive(stream)
    if setup is None or data is None:
        return None
    settings = json.loads(setup[1])
    graphs = {reading: tuple(iris) for reading, iris in settings["default_graphs"]}
    return Snapshot(data[1], graphs, tuple(settings["empty_graphs"]))


class _Template:
    """The data, and the workers that have been forked and not been waited for."""

    def __init__(self, control: socket.socket, snapshot: Snapshot) -> None:
        self._control = control
        self._snapshot = snapshot
        self._store = EmbeddedStore(snapshot)
        self._store.store()
        self._workers: set[int] = set()

    def serve(self) -> None:
        """Fork and wait until the parent closes the socket; then kill all workers."""
        gc.collect()
        gc.freeze()  # no worker's collector writes to what it shares
        self._control.sendall(worker.frame(READY))
        try:
            while (request := self._receive()) is not None:
                kind, number, memory, descriptors = request
                if kind == FORK:
                    reply = self._fork(descriptors, memory or None, number)
                else:
                    reply = self._reap(number)
                self._control.sendall(REPLY.pack(reply))
        finally:
            for process in self._workers:
                os.kill(process, signal.SIGKILL)

    def _receive(self) -> tuple[bytes, int, int, list[int]] | None:
        content, descriptors, _, _ = socket.recv_fds(self._control, REQUEST.size, _DESCRIPTORS)
        if len(content) < REQUEST.size:
            return None
        kind, number, memory = REQUEST.unpack(content)
        return kind, number, memory, descriptors

    def _fork(self, descriptors: list[int], memory: int | None, connections: int) -> int:
        try:
            process = os.fork()
        except OSError as error:
            process = -(error.errno or 1)
        if process == 0:
            self._be_worker(descriptors, memory, connections)
        for descriptor in descriptors:
            os.close(descriptor)
        if process > 0:
            self._workers.add(process)
        return process

    def _reap(self, process: int) -> int:
        _, status = os.waitpid(process, 0)
        self._workers.discard(process)
        return os.waitstatus_to_exitcode(status)

    def _be_worker(self, descriptors: list[int], memory: int | None, connections: int) -> NoReturn:
        """Be a worker, until its own parent closes its socket."""
        code = 1
        try:
            connection, errors = descriptors
            self._control.detach()
            os.dup2(connection, sys.stdin.fileno())  # closes the template's socket here
            os.dup2(errors, sys.stderr.fileno())
            os.close(connection)
            os.close(errors)
            worker.main(self._store, self._snapshot, memory, connections)
            code = 0
        except BaseException:  # noqa: BLE001 - nothing of a worker may go on as a template
            traceback.print_exc()
        finally:
            os._exit(code)


def main() -> None:
    """Take the data and fork workers until the parent closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    control = socket.socket(fileno=0)
    with contextlib.suppress(ConnectionError):
        snapshot = _receive_snapshot(control)
        if snapshot is not None:
            _Template(control, snapshot).serve()
