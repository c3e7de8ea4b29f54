# SPDX-License-Identifier: Apache-2.0
"""Asking an old version: ``?version=`` on any address, and ``/versions``, which lists them.

A version is read and checked when it is first asked for, and a few are kept ready.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from cosigraph.errors import UnknownVersionError
from cosigraph.store_version import Version, digits_of
from cosigraph.stored_project import stored_project
from cosigraph.versioned_store import VersionedStore

from .editions import PINNED, Edition
from .headers import REVALIDATE
from .negotiation import prefers_html
from .pages import Site
from .problems import bad_request
from .protocol import headers_of
from .service import Service
from .versions_asked import ask_old

if TYPE_CHECKING:
    from fastapi import FastAPI

_MOST_READY = 3
_FIELD = b"version"


class OldVersions:
    """The old versions of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._ready: OrderedDict[int, Edition] = OrderedDict()
        self._reading = asyncio.Lock()

    async def pin(self, scope: Scope) -> None:
        """Have the request answered from the version that its address asks for, if it does.

        The field is then taken out of the query string, so that nothing else need know of it.

        Raises:
            ProblemError: it is given twice
            UnknownVersionError, PrunedVersionError: there is no such version, or no longer
        """
        raw: bytes = scope["query_string"]
        if _FIELD not in raw:
            return
        fields = raw.split(b"&")
        asked = [field for field in fields if field.partition(b"=")[0] == _FIELD]
        if not asked:
            return
        if len(asked) > 1:
            raise bad_request("The parameter version is given twice.", "Give version once.")
        scope["query_string"] = b"&".join(field for field in fields if field not in asked)
        name = unquote_plus(asked[0].partition(b"=")[2].decode("latin-1"), errors="replace")
        if not name:
            return
        edition = await self._edition(name)
        if edition is not self._service.latest:
            ask_old(scope, edition)
        PINNED.set(edition)

    async def _edition(self, name: str) -> Edition:
        latest, store = self._service.latest, self._service.store
        if store is None or latest.stored is None:
            if _is_named(name, latest.project.dataset.digest):
                return latest
            raise UnknownVersionError(
                f"There is no version '{name[:80]}'.",
                advice=f"A project folder has one: {latest.project.version}.",
            )
        found = await to_thread.run_sync(store.version, name)
        if found.number == latest.stored.number:
            return latest
        async with self._reading:  # one at a time, so that none is read twice
            edition = self._ready.get(found.number)
            if edition is None or await to_thread.run_sync(store.is_pruned, found):
                self._ready.pop(found.number, None)
                edition = await to_thread.run_sync(self._read, store, found)
            self._ready[found.number] = edition
            self._ready.move_to_end(found.number)
            while len(self._ready) > _MOST_READY:
                self._ready.popitem(last=False)
        return edition

    def _read(self, store: VersionedStore, version: Version) -> Edition:
        project = stored_project(self._service.latest.project, store, store.read(version))
        return Edition(project, project.dataset.snapshot(), version)


def _is_named(name: str, digest: str) -> bool:
    spelt = digits_of(name)
    return bool(spelt) and digest.removeprefix("sha256:").startswith(spelt)


def add_versions(app: FastAPI, service: Service, site: Site) -> None:
    """Add ``/versions`` to ``app``."""

    @app.api_route("/versions", methods=["GET", "HEAD"], include_in_schema=False)
    async def versions(request: Request) -> Response:
        told = await to_thread.run_sync(lambda: list(_told(service)))
        if prefers_html(headers_of(request.scope).get("accept")):
            return site.page(request.scope, "versions.html", here="versions", versions=told)
        return JSONResponse(told, headers=REVALIDATE)


def _told(service: Service) -> Iterable[dict[str, Any]]:
    """What is told of each version, the newest first; of a project folder, of the one it is."""
    store, latest = service.store, service.latest
    if store is None:
        digest = latest.project.dataset.digest
        yield {"version": latest.project.version, "digest": digest, "kept": True, "current": True}
        return
    configured = latest.project.configuration.version
    for each in store.published():
        digest = each.dataset_digest
        yield {
            "version": f"{configured}+sha256.{digest.removeprefix('sha256:')[:12]}",
            **each.members(),
            "kept": not store.is_pruned(each),
            "current": latest.stored is not None and each.number == latest.stored.number,
        }
