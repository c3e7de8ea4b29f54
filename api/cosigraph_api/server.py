# SPDX-License-Identifier: Apache-2.0
"""Serving a project folder with uvicorn until an interrupt or a termination signal."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import signal
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from math import ceil
from pathlib import Path

import uvicorn
from rich.console import Console
from rich.markup import escape

from cosigraph.errors import ServerError
from cosigraph.federation import FederatedPool
from cosigraph.limits import Limits
from cosigraph.project import Project, open_project
from cosigraph.publishing.example_graph import add_example_graph
from cosigraph.templates import Templates
from cosigraph.workers import WorkerPool

from .access_log import AccessLog
from .addresses import networks
from .application import Application
from .cache import DEFAULT_BYTES
from .connections import end_stalled_readers, protocol
from .opening import opening
from .service import Service

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_WORKERS = 4
DEFAULT_GATE = "warning"
_BACKLOG = 2048
_HIGHEST_PORT = 65535
_MOST_CONNECTIONS = 900  # more are told 503
_FAREWELL = 2  # seconds that clients have to take their answers after the grace of their queries
_FIRST_ANSWER = 0.5  # seconds after the start that nothing but answers takes
_DEFAULT_LIMITS = Limits()
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 compared with, not bound to


def serve(  # noqa: PLR0913 - all have a default and are named by the caller
    project_folder: Project | Path | str | None = None,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    workers: int = DEFAULT_WORKERS,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    cache_bytes: int = DEFAULT_BYTES,
    proxies: Iterable[str] = (),
    services: Iterable[str] = (),
    log: str | None = None,
    log_queries: bool = False,
    store: Path | str | None = None,
    allow_update: bool = False,
    token_hash: str | None = None,
    gate: str | None = DEFAULT_GATE,
) -> None:
    """Serve a project folder; returns when an interrupt or termination has ended it cleanly.

    Args:
        project_folder: the folder, opened or not, or None for the one that ships
        host: the address to listen at
        port: the port to listen at, 0 for any that is free
        workers: how many queries can run at the same time
        limits: what clients may ask
        cache_bytes: how much of what has been answered is kept, in bytes, 0 for nothing
        proxies: the networks of the proxies whose forwarded addresses are believed
        services: the other endpoints that queries may ask, beside those of the configuration
        log: the file that each request is noted in, ``-`` for the standard error, None for none
        log_queries: whether the log holds the text of queries
        store: the directory that holds the project's data, if not the folder itself
        allow_update: whether the store may be written to over HTTP
        token_hash: the hash of the token that may write
        gate: the severity from which on a finding of the check refuses a write, None for no check

    Raises:
        ProjectError: the folder or the store cannot be used
        ServerError: the address cannot be listened at, or the log cannot be written
        UsageError: what is given for a proxy is no network, or for a service no endpoint; there is
            no store to write to, or no token's hash
        WorkerLost: the processes that run queries do not start
    """
    project = project_folder
    if not isinstance(project, Project):
        project = open_project(project)
    trusted = networks(proxies)
    with ExitStack() as stack:
        stack.callback(project.stop_loading)
        if store is None:
            project.load_apart()
        templates = Templates()
        stack.callback(templates.close)
        templates.begin()
        listener = stack.enter_context(_listening(host, port))
        end_stalled_readers(listener, limits.patience)
        access_log = None
        if log is not None:
            access_log = stack.enter_context(closing(AccessLog(log, with_queries=log_queries)))
        opened = stack.enter_context(
            opening(store, project, token_hash, writes=allow_update, threshold=gate)
        )
        allowed = tuple(dict.fromkeys((*project.configuration.services, *services)))
        project.configuration = replace(project.configuration, services=allowed)
        _ = project.queries  # while the data are read
        add_example_graph(opened.project)
        pool = WorkerPool(
            opened.project.dataset.snapshot(),
            size=workers,
            timeout=limits.time,
            memory=limits.memory,
            templates=templates,
        )
        stack.callback(pool.close)
        federated = None
        if allowed:
            federated = FederatedPool(
                pool.setup,
                allowed,
                size=workers,
                timeout=limits.time,
                memory=limits.memory,
                templates=templates,
            )
            stack.callback(federated.close)
        writing = opened.writing(pool, limits)
        if writing is not None:
            stack.callback(writing.pool.close)
        service = Service(
            opened.project, pool, limits, cache_bytes, writing, federated, opened.stored
        )
        application = Application(service, trusted, access_log)
        _Server(service, application, _base(host, listener)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn's server with the workers started before it and stopped after it."""

    def __init__(self, service: Service, application: Application, base: str) -> None:
        self._grace = service.limits.grace
        super().__init__(
            uvicorn.Config(
                application,
                http=protocol(service.limits.patience, application.at_once),
                lifespan="off",
                ws="none",
                log_level=logging.ERROR,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=ceil(self._grace + _FAREWELL),
                limit_concurrency=_MOST_CONNECTIONS,
            )
        )
        self._service = service
        self._application = application
        self._base = base

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the addresses; raises WorkerLost."""
        for pool in self._service.pools:
            await pool.start()
        await super().startup(sockets)
        _announce(self._service, self._base)
        self._finishing = asyncio.create_task(self._finish())

    async def _finish(self) -> None:
        """Do what the first answer need not wait for, nor share the processor with."""
        await asyncio.sleep(_FIRST_ANSWER)
        await self._application.behind()
        gc.collect()
        gc.freeze()  # all this stays, so that no collection need look at it again

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let running queries end for a while, then stop them; their clients are told."""
        stopping = asyncio.get_running_loop().call_later(self._grace, self._stop_workers)
        await super().shutdown(sockets)
        stopping.cancel()
        self._stop_workers()

    def _stop_workers(self) -> None:
        self._service.is_stopping = True
        for pool in self._service.pools:
            pool.close()

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
        f"  SPARQL      {base}sparql" + (", with updates" if service.writing else ""),
        f"  To try      curl '{sample}'",
        "Ctrl+C ends the server.",
    ]
    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)
    console.file.flush()
