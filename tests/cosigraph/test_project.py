# SPDX-License-Identifier: Apache-2.0
"""A project folder, opened: the orchard, asked in every way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import RDF
from rdflib.plugins.sparql import prepareQuery

from cosigraph import Project, open_project
from cosigraph.errors import (
    DataSyntaxError,
    ProjectError,
    QueryRefused,
    UnknownQueryError,
    UnknownReadingError,
)
from cosigraph.project import shipped_folder

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"
# rdflib 7.6 warns of what it does itself when a Dataset is asked.
rdflib_warns_of_itself = pytest.mark.filterwarnings(
    r"ignore:Dataset\.(default_context|contexts) is deprecated:DeprecationWarning"
)
TREES = "SELECT (COUNT(*) AS ?n) { ?tree a orch:Tree }"


@pytest.fixture(scope="module")
def orchard() -> Project:
    return open_project(ORCHARD)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))


def test_a_query_is_answered_with_the_projects_prefixes(orchard: Project) -> None:
    assert orchard.query(TREES, "csv").content() == b"n\r\n8\r\n"


def test_the_version_names_the_configured_version_and_the_data(orchard: Project) -> None:
    assert orchard.version == f"0.3.0+sha256.{orchard.dataset.digest[7:19]}"
    assert orchard.query("ASK {}").version == orchard.version


def test_the_version_changes_with_the_data(orchard: Project, copied: Path) -> None:
    assert open_project(copied).version == orchard.version
    with (copied / "data" / "tasting.ttl").open("a") as file:
        file.write('tree:8 orch:flavour "watery" .\n')
    assert open_project(copied).version != orchard.version


def test_another_reading_gives_other_answers() -> None:
    text = 'ASK { ?tree orch:flavour "tart" }'
    assert open_project(ORCHARD).query(text).boolean is False
    assert open_project(ORCHARD, reading="second").query(text).boolean is True


def test_an_unknown_reading_is_one_clear_line() -> None:
    with pytest.raises(UnknownReadingError, match=r"Known: second\."):
        open_project(ORCHARD, reading="x").query("ASK {}")


def test_a_canned_query_takes_its_parameters_as_keywords(orchard: Project) -> None:
    table = orchard.run("trees", planted_before="1970-01-01")
    assert table.to_csv().splitlines() == [
        "tree,code,variety,planted,height,flavours",
        "https://orchard.example/id/tree/1,T-1,Belle de Boskoop,1968-11-02,7.25,sharp; sweet",
    ]


def test_a_canned_query_answers_from_the_chosen_reading() -> None:
    table = open_project(ORCHARD, reading="second").run("trees", variety="B")
    assert [row[-1] for row in table.rows] == [("sharp",), ("sour",)]


def test_an_unknown_query_is_one_clear_line(orchard: Project) -> None:
    with pytest.raises(UnknownQueryError) as caught:
        orchard.run("tree")
    assert str(caught.value) == "There is no query 'tree'. Did you mean 'trees'?"


def test_a_missing_folder_is_one_clear_line() -> None:
    with pytest.raises(ProjectError, match=r"The project folder 'nowhere' does not exist\."):
        open_project("nowhere")


def test_a_broken_file_is_one_line_with_its_place(copied: Path) -> None:
    (copied / "data" / "trees.ttl").write_text("tree:1 a tree:Tree .")
    with pytest.raises(DataSyntaxError, match=r"data/trees\.ttl:1:1: The prefix tree:"):
        open_project(copied).query("ASK {}")


def test_without_a_folder_the_shipped_one_is_opened(root: Path) -> None:
    assert shipped_folder() == root
    assert open_project().folder == root


def test_a_project_shows_its_name_and_folder(orchard: Project) -> None:
    assert repr(orchard) == f"<Project orchard in {ORCHARD}>"


@rdflib_warns_of_itself
def test_the_rdflib_view_has_the_same_data(orchard: Project) -> None:
    graph = orchard.graph()
    (row,) = graph.query(TREES)
    assert row[0].toPython() == 8  # type: ignore[index, union-attr]
    assert len(graph.default_graph) == len(orchard.dataset.default_triples())
    named = {str(each.identifier) for each in graph.graphs()}
    assert set(orchard.dataset.graphs) <= named


@rdflib_warns_of_itself
def test_the_rdflib_view_reads_no_local_file(orchard: Project, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<a:a> <a:b> 'a secret that no query may read' .")
    graph = orchard.graph()
    for text in (
        f"SELECT * FROM <{secret.as_uri()}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{secret.as_uri()}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        with pytest.raises(QueryRefused):
            graph.query(text)
        # A prepared query leaves Oxigraph for rdflib's own engine, which would load the file.
        assert "a secret" not in str(list(graph.query(prepareQuery(text))))


def test_the_rdflib_view_refuses_what_leaves_the_machine_or_writes(orchard: Project) -> None:
    graph = orchard.graph()
    own = next(iter(orchard.dataset.graphs))
    for text in ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", f"ASK FROM <{own}> {{}}"):
        with pytest.raises(QueryRefused):
            graph.query(text)
    with pytest.raises(QueryRefused, match="no updates"):
        graph.update("LOAD <http://127.0.0.1:9/>")


@rdflib_warns_of_itself
def test_writing_to_the_rdflib_view_leaves_the_project_as_it_was(orchard: Project) -> None:
    orchard.graph().default_graph.add((RDF.nil, RDF.type, RDF.List))
    assert orchard.query("ASK { rdf:nil a rdf:List }").boolean is False
    assert orchard.query("ASK { ?s ?p ?o }").boolean is True
    assert len(orchard.graph().default_graph) > 0
