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
    empty = tuple(iri for iri, triples in project.dataset.graphs.items() if not triples)
    content = content_of(replace(project.dataset.snapshot(), empty_graphs=empty))
    about = About(configuration.name, configuration.base, default_graph)
    return VersionedStore.create(folder, about, content)


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
    configuration = project.configuration
    replaces = {graph.iri: graph.replaces for graph in configuration.graphs if graph.replaces}
    return project.with_dataset(StoredDataset.of(content, replaces, store.about.default_graph))
