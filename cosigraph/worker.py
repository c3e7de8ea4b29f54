# SPDX-License-Identifier: Apache-2.0
"""The process that runs queries and can be killed: the child's side of ``cosigraph.workers``.

It talks over one socket, its standard input. A frame is one byte that says what it is, four bytes
of length (network order) and that many bytes. The parent sends ``SETUP``, ``DATA`` (N-Quads) and
then any number of ``QUERY``; each is answered by ``DATA`` in pieces of 64 KB and ``END``, or by
``ERROR``; ``CUT`` among them says that the answer ends at its limit of rows. A piece waits in the
child until the socket takes it, so a slow reader slows the query. ``CHANGE`` is answered like a
query, by the whole dataset as it would be; the child's own stays. A later ``SETUP`` and ``DATA``
put other data in the place of the first.

The process ends when the socket closes, also in the midst of a query. Once it has its data it can
open no file and no socket any more, so that a query cannot reach beyond the dataset whatever it
says; one of ``cosigraph.federation`` may open a few. It is started for every query that was
stopped, so it imports little.
"""

from __future__ import annotations

import contextlib
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

from cosigraph import changes, errors
from cosigraph import syntax as _syntax  # noqa: F401 - no file can be opened later to import it
from cosigraph.formats import ResultFormat
from cosigraph.latest_prefixes import LatestPrefixes
from cosigraph.store import (
    PIECE,
    EmbeddedStore,
    Query,
    Snapshot,
    answer_too_large,
    engine_error,
)

SETUP, READY, QUERY, DATA, CUT, END, ERROR = b"S", b"R", b"Q", b"D", b"C", b"E", b"X"
CHANGE = b"U"
HEADER = struct.Struct("!cI")
_STANDARD_STREAMS = 3
_UPDATE_FIELDS = 5
_prefixes = LatestPrefixes()


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    """Return the bytes of one frame."""
    return HEADER.pack(kind, len(content)) + bytes(content)


def encode_setup(snapshot: Snapshot, memory: int | None) -> bytes:
    """Return the frames that give a child its data; ``memory`` is its limit in bytes."""
    setup = {
        "default_graphs": list(snapshot.default_graphs.items()),
        "empty_graphs": snapshot.empty_graphs,
        "memory": memory,
    }
    return frame(SETUP, json.dumps(setup).encode()) + frame(DATA, snapshot.nquads)


def encode_job(job: Query | changes.Change) -> bytes:
    """Return the frame that asks a query, or for a change."""
    return encode_query(job) if isinstance(job, Query) else encode_change(job)


def encode_query(query: Query) -> bytes:
    """Return the frame that asks ``query``."""
    fields = (
        query.text,
        query.format.name,
        query.reading,
        query.default_graphs,
        query.named_graphs,
        _prefixes.encoded(query.prefixes),
        query.base_iri,
        query.rows,
        query.size,
        query.source,
        query.gateway,
    )
    return frame(QUERY, marshal.dumps(fields))


def encode_change(change: changes.Change) -> bytes:
    """Return the frame that asks for ``change``."""
    fields: tuple[Any, ...]
    if isinstance(change, changes.Update):
        fields = (
            change.text,
            dict(change.prefixes),
            change.base_iri,
            change.default_graphs,
            change.named_graphs,
        )
    else:
        documents = tuple((content, format_.name) for content, format_ in change.documents)
        fields = (str(change.deed), change.graph, documents, change.base_iri)
    return frame(CHANGE, marshal.dumps(fields))


def _decode_change(content: bytes) -> changes.Change:
    fields = marshal.loads(content)  # noqa: S302 - as a query
    if len(fields) == _UPDATE_FIELDS:
        return changes.Update(*fields)
    deed, graph, written, base_iri = fields
    documents = tuple((document, ResultFormat[name]) for document, name in written)
    return changes.GraphChange(changes.Deed(deed), graph, documents, base_iri)


def _decode_query(content: bytes) -> Query:
    # The quickest way between two processes of one interpreter; the parent has written it.
    text, name, reading, default, named, prefixes, *others = marshal.loads(content)  # noqa: S302
    known = _prefixes.decoded(prefixes)
    return Query(text, ResultFormat[name], reading, default, named, known, *others)


def encode_error(error: errors.CosigraphError) -> bytes:
    """Return the error as JSON, for ``decode_error``."""
    position = error.position and (
        error.position.source,
        error.position.line,
        error.position.column,
    )
    fields = (type(error).__name__, error.detail, position, error.advice)
    return json.dumps(fields).encode()


