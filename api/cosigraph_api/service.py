# SPDX-License-Identifier: Apache-2.0
"""What every part of the server shares: the project that is served and the workers that answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

from anyio import to_thread

import cosigraph
from cosigraph.answers import prepare
from cosigraph.federation import FederatedPool
from cosigraph.formats import ResultFormat
from cosigraph.limits import Limits
from cosigraph.names import NameResolver
from cosigraph.project import Project
from cosigraph.released import list_of, released_identifiers
from cosigraph.store import Query
from cosigraph.store_version import Version
from cosigraph.terms import Term
from cosigraph.versioned_store import VersionedStore
from cosigraph.workers import BlockingStore, WorkerPool

from .admission import Admission
from .cache import DEFAULT_BYTES, CachedAnswers
from .editions import PINNED, Edition
from .execution import Execution
from .grid import rows_of_tsv
from .headers import entity_tag
from .metrics import Metrics
from .streaming import closing
from .workbooks import Workbooks
from .writing import Writing

_DEFAULT_LIMITS = Limits()


class Service:
    """A project that is being served.

    Args:
        project: the project; its files are read here, so that a fault shows before the server
            takes requests
        workers: what runs its queries
        limits: what clients may ask of it
        cache_bytes: how much of what has been answered is kept, in bytes
        writing: what changes the data, where that is switched on
        federated: what runs queries that ask other endpoints, if any may be asked
        stored: the store that the data are in, and its version that is served; None for a folder

    Attributes:
        admission: what lets queries run
        answers: what has been answered
        metrics: what is counted
        workbooks: what makes answers into .xlsx
        is_stopping: whether the server is about to end, and its workers with it
    """

    def __init__(  # noqa: PLR0913, PLR0917 - its parts
        self,
        project: Project,
        workers: WorkerPool,
        limits: Limits = _DEFAULT_LIMITS,
        cache_bytes: int = DEFAULT_BYTES,
        writing: Writing | None = None,
        federated: FederatedPool | None = None,
        stored: tuple[VersionedStore, Version] | None = None,
    ) -> None:
        self.store = None if stored is None else stored[0]
        version = None if stored is None else stored[1]
        self.latest = Edition(project, workers.setup, version)
        self.workers = workers
        self.federated = federated
        self.limits = limits
        self.writing = writing
        self.software = cosigraph.__version__
        # Ready responses take one half, answers that serve several spellings the other.
        self.cache_bytes = cache_bytes // 2
        self.answers = CachedAnswers(lambda: self.state, self.cache_bytes)
        self.is_stopping = False
        self.admission = Admission(workers.size, limits.queue, limits.share_of(workers.size))
        pools = [workers] if federated is None else [workers, federated]
        self.metrics = Metrics(
            pools, self.admission, lambda: {"software": self.software, "version": self.version}
        )
        self.metrics.add_cache("answers", self.answers.cache)
        self.workbooks = Workbooks(limits, self.resolver)
        self._released: frozenset[str] | None = None
        _ = project.queries

    @property
    def edition(self) -> Edition:
        """The version of the data that this request is answered from, or the latest."""
        return PINNED.get() or self.latest

    def publish(self, edition: Edition) -> None:
        """Answer from another version of the data, from the next request on."""
        self.latest = edition
        for pool in self.pools:
            pool.use(edition.setup)

    def unpulled(self) -> int:
        """How many writes are not yet in the project's files; reads the disk.

        Raises:
            StoreError: the store is damaged
        """
        return 0 if self.store is None else len(self.store.unpulled())

    @property
    def project(self) -> Project:
        """The project with its data."""
        return self.edition.project

    @property
    def version(self) -> str:
        """The version of the data."""
        return self.project.version

    @property
    def state(self) -> str:
        """What decides an answer beside what is asked: software, engine, data, configuration."""
        return self.edition.state

    @property
    def readings(self) -> tuple[str, ...]:
        """The names of the alternative readings."""
        return tuple(self.project.dataset.readings)

    @property
    def pools(self) -> tuple[WorkerPool, ...]:
        """All processes."""
        others = (None if self.writing is None else self.writing.pool, self.federated)
        return (self.workers, *(pool for pool in others if pool is not None))

    @property
    def is_ready(self) -> bool:
        """Whether a query can be answered now."""
        return not self.is_stopping and bool(self.workers.process_ids)

    def execution(self, query: Query, seconds: float | None = None) -> Execution:
        """What runs ``query`` for the client whose request this is, in its turn.

        ``seconds`` is how long it may wait and run altogether, if that is not the workers' affair.
        """
        workers = self.federated if query.services and self.federated else self.workers
        setup = self.edition.setup
        return Execution(query, workers, self.admission, self.answers, setup=setup, seconds=seconds)

    @property
    def services(self) -> tuple[str, ...]:
        """The other endpoints that a query may ask, by their IRIs."""
        return () if self.federated is None else self.federated.services

    async def released(self) -> frozenset[str]:
        """The identifiers that were ever released, as the project's list had them at first.

        Raises:
            ProjectError: the list cannot be read
        """
        if self._released is None:
            self._released = await to_thread.run_sync(_released, self.project)
        return self._released

    def check_reading(self, reading: str | None) -> None:
        """Raise UnknownReadingError if the project has no such alternative reading."""
        self.project.dataset.default_graphs(reading)

    def resolver(self, reading: str | None) -> NameResolver:
        """What finds the terms that a person means; it asks the workers, so not in the loop."""
        edition = self.edition
        if reading not in edition.resolvers:
            self.check_reading(reading)
            edition.resolvers[reading] = NameResolver(
                BlockingStore(self.workers, edition.setup),
                edition.project.surroundings,
                names=edition.project.configuration.names,
                queries=edition.project.queries,
                reading=reading,
            )
        return edition.resolvers[reading]

    def entity_tag(self, *parts: str) -> str:
        """The strong entity tag of an answer that these parts and the versions decide."""
        return entity_tag((self.state, *parts))

    async def select(self, text: str, reading: str | None = None) -> list[tuple[Term | None, ...]]:
        """The rows of a query that is not the client's own text.

        They are all of them: without its last rows, a table would be a wrong one.

        Raises:
            QueryError, QueryStopped: as the workers do
        """
        async with closing(self.tsv(text, reading)) as pieces:
            content = b"".join([piece async for piece in pieces])
        return await to_thread.run_sync(lambda: rows_of_tsv(content)[1])

    async def tsv(self, text: str, reading: str | None = None) -> AsyncIterator[bytes]:
        """The same rows as SPARQL results TSV, in pieces; raises as ``select``."""
        surroundings = self.project.surroundings
        query = prepare(
            text,
            surroundings,
            format=ResultFormat.TSV,
            reading=reading,
            size=self.limits.size,
            services=self.services,
        )
        async with closing(self.execution(query).whole()) as pieces:
            async for piece in pieces:
                yield piece


def _released(project: Project) -> frozenset[str]:
    path = list_of(project.folder, project.configuration)
    if not path.exists() and project.configuration.released is None:
        return frozenset()
    return frozenset(iri for _, iri in released_identifiers(path))
