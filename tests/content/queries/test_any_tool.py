# SPDX-License-Identifier: Apache-2.0
"""Any SPARQL tool can ask the canned queries, and any engine agrees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph
import pytest
import rdflib

from cosigraph import Project, open_project
from cosigraph.canned import CannedQuery
from cosigraph.running import bound_text
from tests.content.queries.asking import GIVEN, QUERIES, ROOT, ask, pairs


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_file_is_a_query_that_declares_its_own_prefixes(query: CannedQuery) -> None:
    rows = pyoxigraph.Store().query(query.text)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in rows.variables] == [
        column.name for column in query.columns
    ]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_asks_the_default_graph_and_leaves_joining_to_the_library(
    query: CannedQuery,
) -> None:
    words = query.text.partition("PREFIX")[2].upper().split()
    assert ("GRAPH" in words) == (query.name == "provenance-of")
    assert "GROUP_CONCAT" not in query.text.upper()
    assert "SERVICE" not in words


@pytest.fixture(scope="module")
def rdflib_dataset(shipped: Project) -> rdflib.Dataset:
    """The same data in rdflib's own store, asked by rdflib's own engine."""
    dataset = rdflib.Dataset(default_union=False)
    fill(dataset.default_graph, shipped.dataset.default_triples())
    for iri, triples in shipped.dataset.graphs.items():
        fill(dataset.graph(rdflib.URIRef(iri)), triples)
    return dataset


def fill(graph: rdflib.Graph, triples: Iterable[pyoxigraph.Triple]) -> None:
    content = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    graph.parse(data=content, format="nt")


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("name", QUERIES)
def test_another_engine_gives_the_same_rows_in_the_same_order(
    shipped: Project, rdflib_dataset: rdflib.Dataset, name: str
) -> None:
    text = bound_text(QUERIES[name], GIVEN.get(name, {}), shipped.resolver)
    here = shipped.query(text)
    there: Any = rdflib_dataset.query(text)
    variables = [str(variable) for variable in there.vars]
    assert list(here.columns) == variables
    assert [[written(term) for term in row] for row in here.rows()] == [
        [written(binding.get(variable)) for variable in variables] for binding in there.bindings
    ]


def written(term: Any) -> str | None:
    """A term of either engine as plain text."""
    if term is None:
        return None
    return str(term) if isinstance(term, str) else str(term.value)


@pytest.mark.parametrize("reading", sorted(open_project(ROOT).dataset.readings))
def test_every_query_can_be_asked_of_every_reading(shipped: Project, reading: str) -> None:
    other = open_project(ROOT, reading=reading)
    for name in QUERIES:
        assert other.run(name, **GIVEN.get(name, {})).columns == QUERIES[name].columns
    assert ask(other, "roles") == ask(shipped, "roles")
    stated = [
        pairs([row for row in ask(p, "shared-goal-matrix") if row.stated]) for p in (shipped, other)
    ]
    assert stated[0] == stated[1]