def too_much_memory() -> errors.QueryMemory:
    """Return the error to raise when a query needs more memory than it may."""
    return errors.QueryMemory(
        "The query was stopped because it needs too much memory.",
        advice="Ask for less at a time: fewer rows to sort, group or join.",
    )


def decode_error(content: bytes) -> errors.CosigraphError:
    """Return the error that ``encode_error`` wrote."""
    name, detail, position, advice = json.loads(content)
    kind: type[errors.CosigraphError] = getattr(errors, name)
    where = None if position is None else errors.Position(*position)
    return kind(detail, position=where, advice=advice)


class _Pieces:
    """Gathers what the engine writes and sends it in pieces, up to a number of bytes."""

    def __init__(self, connection: socket.socket, size: int | None) -> None:
        self._connection = connection
        self._gathered = bytearray()
        self._size = size
        self._written = 0

    def write(self, content: Any) -> int:
        self._gathered += content
        self._written += len(content)
        if self._size is not None and self._written > self._size:
            raise answer_too_large(self._size)
        while len(self._gathered) >= PIECE:
            self._connection.sendall(frame(DATA, self._gathered[:PIECE]))
            del self._gathered[:PIECE]
        return len(content)

    def flush(self) -> None:
        """Do nothing, as the engine asks for it."""

    def cut(self) -> None:
        """Tell that the answer ends at its limit of rows."""
        self._connection.sendall(frame(CUT))

    def finish(self) -> None:
        """Send what is left and the end, in one piece."""
        rest = frame(DATA, self._gathered) if self._gathered else b""
        self._connection.sendall(rest + frame(END))


def _receive(stream: io.BufferedIOBase) -> tuple[bytes, bytes] | None:
    """Return the next frame's kind and content, or None when the parent has gone."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    content = stream.read(length)
    return (kind, content) if len(content) == length else None


def _end_with_parent(connection: socket.socket) -> None:
    """End this process when the parent's side of the socket closes, even during a query."""
    poll = select.poll()
    poll.register(connection, 0)  # a hang-up is always reported
    poll.poll()
    os._exit(0)


def held_memory() -> int:
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
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        # The hard limit stays, as other data may need more.
        resource.setrlimit(resource.RLIMIT_DATA, (held_memory() + memory, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _STANDARD_STREAMS + connections
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Child:
    """The process's data, and what it answers."""

    def __init__(self, connection: socket.socket, connections: int) -> None:
        self._connection = connection
        self._connections = connections
        self._stream = connection.makefile("rb")
        self._snapshot = Snapshot(b"", {})
        self._store = EmbeddedStore(self._snapshot)

    def serve(self) -> None:
        """Answer until the parent closes the socket."""
        while (received := _receive(self._stream)) is not None:
            kind, content = received
            if kind == SETUP:
                self._set_up(json.loads(content))
            else:
                self._answer(kind, content)

    def _set_up(self, settings: dict[str, Any]) -> None:
        data = _receive(self._stream)
        if data is None:
            return
        self._store.close()  # both at a time may be too much
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        graphs = {reading: tuple(iris) for reading, iris in settings["default_graphs"]}
        self._snapshot = Snapshot(data[1], graphs, tuple(settings["empty_graphs"]))
        self._store = EmbeddedStore(self._snapshot)
        self._store.store()
        _limit(settings["memory"], self._connections)
        self._connection.sendall(frame(READY))

    def _answer(self, kind: bytes, content: bytes) -> None:
        query = _decode_query(content) if kind == QUERY else None
        output = _Pieces(self._connection, None if query is None else query.size)
        try:
            if query is not None:
                self._store.write(query, cast(IO[bytes], output), output.cut)
            else:
                changed = changes.apply(_decode_change(content), self._snapshot)
                output.write(changed.encode())
            output.finish()
        except errors.CosigraphError as error:
            self._connection.sendall(frame(ERROR, encode_error(error)))
        except MemoryError:
            self._connection.sendall(frame(ERROR, encode_error(too_much_memory())))
        except ConnectionError:
            raise
        except OSError as error:
            self._connection.sendall(frame(ERROR, encode_error(engine_error(error))))


def main(connections: int = 0) -> None:
    """Serve queries until the parent closes the socket; open so many ``connections``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    connection = socket.socket(fileno=0)
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()
    with contextlib.suppress(ConnectionError):
        _Child(connection, connections).serve()
