# SPDX-License-Identifier: Apache-2.0
"""Serving a project folder with uvicorn until an interrupt or a termination signal."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from rich.console import Console
from rich.markup import escape

from cosigraph.errors import ServerError
from cosigraph.project import open_project
from cosigraph.workers import DEFAULT_TIMEOUT, WorkerPool

from .application import Application
from .cache import DEFAULT_BYTES
from .service import Service

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_BACKLOG = 2048
_HIGHEST_PORT = 65535
_GRACE = 5  # seconds that running queries have when the server ends
_FAREWELL = 2  # seconds that clients have to take their answers after that
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 compared with, not bound to


def serve(  # noqa: PLR0913, PLR0917 - each is an option of the command
    project_folder: Path | str | None = None,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    workers: int = 2,
    timeout: float | None = DEFAULT_TIMEOUT,
    cache_bytes: int = DEFAULT_BYTES,
) -> None:
    """Serve a project folder; returns when an interrupt or termination has ended it cleanly.

    Args:
        project_folder: the folder, or None for the one that ships
        host: the address to listen at
        port: the port to listen at, 0 for any that is free
        workers: how many queries can run at the same time
        timeout: seconds that a query may take, None for no limit
        cache_bytes: how much of what has been answered is kept, in bytes, 0 for nothing

    Raises:
        ProjectError: the folder cannot be used
        ServerError: the address cannot be listened at
        WorkerLost: the processes that run queries do not start
    """
    project = open_project(project_folder)
    with _listening(host, port) as listener:
        pool = WorkerPool(project.dataset.snapshot(), size=workers, timeout=timeout)
        server = _Server(Service(project, pool, cache_bytes), _base(host, listener))
        try:
            server.run(sockets=[listener])
        finally:
            pool.close()


class _Server(uvicorn.Server):
    """uvicorn's server with the workers started before it and stopped after it."""

    def __init__(self, service: Service, base: str) -> None:
        super().__init__(
            uvicorn.Config(
                Application(service),
                lifespan="off",
                ws="none",
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_GRACE + _FAREWELL,
            )
        )
        self._service = service
        self._base = base

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the addresses; raises WorkerLost."""
        await self._service.workers.start()
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # the data stay, so that no collection need look at them again
        _announce(self._service, self._base)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let running queries end for a while, then stop them; their clients are told."""
        stopping = asyncio.get_running_loop().call_later(_GRACE, self._stop_workers)
        await super().shutdown(sockets)
        stopping.cancel()
        self._stop_workers()

    def _stop_workers(self) -> None:
        self._service.is_stopping = True
        self._service.workers.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that has ended the server is not raised once more."""
        signals = (signal.SIGINT, signal.SIGTERM)
        previous = {each: signal.signal(each, self.handle_exit) for each in signals}
        try:
            yield
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; raises ServerError."""
    if not 0 <= port <= _HIGHEST_PORT:
        raise ServerError(f"{port} is no port.", advice=f"Give one from 0 to {_HIGHEST_PORT}.")
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        listener = socket.create_server(address, family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise _cannot_listen(error, host, port) from error
    with listener:
        # asyncio sets this on sockets of its own making only, and connections inherit it: without
        # it the end of each answer waits 40 ms for the client to acknowledge the beginning.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


def _cannot_listen(error: OSError | UnicodeError, host: str, port: int) -> ServerError:
    number = getattr(error, "errno", None)
    if isinstance(error, (socket.gaierror, UnicodeError)) or number == errno.EADDRNOTAVAIL:
        return ServerError(
            f"'{host}' is no address of this machine.",
            advice="Choose one with --host, for example 127.0.0.1.",
        )
    if number == errno.EADDRINUSE:
        return ServerError(
            f"Port {port} at {host} is in use.",
            advice="Choose another with --port, or stop the program that uses it.",
        )
    if number == errno.EACCES:
        return ServerError(
            f"Port {port} may not be used by this account.",
            advice="Choose one from 1024 upwards with --port.",
        )
    return ServerError(f"The server cannot listen at {host}, port {port}: {error}.")


def _base(host: str, listener: socket.socket) -> str:
    """The address of the first page, as a person on this machine can open it."""
    port = listener.getsockname()[1]
    name = "localhost" if host in _EVERYWHERE else host
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _announce(service: Service, base: str) -> None:
    """Print what is served, the addresses to open and one line to try."""
    configuration = service.project.configuration
    queries = service.project.queries
    asked = next((each.name for each in queries.values() if not each.requires_parameters), None)
    sample = f"{base}queries/{asked}.csv" if asked else f"{base}sparql?query=ASK%20%7B%7D"
    lines = [
        f"[bold]{escape(configuration.title)}[/bold], data version {escape(service.version)}",
        f"  First page  {base}",
        f"  Questions   {base}queries ({len(queries)})",
        f"  SPARQL      {base}sparql",
        f"  To try      curl '{sample}'",
        "Ctrl+C ends the server.",
    ]
    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)
    console.file.flush()
