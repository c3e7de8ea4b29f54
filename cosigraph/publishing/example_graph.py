# SPDX-License-Identifier: Apache-2.0
"""The canned queries as a named graph that a served folder has beside those of its files.

It can be asked with GRAPH and FROM. It is made, and not of the files: so it is in no default graph,
no digest, no export and no dump, and a version of the data has the same answers whatever is asked
of it by canned queries.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from cosigraph.packed_dataset import MadeGraph, PackedDataset
from cosigraph.project import Project
from cosigraph.publishing.examples import sparql_examples

NAME: Final = "queries"


def add_example_graph(project: Project) -> None:
    """Let a project that was read by ``load_apart`` answer from its queries too.

    A store does not, nor does a folder without queries, or with a graph of that name.

    Raises:
        QueryFileError: a query's file is wrong.
        ProjectError, DataSyntaxError: as loading does.
    """
    dataset, configuration = project.dataset, project.configuration
    graph = NamedNode(f"{configuration.base}graph/{NAME}")
    has_one = graph.value in dataset.graphs or not project.queries
    if has_one or not isinstance(dataset, PackedDataset):
        return
    triples = sparql_examples(project.queries.values(), configuration)
    quads = [Quad(each.subject, each.predicate, each.object, graph) for each in triples]
    written = serialize(quads, format=RdfFormat.N_QUADS) or b""
    lines = b"".join(sorted(written.splitlines(keepends=True)))
    made = MadeGraph(graph.value, len(quads), hashlib.sha256(lines).hexdigest())
    outline = replace(dataset.outline, made=(made,))
    project.dataset = PackedDataset.of(dataset.nquads_of_graphs + lines, outline)
