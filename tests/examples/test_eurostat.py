# SPDX-License-Identifier: Apache-2.0
"""The worked example: made-up figures in Eurostat's layout, beside the graph that ships."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Store

from cosigraph import Project, open_project
from cosigraph.adding import Added, Origin, add_dataset
from cosigraph.configuration import read_configuration
from cosigraph.declared_dataset import DeclaredDataset, file_for
from cosigraph.errors import DatasetError
from cosigraph.loading import load_dataset

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "eurostat"
SPACE = "https://example.org/eurostat/"
CONSTRAINTS = sorted((EXAMPLE / "constraints").glob("*.rq"))
CUBE = "http://purl.org/linked-data/cube#"


def added(folder: Path, name: str, source: Path, mapping: Path | None = None) -> Added:
    graph = f"{SPACE}graph/{name}"
    dataset = DeclaredDataset(
        graph=graph,
        source=source.name,
        title=f"Made-up figures: {name}",
        licence="https://creativecommons.org/licenses/by/4.0/",
        file=file_for(graph),
        mapping=None if mapping is None else mapping.name,
        constraints=() if mapping is None else tuple(path.name for path in CONSTRAINTS),
    )
    constraints = () if mapping is None else tuple(CONSTRAINTS)
    return add_dataset(folder, dataset, Origin(source, mapping, constraints))


@pytest.fixture(scope="module")
def structured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ships with the structure of the cube in it."""
    folder = tmp_path_factory.mktemp("eurostat") / "folder"
    folder.mkdir()
    shutil.copy(ROOT / "cosigraph.toml", folder)
    for room in ("data", "ontology", "shapes", "queries"):
        shutil.copytree(ROOT / room, folder / room)
    added(folder, "structure", EXAMPLE / "structure.ttl")
    return folder


@pytest.fixture(scope="module")
def example(structured: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Added]:
    folder = Path(shutil.copytree(structured, tmp_path_factory.mktemp("figures") / "folder"))
    table, mapping = EXAMPLE / "crim_off_cat.made-up.tsv", EXAMPLE / "crim_off_cat.rq"
    outcome = added(folder, "figures", table, mapping)
    for name in ("goals-and-figures.rq", "goals-and-figures.csv"):
        shutil.copy(EXAMPLE / name, folder / "queries")
    return open_project(folder), outcome


def test_the_table_becomes_observations_of_the_graphs_own_countries_and_crime_areas(
    example: tuple[Project, Added],
) -> None:
    project, outcome = example
    assert outcome.rows == 990
    (row,) = project.query(
        "PREFIX qb: <http://purl.org/linked-data/cube#> "
        "PREFIX cube: <https://example.org/eurostat/structure#> "
        "SELECT (COUNT(DISTINCT ?o) AS ?n) (COUNT(DISTINCT ?c) AS ?countries) "
        "(COUNT(DISTINCT ?a) AS ?areas) "
        "{ ?o a qb:Observation ; cube:country ?c ; cube:crimeArea ?a . "
        "?c a cosi:Country . ?a a cosi:CrimeArea }"
    ).rows()
    lines = (EXAMPLE / "crim_off_cat.made-up.tsv").read_text(encoding="utf-8").splitlines()[1:]
    figures = [
        cell
        for line in lines
        if ",CY" not in line
        for cell in line.split("\t")[1:]
        if ":" not in cell
    ]
    assert [int(getattr(term, "value", 0)) for term in row] == [len(figures), 10, 6]


def test_every_row_of_the_canned_query_says_that_the_figure_is_made_up(
    example: tuple[Project, Added],
) -> None:
    table = example[0].run("goals-and-figures")
    assert len(table) > 20
    assert {row.figures for row in table} == {"made up"}
    expected = (EXAMPLE / "goals-and-figures.csv").read_text(encoding="utf-8")
    assert table.to_csv().splitlines() == expected.splitlines()


