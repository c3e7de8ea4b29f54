# SPDX-License-Identifier: Apache-2.0
"""Reading a project's files in a process of its own, which ends when they are read.

The triples as objects, and all that is made of them on the way, are gone with it: whoever serves
the data keeps their N-Quads only. And meanwhile something else can be done.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from cosigraph import errors
from cosigraph.configuration import read_configuration
from cosigraph.loading import load_dataset
from cosigraph.notices import notices
from cosigraph.packed_dataset import Outline, PackedDataset
from cosigraph.worker import (
    DATA,
    ERROR,
    decode_error,
    encode_error,
    end_with_parent,
    frame,
    receive,
)

_OUTLINE = b"O"


class Loading:
    """A folder's files that are being read."""

    def __init__(self, folder: Path) -> None:
        """Begin to read.

        Raises:
            WorkerLost: the system has no room for a process.
        """
        paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - '' is a path here
        program = "from cosigraph.loading_process import main; main(sys.argv[1])"
        self._socket, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                    [
                        *(sys.executable, "-S", "-E", "-c"),
                        # It ends before there is much to collect.
                        f"import gc, sys; gc.disable(); sys.path[:] = {paths!r}; {program}",
                        os.fspath(folder),
                    ],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                )
            except OSError as error:
                self._socket.close()
                raise errors.WorkerLost(f"No process can be started: {error.strerror}.") from error

    def result(self) -> PackedDataset:
        """Wait for the dataset and return it.

        Raises:
            ProjectError, DataSyntaxError: as ``load_dataset``.
            WorkerLost: the process ended before it had read everything.
        """
        try:
            with self._socket, self._socket.makefile("rb") as stream:
                told, data = receive(stream), receive(stream)
        finally:
            self._process.kill()
            self._process.wait()
        if told is not None and told[0] == ERROR:
            raise decode_error(told[1])
        if told is None or data is None:
            raise errors.WorkerLost("The process that read the project's files has ended.")
        outline = json.loads(told[1])
        outline["notices"] = tuple((name, text) for name, text in outline["notices"])
        return PackedDataset.of(data[1], Outline(**outline))

    def close(self) -> None:
        """End the process, if its result is not wanted any more."""
        self._process.kill()
        self._process.wait()
        self._socket.close()


def main(folder: str) -> None:
    """Read the files of ``folder`` and send them, or what is wrong, over the standard input."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # it ends without a word
    connection = socket.socket(fileno=0)
    threading.Thread(target=end_with_parent, args=(connection,), daemon=True).start()
    with contextlib.suppress(ConnectionError):
        try:
            _send(connection, Path(folder))
        except errors.CosigraphError as error:
            connection.sendall(frame(ERROR, encode_error(error)))


def _send(connection: socket.socket, folder: Path) -> None:
    dataset = load_dataset(folder, read_configuration(folder))
    snapshot = dataset.snapshot()
    default = dataset.default_triples()
    outline = {
        "sizes": {iri: len(triples) for iri, triples in dataset.graphs.items()},
        "replaces": dataset.replaces,
        "default_size": len(default),
        "digest": dataset.digest,
        "notices": notices(default),
    }
    connection.sendall(frame(_OUTLINE, json.dumps(outline).encode()))
    connection.sendall(frame(DATA, snapshot.nquads))
