# SPDX-License-Identifier: Apache-2.0
"""The process that runs queries and can be killed: the child's side of ``cosigraph.workers``.

It talks over one socket, its standard input. A frame is one byte that says what it is, four bytes
of length (network order) and that many bytes. The parent sends ``SETUP``, ``DATA`` (N-Quads) and
then any number of ``QUERY``; each is answered by ``DATA`` in pieces of 64 KB and ``END``, or by
``ERROR``; ``CUT`` among them says that the answer ends at its limit of rows. A piece waits in the
child until the socket takes it, so a slow reader slows the query.

The process ends when the socket closes, also in the midst of a query. Once it has its data it can
open no file and no socket any more, so that a query cannot reach beyond the dataset whatever it
says; one of ``cosigraph.federation`` may open a few. It is started for every query that was
stopped, so it imports little.
"""

from __future__ import annotations

import io
import json
import marshal
import os
import resource
import select
import signal
import socket
import struct
import threading
from typing import IO, Any, cast

from cosigraph import errors
from cosigraph import syntax as _syntax  # noqa: F401 - no file can be opened later to import it
from cosigraph.formats import ResultFormat
from cosigraph.store import (
    PIECE,
    EmbeddedStore,
    Query,
    Snapshot,
    answer_too_large,
    engine_error,
)

SETUP, READY, QUERY, DATA, CUT, END, ERROR = b"S", b"R", b"Q", b"D", b"C", b"E", b"X"
HEADER = struct.Struct("!cI")
_STANDARD_STREAMS = 3


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    """Return the bytes of one frame."""
    return HEADER.pack(kind, len(content)) + bytes(content)


def encode_setup(snapshot: Snapshot, memory: int | None, connections: int = 0) -> bytes:
    """Return the frames that give a new child its data.

    ``memory`` is its limit in bytes, ``connections`` how many it may have open.
    """
    setup = {
        "default_graphs": list(snapshot.default_graphs.items()),
        "memory": memory,
        "connections": connections,
    }
    return frame(SETUP, json.dumps(setup).encode()) + frame(DATA, snapshot.nquads)


def encode_query(query: Query) -> bytes:
    """Return the frame that asks ``query``."""
    fields = (
        query.text,
        query.format.name,
        query.reading,
        query.default_graphs,
        query.named_graphs,
        dict(query.prefixes),
        query.base_iri,
        query.rows,
        query.size,
        query.source,
        query.gateway,
    )
    return frame(QUERY, marshal.dumps(fields))


def _decode_query(content: bytes) -> Query:
    # The quickest way between two processes of one interpreter; the parent has written it.
    text, name, *others = marshal.loads(content)  # noqa: S302
    return Query(text, ResultFormat[name], *others)


def _encode_error(error: errors.CosigraphError) -> bytes:
    position = error.position and (
        error.position.source,
        error.position.line,
        error.position.column,
    )
    fields = (type(error).__name__, error.detail, position, error.advice)
    return frame(ERROR, json.dumps(fields).encode())


def too_much_memory() -> errors.QueryMemory:
    """Return the error to raise when a query needs more memory than it may."""
    return errors.QueryMemory(
        "The query was stopped because it needs too much memory.",
        advice="Ask for less at a time: fewer rows to sort, group or join.",
    )


def decode_error(content: bytes) -> errors.CosigraphError:
    """Return the error that the child's frame describes."""
    name, detail, position, advice = json.loads(content)
    kind: type[errors.CosigraphError] = getattr(errors, name)
    where = None if position is None else errors.Position(*position)
    return kind(detail, position=where, advice=advice)


class _Pieces(io.RawIOBase):
    """Gathers what the engine writes and sends it in pieces, up to a number of bytes."""

    def __init__(self, connection: socket.socket, size: int | None) -> None:
        self._connection = connection
        self._gathered = bytearray()
        self._size = size
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._gathered += content
        self._written += len(content)
        if self._size is not None and self._written > self._size:
            raise answer_too_large(self._size)
        while len(self._gathered) >= PIECE:
            self._connection.sendall(frame(DATA, self._gathered[:PIECE]))
            del self._gathered[:PIECE]
        return len(content)

    def cut(self) -> None:
        """Tell that the answer ends at its limit of rows."""
        self._connection.sendall(frame(CUT))

    def finish(self) -> None:
        """Send what is left and the end, in one piece."""
        rest = frame(DATA, self._gathered) if self._gathered else b""
        self._connection.sendall(rest + frame(END))


def _receive(stream: io.BufferedIOBase) -> bytes | None:
    """Return the next frame's content, or None when the parent has gone."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length: int = HEADER.unpack(header)[1]
    content = stream.read(length)
    return content if len(content) == length else None


def _end_with_parent(connection: socket.socket) -> None:
    """End this process when the parent's side of the socket closes, even during a query."""
    poll = select.poll()
    poll.register(connection, 0)  # a hang-up is always reported
    poll.poll()
    os._exit(0)


def _held() -> int:
    """Return how many bytes of data the process holds, where the system tells."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            return int(file.read().split()[5]) * resource.getpagesize()
    except OSError:
        return 0


def _limit(memory: int | None, connections: int = 0) -> None:
    """Take from this process all that a query has no need of.

    The limit of memory is the system's: what the process holds, and ``memory`` bytes more. Rust
    ends the process when it is given none; the parent reads that from the standard error.
    """
    if memory is not None:
        most = _held() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _STANDARD_STREAMS + connections
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Serve queries until the parent closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    connection = socket.socket(fileno=0)
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()
    stream = connection.makefile("rb")
    setup, nquads = _receive(stream), _receive(stream)
    if setup is None or nquads is None:
        return
    settings = json.loads(setup)
    graphs = {reading: tuple(iris) for reading, iris in settings["default_graphs"]}
    store = EmbeddedStore(Snapshot(nquads, graphs))
    store.store()
    _limit(settings["memory"], settings["connections"])
    connection.sendall(frame(READY))
    while (content := _receive(stream)) is not None:
        query = _decode_query(content)
        output = _Pieces(connection, query.size)
        try:
            store.write(query, cast(IO[bytes], output), output.cut)
            output.finish()
        except errors.CosigraphError as error:
            connection.sendall(_encode_error(error))
        except MemoryError:
            connection.sendall(_encode_error(too_much_memory()))
        except ConnectionError:
            return
        except OSError as error:
            connection.sendall(_encode_error(engine_error(error)))
