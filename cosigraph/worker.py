# SPDX-License-Identifier: Apache-2.0
"""The process that runs queries and can be killed: the child's side of ``cosigraph.workers``.

It talks over one socket, its standard input. A frame is one byte that says what it is, four bytes
of length (network order) and that many bytes. The parent sends any number of ``QUERY``; each is
answered by ``DATA`` in pieces of 64 KB and ``END``, or by ``ERROR``; ``CUT`` among them says that
the answer ends at its limit of rows. A piece waits in the child until the socket takes it, so a
slow reader slows the query. ``CHANGE`` is answered like a query, by the whole dataset as it would
be; the child's own stays.

The process is forked with its data from a template (``cosigraph.template``). It ends when the
socket closes, also in the midst of a query. It can open no file and no socket, so that a query
cannot reach beyond the dataset whatever it says; one of ``cosigraph.federation`` may open a few.
"""

from __future__ import annotations

import contextlib
import io
import json
import marshal
import os
import resource
import select
import socket
import struct
import threading
from typing import IO, Any, cast

from cosigraph import changes, errors
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

QUERY, DATA, CUT, END, ERROR = b"Q", b"D", b"C", b"E", b"X"
CHANGE = b"U"
HEADER = struct.Struct("!cI")
_STANDARD_STREAMS = 3
_UPDATE_FIELDS = 5


def frame(kind: bytes, content: bytes | bytearray = b"") -> bytes:
    """Return the bytes of one frame."""
    return frame_header(kind, content) + bytes(content)


def frame_header(kind: bytes, content: bytes | bytearray) -> bytes:
    """Return what goes before the content of a frame."""
    return HEADER.pack(kind, len(content))


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
        dict(query.prefixes),
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
    text, name, *others = marshal.loads(content)  # noqa: S302
    return Query(text, ResultFormat[name], *others)


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


def receive(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Return the next frame's kind and content, or None when the parent has gone."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    content = stream.read(length)
    return (kind, content) if len(content) == length else None


def end_with_parent(connection: socket.socket) -> None:
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
        resource.setrlimit(resource.RLIMIT_DATA, (held_memory() + memory, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _STANDARD_STREAMS + connections
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Child:
    """The process's data, and what it answers."""

    def __init__(self, connection: socket.socket, store: EmbeddedStore, snapshot: Snapshot) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._snapshot = snapshot
        self._store = store

    def serve(self) -> None:
        """Answer until the parent closes the socket."""
        while (received := receive(self._stream)) is not None:
            self._answer(*received)

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


def main(
    store: EmbeddedStore, snapshot: Snapshot, memory: int | None = None, connections: int = 0
) -> None:
    """Serve queries until the parent closes the socket.

    Args:
        store: what answers, with its data.
        snapshot: the same data, which changes are made of.
        memory: bytes that a query may need beyond what the process holds; None for no limit.
        connections: how many it may open.
    """
    connection = socket.socket(fileno=0)
    threading.Thread(target=end_with_parent, args=(connection,), daemon=True).start()
    _limit(memory, connections)
    with contextlib.suppress(ConnectionError):
        _Child(connection, store, snapshot).serve()
