# SPDX-License-Identifier: Apache-2.0
"""Asking an ASGI application from tests that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from starlette.types import Message, Scope

from cosigraph.workers import WorkerPool
from cosigraph_api.application import Application

T = TypeVar("T")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def lasting(answer: httpx.Response) -> dict[str, str]:
    """The fields of an answer that are the same when it is given again."""
    passing = {"request-id", "server-timing"}
    return {name: value for name, value in answer.headers.items() if name not in passing}


class Asker:
    """An application, its workers, and a thread with the event loop that they run in."""

    def __init__(self, application: Application, pool: WorkerPool) -> None:
        self.application = application
        self.pool = pool
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=application), base_url="http://server.test"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait(self.pool.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.wait(self._client.aclose())
        self.wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self.pool.close()
        await self._loop.shutdown_default_executor()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.wait(self._client.request(method, path, **options))

    def get(self, path: str, *, accept: str | None = None, **options: Any) -> httpx.Response:
        headers = {"Accept": accept} if accept is not None else None
        return self.request("GET", path, headers=headers, **options)

    def sparql(self, query: str, *, accept: str | None = None, **params: str) -> httpx.Response:
        return self.get("/sparql", accept=accept, params={"query": query, **params})

    def page(self, path: str, **options: Any) -> httpx.Response:
        return self.get(path, accept=BROWSER, **options)

    def exchange(self, scope: Scope, received: Sequence[Message]) -> list[Message]:
        """What the application sends when it receives these messages and then nothing more."""
        sent: list[Message] = []
        pending = list(received)

        async def receive() -> Message:
            if not pending:
                await asyncio.Event().wait()
            return pending.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        self.wait(self.application(scope, receive, send))
        return sent


def http_scope(method: str, path: str, query: bytes = b"", **headers: str) -> Scope:
    """A scope as a server makes it; underscores in names of headers stand for hyphens."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": raw,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
