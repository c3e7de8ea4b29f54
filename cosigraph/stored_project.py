# SPDX-License-Identifier: Apache-2.0
"""A project whose data are in a store: made from its folder, and opened again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cosigraph.changes import Content, content_of
from cosigraph.errors import StoreError
from cosigraph.project import Project
from cosigraph.stored_dataset import DefaultGraphKind, StoredDataset
from cosigraph.versioned_store import About, VersionedStore


def create_store(
    folder: Path, project: Project, default_graph: DefaultGraphKind = DefaultGraphKind.UNION
) -> VersionedStore:
    """Make a store of the project's graphs as the engine keeps them.

    Raises:
        ProjectError: the project's files are wrong, or the store's folder is not empty.
    """
    configuration = project.configuration
    about = About(configuration.name, configuration.base, default_graph)
    return VersionedStore.create(folder, about, _content(project))


def _content(project: Project) -> Content:
    empty = tuple(iri for iri, triples in project.dataset.graphs.items() if not triples)
    return content_of(replace(project.dataset.snapshot(), empty_graphs=empty))


def as_kept(project: Project) -> Project:
    """Return the project with the data of its files as a store would keep them.

    Of numbers it keeps the value, so that its digest is another one where a file spells one in
    another way. Raises ProjectError as loading does.
    """
    return _with_content(project, _content(project), DefaultGraphKind.UNION)


def check_made_from(project: Project, store: VersionedStore) -> None:
    """Raise StoreError if the store was made from another project."""
    configuration = project.configuration
    if (store.about.project, store.about.base) != (configuration.name, configuration.base):
        raise StoreError(
            f"The store was made from the project '{store.about.project}' with the base "
            f"{store.about.base}, not from '{configuration.name}' with {configuration.base}.",
            advice="Name that project with --project.",
        )


def stored_project(project: Project, store: VersionedStore, content: Content) -> Project:
    """Return the project with the data of a version of its store.

    Raises:
        StoreError: the store was made from another project.
    """
    check_made_from(project, store)
    return _with_content(project, content, store.about.default_graph)


def _with_content(project: Project, content: Content, default_graph: DefaultGraphKind) -> Project:
    graphs = project.configuration.graphs
    replaces = {graph.iri: graph.replaces for graph in graphs if graph.replaces}
    return project.with_dataset(StoredDataset.of(content, replaces, default_graph))
