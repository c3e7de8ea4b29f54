# SPDX-License-Identifier: Apache-2.0
"""Changing the data: who may, one change at a time, on the disk before anyone sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from cosigraph import tokens
from cosigraph.changes import Change, Content
from cosigraph.dataset import canonical_digest
from cosigraph.errors import CosigraphError, QueryNotStarted
from cosigraph.stored_dataset import StoredDataset
from cosigraph.stored_project import stored_project
from cosigraph.versioned_store import Origin, Version, VersionedStore, Writer
from cosigraph.workers import WorkerPool

from .editions import PINNED, Edition
from .gate import Gate
from .origins import origin_of
from .problems import Problem, ProblemError
from .streaming import closing

if TYPE_CHECKING:
    from .service import Service

_UNAUTHORISED = Problem(
    HTTPStatus.UNAUTHORIZED,
    "unauthorised",
    "Writing needs a token",
    "The request carries no token that may write here.",
    advice="Send the token: Authorization: Bearer …",
    headers={"WWW-Authenticate": 'Bearer realm="cosigraph"'},
)


class Writing:
    """What changes the data of a store.

    Args:
        store: the store
        writer: the right to write to it
        version: its current version
        pool: the process that works changes out, and is killed when one takes too long
        token_hash: the hash of the token that may write
        gate: what every write has to pass, None where all may pass
    """

    def __init__(  # noqa: PLR0913, PLR0917 - its parts
        self,
        store: VersionedStore,
        writer: Writer,
        version: Version,
        pool: WorkerPool,
        token_hash: str,
        gate: Gate | None = None,
    ) -> None:
        self.version = version
        self.pool = pool
        self._store = store
        self._writer = writer
        self._token_hash = token_hash
        self._gate = gate
        self._turn = asyncio.Lock()

    def authorise(self, headers: Mapping[str, str]) -> None:
        """Let those pass who carry the token; raises ProblemError (401), the same for all others.

        A wrong token, none, and another kind of credentials are told the same.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not tokens.fits(token.strip(), self._token_hash) or scheme.lower() != "bearer":
            raise ProblemError(_UNAUTHORISED)

    async def apply(
        self,
        service: Service,
        change_of: Callable[[Edition], Change],
        headers: Mapping[str, str],
    ) -> None:
        """Make a change, whole or not at all; the service answers from its outcome afterwards.

        Args:
            service: what is served
            change_of: gives the change for the edition that is changed, or raises
            headers: the request's fields, which say who makes it and why

        Raises:
            ProblemError: it brings what does not conform
            QueryNotStarted: other changes took too long
            QueryStopped: this one did, or needed too much memory
            QueryError: it cannot be made
        """
        origin = origin_of(headers, self._token_hash)
        await self._wait_for_turn()
        try:
            edition = service.latest
            pieces = self.pool.execute(change_of(edition), setup=edition.setup)
            async with closing(pieces):
                changed = b"".join([piece async for piece in pieces])
            content = await to_thread.run_sync(Content.decode, changed)
            before = _content_of(edition)
            if content != before and self._gate is not None:
                await self._gate.check(before, content, headers)
            published = await _undisturbed(self._commit(service, edition, content, origin))
            PINNED.set(published)  # of this request, which is to tell the new version
        finally:
            self._turn.release()

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(self.pool.timeout):
                await self._turn.acquire()
        except TimeoutError:
            raise QueryNotStarted(
                "Other changes were being made.", advice="Try again in a minute."
            ) from None

    async def _commit(
        self, service: Service, edition: Edition, content: Content, origin: Origin
    ) -> Edition:
        published = await to_thread.run_sync(self._committed, edition, content, origin)
        service.publish(published)
        return published

    def _committed(self, edition: Edition, content: Content, origin: Origin) -> Edition:
        """Write what a change has made; all that may fail comes before it is current."""
        assert edition.stored is not None  # noqa: S101 - nothing else is written to
        if content == _content_of(edition):
            return edition
        # Not in the process of the change, which can open no file to import what that needs.
        content = replace(content, digest=canonical_digest(content.nquads))
        project = stored_project(edition.project, self._store, content)
        setup = project.dataset.snapshot()
        try:
            self.pool.prepare(setup)
            self.version = self._writer.commit(content, edition.stored, origin)
        except CosigraphError:
            self.pool.templates.use(edition.setup)
            raise
        return Edition(project, setup, self.version)


def _content_of(edition: Edition) -> Content:
    dataset = edition.project.dataset
    assert isinstance(dataset, StoredDataset)  # noqa: S101 - nothing else is written to
    return dataset.content


async def _undisturbed(work: Coroutine[Any, Any, Edition]) -> Edition:
    """What ``work`` gives; it is not stopped midway, although its client may have left."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise
