# SPDX-License-Identifier: Apache-2.0
"""``[[graph]]``: the named graphs, and the files that they are read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cosigraph.configuration.content import GraphSource
from cosigraph.configuration.entries import Entries
from cosigraph.declared_dataset import CATALOGUE, DeclaredDataset
from cosigraph.errors import UnreadableFileError
from cosigraph.files import is_folder, matching
from cosigraph.suggestions import suggestion_sentence

GRAPH_KEYS = ("name", "files", "replaces")
_DEFAULT_GRAPHS = ("ontology", "shapes", "data")


def read_graphs(entries: Entries, base: str) -> tuple[GraphSource, ...]:
    """Return the graphs in ``[[graph]]``, or those of the folders of their names without it.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    declared = entries.content.get("graph")
    if declared is None:
        return tuple(
            GraphSource(name, f"{base}graph/{name}", (f"{name}/**/*",))
            for name in _DEFAULT_GRAPHS
            if _may_have_files(entries.path.parent, name)
        )
    if not isinstance(declared, list) or not all(isinstance(entry, dict) for entry in declared):
        entries.fail("graph", "Graphs are written [[graph]], with two brackets on each side.")
    sources: dict[str, GraphSource] = {}
    for entry in declared:
        source = _graph(entries, entry, base)
        if source.name in sources:
            entries.fail("name", f"There are two graphs '{source.name}'.")
        sources[source.name] = source
    for entry in declared:
        _check_replaced(entries, entry, sources)
    return tuple(sources.values())


def _graph(entries: Entries, entry: Mapping[str, Any], base: str) -> GraphSource:
    entries.check_keys(entry, GRAPH_KEYS, "entry")
    for key in ("name", "files"):
        if key not in entry:
            entries.fail("graph", f"A [[graph]] has no '{key}'.")
    name = entries.string(entry, "name", "")
    iri = entries.iri("name", f"{base}graph/{name}")
    patterns = entries.strings(entry, "files", [])
    for pattern in patterns:
        entries.check_within("files", pattern)
    replaced = entries.string(entry, "replaces", "") if "replaces" in entry else None
    return GraphSource(
        name, iri, tuple(patterns), None if replaced is None else f"{base}graph/{replaced}"
    )


def _check_replaced(
    entries: Entries, entry: Mapping[str, Any], sources: Mapping[str, GraphSource]
) -> None:
    replaced = entry.get("replaces")
    settled = [name for name, source in sources.items() if source.replaces is None]
    if replaced is not None and replaced not in settled:
        entries.fail(
            "replaces",
            f"Graph '{entry['name']}' replaces '{replaced}', which is no graph of its own.",
            suggestion_sentence(replaced, settled),
        )


def _may_have_files(folder: Path, name: str) -> bool:
    """Tell whether there is a file in the folder of that name, or one that cannot be read."""
    failed: list[UnreadableFileError] = []
    found = matching(folder, f"{name}/**/*", failed.append)
    return bool(failed) or not all(map(is_folder, found))


def graphs_of(datasets: tuple[DeclaredDataset, ...], base: str) -> Iterator[GraphSource]:
    """Yield the graphs of what was added, and of what the catalogue says about it."""
    catalogue = f"{base}graph/{CATALOGUE}"
    for dataset in datasets:
        yield GraphSource(dataset.graph, dataset.graph, (dataset.file,), is_added=True)
        yield GraphSource(CATALOGUE, catalogue, (dataset.about,), is_added=True)
