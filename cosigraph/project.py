# SPDX-License-Identifier: Apache-2.0
"""A project folder, opened: its configuration, dataset, store, queries and answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cosigraph.answers import Answer, Surroundings, answer, prepare
from cosigraph.configuration import FILE_NAME, Configuration, read_configuration
from cosigraph.dataset import Dataset
from cosigraph.errors import Position, UnknownQueryError
from cosigraph.formats import ResultFormat
from cosigraph.loading import load_dataset
from cosigraph.packed_dataset import MadeGraph, PackedDataset
from cosigraph.store import EmbeddedStore, Store
from cosigraph.suggestions import suggestion_sentence
from cosigraph.terms import Prefixes

if TYPE_CHECKING:
    import rdflib

    from cosigraph.canned import CannedQuery
    from cosigraph.emptiness import Explanation
    from cosigraph.loading_process import Loading
    from cosigraph.names import NameResolver
    from cosigraph.table import Table


def shipped_folder() -> Path:
    """Return the folder that ships: within an installed package, else the checkout's own."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent


def open_project(folder: Path | str | None = None, *, reading: str | None = None) -> Project:
    """Open a project folder; without one, the folder that ships.

    ``reading`` names the alternative reading that every query is answered from. The configuration
    is read here; files, queries and store when they are first asked for.

    Raises:
        ProjectError: the folder is missing, or is no project folder.
        ConfigurationError: its ``cosigraph.toml`` is wrong.
    """
    project = Project(shipped_folder() if folder is None else Path(folder), reading)
    _ = project.configuration
    return project


