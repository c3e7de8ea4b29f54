# SPDX-License-Identifier: Apache-2.0
"""The queries can be asked as a graph, and nothing else changes by it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from cosigraph import Project, open_project
from cosigraph.packed_dataset import PackedDataset
from cosigraph.publishing.dumps import dumps
from cosigraph.publishing.example_graph import add_example_graph
from tests.serving import serving

GRAPH = "https://w3id.org/cosigraph/graph/queries"
CONFIGURATION = """
[project]
base = "https://small.example/"
[[graph]]
name = "queries"
files = ["things.ttl"]
"""


@pytest.fixture(scope="module")
def with_graph(shipped: Project) -> Project:
    project = open_project(shipped.folder)
    project.load_apart()
    add_example_graph(project)
    return project


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT ?query {{ GRAPH <{GRAPH}> {{ ?query sh:select ?text }} }}",
        f"SELECT ?query FROM <{GRAPH}> {{ ?query a sh:SPARQLExecutable }}",
    ],
)
def test_the_queries_can_be_asked(with_graph: Project, text: str) -> None:
    assert len(with_graph.query(text).rows()) == len(with_graph.queries)


def test_neither_digest_nor_default_graph_nor_dumps_have_them(
    with_graph: Project, shipped: Project
) -> None:
    assert with_graph.version == shipped.version
    everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert with_graph.query(everything).rows() == shipped.query(everything).rows()
    assert set(with_graph.dataset.graphs) == set(shipped.dataset.graphs)
    base, graphs = shipped.configuration.base, tuple(shipped.dataset.graphs)
    made = dumps(with_graph.dataset.snapshot().nquads, graphs, base)
    assert made == dumps(shipped.dataset.snapshot().nquads, graphs, base)


def test_the_answers_of_all_canned_queries_stay_the_same(
    with_graph: Project, shipped: Project
) -> None:
    for name, query in shipped.queries.items():
        if not query.requires_parameters:
            assert with_graph.run(name).to_csv() == shipped.run(name).to_csv()


def test_a_graph_of_the_same_name_in_the_files_is_asked_instead(tmp_path: Path) -> None:
    (tmp_path / "cosigraph.toml").write_text(CONFIGURATION)
    (tmp_path / "things.ttl").write_text("<a> <b> 'c' .\n")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "all.rq").write_text(
        "#+ summary: All\n#+ columns: {s: {}}\nSELECT ?s { ?s ?p ?o }\n"
    )
    project = open_project(tmp_path)
    project.load_apart()
    add_example_graph(project)
    assert isinstance(project.dataset, PackedDataset)
    assert project.dataset.made == ()
    graph = "<https://small.example/graph/queries>"
    assert len(project.query(f"SELECT ?s {{ GRAPH {graph} {{ ?s ?p ?o }} }}").rows()) == 1


def test_a_served_folder_has_them_and_says_so(root: Path) -> None:
    graph = "https://orchard.example/graph/queries"
    with serving(root / "tests" / "projects" / "orchard") as server:
        query = f"SELECT (COUNT(?q) AS ?n) {{ GRAPH <{graph}> {{ ?q a sh:SPARQLExecutable }} }}"
        answer = httpx.get(f"{server.address}sparql", params={"query": query, "format": "csv"})
        assert answer.text.split() == ["n", "2"]
        assert graph in httpx.get(f"{server.address}sparql").text