def test_the_example_uses_no_identifier_of_the_project_for_its_own_things() -> None:
    files = [*EXAMPLE.glob("*.ttl")]
    assert files
    for path in files:
        for quad in pyoxigraph.parse(path=str(path), format=RdfFormat.TURTLE):
            assert str(quad.subject).startswith(f"<{SPACE}"), quad


def test_the_example_is_not_loaded_by_default(shipped: Project) -> None:
    configuration = read_configuration(ROOT)
    assert configuration.datasets == ()
    graphs = load_dataset(ROOT, configuration).graphs
    assert not any(SPACE in str(triple) for graph in graphs.values() for triple in graph)


def test_a_file_with_a_figure_twice_is_refused_by_the_cubes_constraints(
    structured: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "twice.rq"
    text = (EXAMPLE / "crim_off_cat.rq").read_text(encoding="utf-8")
    mapping.write_text(
        text.replace('?geo, "/", ?TIME', "?geo, ?OBS_VALUE, ?TIME"), encoding="utf-8"
    )
    table = tmp_path / "twice.tsv"
    row = "A,ICCS07041,NR,IT\t{} \n"
    table.write_text(
        "freq,iccs,unit,geo\\TIME_PERIOD\t2011 \n" + row.format(1) + row.format(2), encoding="utf-8"
    )
    with pytest.raises(DatasetError, match="the same value in every dimension"):
        added(structured, "twice", table, mapping)


PREFIXES = (
    f"PREFIX qb: <{CUBE}> PREFIX cube: <{SPACE}structure#> PREFIX skos: "
    "<http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
ONE = "?o a qb:Observation ; cube:country ?c ; cube:period ?y "
BROKEN = {
    "ic-01": f"INSERT {{ ?o qb:dataSet <a:other> }} WHERE {{ {ONE} }}",
    "ic-02": "DELETE { ?d qb:structure ?s } WHERE { ?d qb:structure ?s }",
    "ic-03": "DELETE { cube:value a qb:MeasureProperty } WHERE {}",
    "ic-04": "DELETE { cube:country rdfs:range ?r } WHERE { cube:country rdfs:range ?r }",
    "ic-05": "DELETE { cube:offence qb:codeList ?l } WHERE { cube:offence qb:codeList ?l }",
    "ic-06": "INSERT { cube:component-unit qb:componentRequired false } WHERE {}",
    "ic-11": f"DELETE {{ ?o cube:country ?c }} WHERE {{ {ONE} }}",
    "ic-12": "INSERT { <a:twin> ?p ?v } WHERE { "
    f"{{ SELECT ?o {{ {ONE} }} LIMIT 1 }} ?o ?p ?v }}",
    "ic-13": "DELETE { ?o cube:figures ?f } WHERE { ?o cube:figures ?f }",
    "ic-14": "DELETE { ?o cube:value ?v } WHERE { ?o cube:value ?v }",
    "ic-19": "DELETE { ?c skos:inScheme ?s } WHERE { ?c skos:inScheme ?s }",
}


@pytest.fixture
def cube(example: tuple[Project, Added]) -> Store:
    """The structure and the observations of one country, in a store to be broken."""
    store, graphs = Store(), example[0].dataset.graphs
    triples = [*graphs[f"{SPACE}graph/structure"], *graphs[f"{SPACE}graph/figures"]]
    kept = {t.subject for t in triples if str(t.object).endswith("/actor/italy>")}
    for triple in triples:
        if "/observation/" not in str(triple.subject) or triple.subject in kept:
            store.add(pyoxigraph.Quad(*triple))
    return store


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.stem)
def test_each_constraint_is_false_of_the_example_and_true_when_it_is_broken(
    path: Path, cube: Store
) -> None:
    text = path.read_text(encoding="utf-8")
    assert not cube.query(text)
    cube.update(PREFIXES + BROKEN[path.stem[:5]])
    assert cube.query(text)