class Project:
    """A project folder. Everything is read when first asked for, and then kept."""

    def __init__(self, folder: Path, reading: str | None = None) -> None:
        self.folder = folder
        self.reading = reading
        self._loading: Loading | None = None

    def with_dataset(self, dataset: Dataset) -> Project:
        """Return the same project with other data."""
        other = Project(self.folder, self.reading)
        other.configuration = self.configuration
        other.queries = self.queries
        other.dataset = dataset
        return other

    def load_apart(self) -> None:
        """Begin to read the files in a process of its own, for ``dataset`` to wait for.

        That is then a ``PackedDataset``, which takes a tenth of the memory; for whoever serves the
        data and seldom reads a triple.

        Raises:
            WorkerLost: the system has no room for a process.
        """
        from cosigraph.loading_process import Loading  # noqa: PLC0415 - servers alone need it

        if self._loading is None and "dataset" not in vars(self):
            self._loading = Loading(self.folder)

    def stop_loading(self) -> None:
        """End what ``load_apart`` has begun, if nothing has waited for it."""
        if self._loading is not None:
            self._loading.close()
            self._loading = None

    def __repr__(self) -> str:
        return f"<Project {self.configuration.name} in {self.folder}>"

    @cached_property
    def configuration(self) -> Configuration:
        """What ``cosigraph.toml`` says; raises ConfigurationError."""
        return read_configuration(self.folder)

    @property
    def prefixes(self) -> Prefixes:
        """The prefixes known in every query without ``PREFIX``."""
        return self.configuration.prefixes

    @cached_property
    def dataset(self) -> Dataset:
        """The files' graphs; raises ProjectError, DataSyntaxError or UnknownReadingError."""
        loading, self._loading = self._loading, None
        dataset = loading.result() if loading else load_dataset(self.folder, self.configuration)
        dataset.default_graphs(self.reading)
        return dataset

    @cached_property
    def store(self) -> Store:
        """The store that answers: Oxigraph in this process."""
        return self._embedded

    @cached_property
    def _embedded(self) -> EmbeddedStore:
        return EmbeddedStore(self.dataset.snapshot())

    @cached_property
    def version(self) -> str:
        """The configured version and the digest of the data: ``0.1.0+sha256.<12 hex digits>``."""
        digest = self.dataset.digest.removeprefix("sha256:")
        return f"{self.configuration.version}+sha256.{digest[:12]}"

    @cached_property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What the catalogue says of the data: title, description, rights, licence."""
        from cosigraph.notices import notices  # noqa: PLC0415 - few answers tell it

        if isinstance(self.dataset, PackedDataset):
            return self.dataset.outline.notices
        return notices(self.dataset.default_triples())

    @property
    def _made(self) -> tuple[MadeGraph, ...]:
        return self.dataset.made if isinstance(self.dataset, PackedDataset) else ()

    @cached_property
    def surroundings(self) -> Surroundings:
        """What a query is answered from, for ``cosigraph.answers.prepare``."""
        return Surroundings(
            graphs=(*self.dataset.graphs, *(graph.iri for graph in self._made)),
            prefixes=self.prefixes.namespaces,
            base_iri=self.configuration.base,
            version=self.version,
        )

    @cached_property
    def queries(self) -> dict[str, CannedQuery]:
        """The canned queries by name.

        Raises:
            QueryFileError: one of them is wrong.
            ConfigurationError: the pages are to be made of one that there is not.
        """
        from cosigraph.canned import canned_queries  # noqa: PLC0415 - needs YAML, queries do not

        queries = canned_queries(self.folder, self.prefixes, self.configuration.services)
        configuration = self.configuration
        configuration.pages.check(queries, Position(str(self.folder / FILE_NAME)))
        return queries

    @cached_property
    def resolver(self) -> NameResolver:
        """Finds what the values of a canned query's parameters mean."""
        from cosigraph.names import NameResolver  # noqa: PLC0415 - as above

        return NameResolver(
            self.store,
            self.surroundings,
            names=self.configuration.names,
            queries=self.queries,
            reading=self.reading,
        )

    def query(self, text: str, format: ResultFormat | str | None = None) -> Answer:  # noqa: A002
        """Answer a SPARQL query; raises QueryError or UnknownFormatError.

        >>> open_project().query("ASK { ?s ?p ?o }").boolean  # doctest: +SKIP
        True
        """
        return answer(self.store, text, self.surroundings, format=format, reading=self.reading)

    def explain(self, text: str) -> Explanation:
        """Find out why the answer to a SPARQL query is empty; raises QueryError.

        It ends after 5 s or 100 small queries and then says so; none of them can be stopped.

        >>> print(open_project().explain('ASK { ?x cosi:letter "a" }').text())  # doctest: +SKIP
        """
        from cosigraph.emptiness import explain, run_inquiry  # noqa: PLC0415 - few ask for it

        query = prepare(text, self.surroundings, reading=self.reading)
        inquiry = explain(query, self.surroundings, self.dataset.readings)
        return run_inquiry(inquiry, lambda probe, _: b"".join(self.store.execute(probe)))

    def run(self, name: str, /, **parameters: object) -> Table:
        """Run a canned query, a parameter ``shared-goal`` being the keyword ``shared_goal``.

        Raises:
            UnknownQueryError: there is no canned query of that name.
            UnknownParameterError, ParameterValueError: the query cannot take what was given.
            ServiceFailed: another endpoint, which a federated query asks, failed.

        >>> open_project().run("goals", priority="A")  # doctest: +SKIP
        """
        from cosigraph.running import run_canned  # noqa: PLC0415 - as above

        query = self.queries.get(name)
        if query is None:
            raise UnknownQueryError(
                f"There is no query '{name}'.", advice=suggestion_sentence(name, self.queries)
            )
        if query.services:
            with self._federated(query) as store:
                return run_canned(query, parameters, self.resolver, store, self.surroundings)
        return run_canned(query, parameters, self.resolver, self.store, self.surroundings)

    @contextmanager
    def _federated(self, query: CannedQuery) -> Iterator[Store]:
        """Give what runs a query that asks other endpoints: a process of its own."""
        from cosigraph.federation import FederatedPool  # noqa: PLC0415 - few queries do
        from cosigraph.workers import BlockingStore  # noqa: PLC0415 - as above

        store = BlockingStore(FederatedPool(self.dataset.snapshot(), query.services, size=1))
        try:
            yield store
        finally:
            store.close()

    def graph(self) -> rdflib.Dataset:
        """Return the data as an rdflib dataset over a store of its own.

        Its default graph is the union that queries see. It is a copy: what is added to it is
        neither in the project's answers nor in its files. Its queries reach no other machine and
        no file; from then on rdflib, in this process, loads no graph that a query names after
        ``FROM``.
        """
        from cosigraph.rdflib_view import View  # noqa: PLC0415 - slow to import, and most do without

        copy = EmbeddedStore(self.dataset.snapshot()).store(self.reading)
        return View(copy, self.surroundings)
