# SPDX-License-Identifier: Apache-2.0
"""``[[dataset]]``: what was added beside the project's own data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cosigraph.configuration.entries import Entries
from cosigraph.declared_dataset import DATASET_KEYS, DeclaredDataset, file_for


def read_datasets(entries: Entries, base: str) -> tuple[DeclaredDataset, ...]:
    """Return the datasets in ``[[dataset]]``.

    Raises:
        ConfigurationError: an entry is unknown or unusable.
    """
    declared = entries.content.get("dataset", [])
    if not isinstance(declared, list) or not all(isinstance(entry, dict) for entry in declared):
        entries.fail("dataset", "Datasets are written [[dataset]], with two brackets on each side.")
    datasets = [_dataset(entries, entry, base) for entry in declared]
    for number, dataset in enumerate(datasets):
        for other in datasets[:number]:
            if dataset.graph == other.graph:
                entries.fail("dataset", f"Two datasets have the graph <{dataset.graph}>.")
            if dataset.file == other.file:
                entries.fail("dataset", f"Two datasets have the file '{dataset.file}'.")
    return tuple(datasets)


def _dataset(entries: Entries, entry: Mapping[str, Any], base: str) -> DeclaredDataset:
    entries.check_keys(entry, DATASET_KEYS, "entry")
    for key in ("graph", "source", "title", "licence"):
        if key not in entry:
            entries.fail("dataset", f"A [[dataset]] has no '{key}'.")
    name = entries.string(entry, "graph", "")
    graph = entries.iri("graph", name if ":" in name else f"{base}graph/{name}")
    file = entries.string(entry, "file", file_for(graph))
    if not file.endswith(".nt"):
        entries.fail("file", f"'{file}' must be named .nt, as 'cosigraph add' writes N-Triples.")
    dataset = DeclaredDataset(
        graph=graph,
        source=entries.string(entry, "source", ""),
        title=entries.string(entry, "title", ""),
        licence=entries.iri("licence", entries.string(entry, "licence", "")),
        file=file,
        sha256=entries.string(entry, "sha256", "").lower() if "sha256" in entry else None,
        format=entries.string(entry, "format", "") if "format" in entry else None,
        mapping=entries.string(entry, "mapping", "") if "mapping" in entry else None,
        constraints=tuple(entries.strings(entry, "constraints", [])),
        allow_remote=entries.flag(entry, "allow-remote"),
        own_identifiers=entries.flag(entry, "own-identifiers"),
        name_blank_nodes=entries.flag(entry, "name-blank-nodes"),
    )
    paths = [("file", file), *(("constraints", path) for path in dataset.constraints)]
    if dataset.is_remote and dataset.allow_remote:
        advice = "Allow it on the command line, with --allow-remote."
        entries.check_open(("source", dataset.source), advice)
    elif not dataset.is_remote:
        paths.append(("source", dataset.source))
    if dataset.mapping is not None:
        paths.append(("mapping", dataset.mapping))
    for key, path in paths:
        entries.check_within(key, path)
    if dataset.sha256 and not re.fullmatch("[0-9a-f]{64}", dataset.sha256):
        entries.fail("sha256", "'sha256' must be 64 hexadecimal digits.")
    return dataset
