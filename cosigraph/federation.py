# SPDX-License-Identifier: Apache-2.0
"""Queries that ask other endpoints (SPARQL 1.1 Federated Query), in processes of their own.

All other processes can open no connection. These can, so they get no text but one in which every
call is to our own gateway, and refuse one in which their engine finds any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import cast

from cosigraph.changes import Change
from cosigraph.endpoints import Endpoint, Resolve, addresses_of, endpoint
from cosigraph.errors import QueryError, QueryRefused, QuerySyntaxError, ServiceFailed
from cosigraph.gateway import Gateway
from cosigraph.store import Query, Snapshot
from cosigraph.templates import Templates
from cosigraph.workers import DEFAULT_TIMEOUT, Account, WorkerPool

_CONNECTIONS = 16  # that a process may have open at the same time
_PATIENCE = 60.0  # seconds for each step with another endpoint, where a query has no limit


class FederatedPool(WorkerPool):
    """Processes for queries with SERVICE, started when one is asked."""

    def __init__(  # noqa: PLR0913 - as a WorkerPool's, and what it has beside
        self,
        snapshot: Snapshot,
        services: Iterable[str],
        *,
        size: int = 2,
        timeout: float | None = DEFAULT_TIMEOUT,
        memory: int | None = None,
        resolve: Resolve = addresses_of,
        templates: Templates | None = None,
    ) -> None:
        """Make a pool as a WorkerPool is; ``services`` are the endpoints that may be asked.

        Raises:
            UsageError: one of them is no endpoint.
        """
        self._endpoints: dict[str, Endpoint] = {iri: endpoint(iri) for iri in services}
        super().__init__(
            snapshot,
            size=size,
            timeout=timeout,
            memory=memory,
            connections=_CONNECTIONS,
            templates=templates,
        )
        self.gateway = Gateway(resolve)

    @property
    def services(self) -> tuple[str, ...]:
        """The IRIs of the endpoints that may be asked."""
        return tuple(self._endpoints)

    async def execute(
        self,
        query: Query | Change,
        timeout: float | None = None,
        account: Account | None = None,
        setup: Snapshot | None = None,
    ) -> AsyncIterator[bytes]:
        """Run ``query`` as a WorkerPool does.

        Raises:
            ServiceFailed: another endpoint failed, and not after SERVICE SILENT.
        """
        if not isinstance(query, Query):
            raise TypeError("A change asks no other endpoint.")
        seconds = self.timeout if timeout is None else timeout
        endpoints = [self._endpoints[call.iri] for call in query.services]
        # It may wait so long, and then run so long.
        longest = None if seconds is None else 2 * seconds
        session = self.gateway.open(query, endpoints, longest or _PATIENCE)
        overdue = None
        if longest is not None:
            overdue = asyncio.get_running_loop().call_later(longest, session.close)
        pieces = super().execute(session.rewritten(), timeout, account, setup)
        try:
            async with aclosing(cast(AsyncGenerator[bytes], pieces)):
                async for piece in pieces:
                    yield piece
        except (QuerySyntaxError, QueryRefused):
            raise
        except QueryError as error:
            raise session.failure or _unreadable(query, error) from None
        finally:
            if overdue is not None:
                overdue.cancel()
            self.gateway.end(session)

    def close(self) -> None:
        """Kill every process, and end what is asked of other endpoints."""
        super().close()
        self.gateway.close()


def _unreadable(query: Query, error: QueryError) -> QueryError:
    """Return the error for what the engine cannot use, if that came from elsewhere."""
    if not query.services:
        return error
    asked = ", ".join(f"<{iri}>" for iri in dict.fromkeys(call.iri for call in query.services))
    return ServiceFailed(f"The answer of {asked} cannot be used.", advice=error.detail)
