# SPDX-License-Identifier: Apache-2.0
"""What a server serves: a project's folder, or its store, which it may be allowed to write to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cosigraph.errors import UsageError
from cosigraph.limits import Limits
from cosigraph.project import Project
from cosigraph.stored_project import stored_project
from cosigraph.tokens import check_hash
from cosigraph.versioned_store import Version, VersionedStore, Writer
from cosigraph.workers import WorkerPool

from .gate import Gate
from .writing import Writing


@dataclass(frozen=True)
class Opened:
    """A project with its data, and the right to write them if there is one."""

    project: Project
    store: VersionedStore | None = None
    version: Version | None = None
    writer: Writer | None = None
    token_hash: str | None = None
    threshold: str | None = None

    @property
    def stored(self) -> tuple[VersionedStore, Version] | None:
        """The store and its version that was opened, if it is a store."""
        if self.store is None or self.version is None:
            return None
        return self.store, self.version

    def writing(self, workers: WorkerPool, limits: Limits) -> Writing | None:
        """What changes the data, beside ``workers`` that answer from them; or None."""
        if self.store is None or self.version is None or self.writer is None:
            return None
        pool = WorkerPool(
            workers.setup,
            size=1,
            timeout=limits.time,
            memory=limits.memory,
            templates=workers.templates,
        )
        pool.kills = workers.kills  # counted together
        gate = None
        if self.threshold is not None:
            gate = Gate(self.project.folder, self.threshold, limits)
        return Writing(self.store, self.writer, self.version, pool, self.token_hash or "", gate)


@contextmanager
def opening(
    folder: Path | str | None,
    project: Project,
    token_hash: str | None,
    *,
    writes: bool,
    threshold: str | None = None,
) -> Iterator[Opened]:
    """Open the store in ``folder``, or without one the project's own data.

    ``threshold`` is the severity from which on a finding refuses a write, None for no check.

    Raises:
        ProjectError: it cannot be used, or another process writes to it
        UsageError: it is to be written to, but there is no store, or no token's hash
    """
    known = _checked(folder, token_hash) if writes else None
    if folder is None:
        yield Opened(project)
        return
    store = VersionedStore(Path(folder))
    with ExitStack() as stack:
        writer = stack.enter_context(store.writing()) if writes else None
        version = store.current()
        with_data = stored_project(project, store, store.read(version))
        yield Opened(with_data, store, version, writer, known, threshold)


def _checked(folder: Path | str | None, token_hash: str | None) -> str:
    if folder is None:
        raise UsageError(
            "A project folder is never written to: updates need a store.",
            advice="Make one with 'cosigraph store create DIR', and serve it with --store DIR.",
        )
    if not token_hash:
        raise UsageError(
            "Updates need a token, so that not everybody can write.",
            advice="Make one with 'cosigraph token', and give its hash: --token-hash, "
            "COSIGRAPH_TOKEN_HASH, or token-hash under [server] in cosigraph.toml.",
        )
    return check_hash(token_hash)
