# SPDX-License-Identifier: Apache-2.0
"""Running canned queries, on a project about something else entirely."""

from __future__ import annotations

import csv
import datetime
import shutil
from pathlib import Path

import pytest

from cosigraph.errors import (
    ParameterValueError,
    QueryFileError,
    UnknownParameterError,
)
from cosigraph.project import Project, open_project
from cosigraph.running import bound_text, expected_cases, find_parameter, run_canned
from cosigraph.table import Table

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"


@pytest.fixture(scope="module")
def orchard() -> Project:
    return open_project(ORCHARD)


def run(project: Project, name: str, **parameters: object) -> Table:
    return run_canned(
        project.queries[name], parameters, project.resolver, project.store, project.surroundings
    )


def codes(table: Table) -> list[object]:
    return [row.code for row in table]


@pytest.mark.parametrize("name", ["trees", "varieties"])
def test_every_expected_answer_is_given(orchard: Project, name: str) -> None:
    query = orchard.queries[name]
    for case in expected_cases(query):
        table = run(orchard, name, **case.parameters)
        with case.path.open(encoding="utf-8", newline="") as file:
            expected = [tuple(row) for row in csv.reader(file)]
        assert [table.column_names, *table.texts()] == expected


def test_an_answer_carries_the_version_of_the_dataset(orchard: Project) -> None:
    assert run(orchard, "trees").version == orchard.version


def test_parameters_are_python_values_or_what_people_type(orchard: Project) -> None:
    old = ["T-1", "T-3"]
    day = datetime.date(1990, 1, 1)
    assert codes(run(orchard, "trees", variety="B", planted_before=day)) == ["T-1"]
    both = {"variety": ["belle de boskoop", "variety:russet"]}
    assert codes(run(orchard, "trees", **both, planted_before=day)) == old
    assert codes(run(orchard, "trees", **both, **{"planted-before": "1990-01-01"})) == old


def test_none_is_as_good_as_leaving_a_parameter_out(orchard: Project) -> None:
    assert len(run(orchard, "trees", variety=None, planted_before=None)) == 8


def test_a_parameter_is_found_with_hyphens_or_underscores(orchard: Project) -> None:
    query = orchard.queries["trees"]
    assert find_parameter(query, "planted_before") is find_parameter(query, "planted-before")


def test_an_unknown_parameter_is_told_with_those_there_are(orchard: Project) -> None:
    with pytest.raises(UnknownParameterError) as caught:
        run(orchard, "trees", varety="B")
    assert str(caught.value) == (
        "The query 'trees' has no parameter 'varety'. "
        "Did you mean 'variety'? Its parameters: variety, planted-before."
    )


def test_a_parameter_in_two_spellings_is_refused(orchard: Project) -> None:
    with pytest.raises(UnknownParameterError, match="'planted-before' is given in two spellings"):
        run(orchard, "trees", planted_before="1990-01-01", **{"planted-before": "1990-01-01"})


def test_wrong_values_are_told_with_the_parameter(orchard: Project) -> None:
    with pytest.raises(ParameterValueError, match=r"'soon' .* 'planted-before'.*2011-10-21"):
        run(orchard, "trees", planted_before="soon")
    with pytest.raises(ParameterValueError, match="Did you mean 'Conference'"):
        run(orchard, "trees", variety="Conferance")
    with pytest.raises(ParameterValueError, match="'variety' was given no value"):
        run(orchard, "trees", variety=[])
    with pytest.raises(ParameterValueError, match="'species' takes one value, not 2"):
        run(orchard, "varieties", species=["apple", "pear"])


def test_the_bound_text_is_a_query_of_its_own(orchard: Project) -> None:
    text = bound_text(orchard.queries["varieties"], {"species": "plum"}, orchard.resolver)
    assert "VALUES ?p_species { <https://orchard.example/id/species/plum> }" in text
    assert len(orchard.query(text).rows()) == 3


def test_another_reading_answers_from_its_own_graph() -> None:
    second = open_project(ORCHARD, reading="second")
    flavours = {row.code: row.flavours for row in run(second, "trees")}
    assert flavours["T-1"] == ("sharp",)
    assert flavours["T-8"] == ("tart",)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "orchard"
    shutil.copytree(ORCHARD, folder)
    return folder


def cases_of(folder: Path, name: str) -> list[str]:
    return [case.name for case in expected_cases(open_project(folder).queries[name])]


def test_the_cases_are_the_default_and_the_examples(copy: Path) -> None:
    assert cases_of(copy, "trees") == ["", "pears", "old-apples"]


@pytest.mark.parametrize("file", ["trees.csv", "trees.pears.csv"])
def test_an_expected_answer_that_is_missing_is_told(copy: Path, file: str) -> None:
    (copy / "queries" / file).unlink()
    with pytest.raises(QueryFileError, match=rf"trees\.rq:1:1: .*answer {file} is missing"):
        cases_of(copy, "trees")


def test_an_answer_of_no_case_is_told(copy: Path) -> None:
    (copy / "queries" / "trees.plums.csv").write_text("tree\n")
    with pytest.raises(QueryFileError, match=r"trees\.plums\.csv is the expected answer of no"):
        cases_of(copy, "trees")


def test_a_query_that_needs_a_parameter_has_no_default_case(copy: Path) -> None:
    path = copy / "queries" / "varieties.rq"
    path.write_text(path.read_text().replace("type: iri", "type: iri\n#+     required: true", 1))
    with pytest.raises(QueryFileError, match=r"varieties\.csv is the expected answer of no case"):
        cases_of(copy, "varieties")
    (copy / "queries" / "varieties.csv").unlink()
    assert cases_of(copy, "varieties") == ["plums"]
    with pytest.raises(ParameterValueError, match="needs the parameter 'species'"):
        run(open_project(copy), "varieties")
