# SPDX-License-Identifier: Apache-2.0
"""``cosigraph run``: each parameter of a canned query is an option."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cosigraph.command_line.conftest import ORCHARD, Call


def test_the_csv_is_the_expected_answer(call: Call) -> None:
    expected = (ORCHARD / "queries" / "trees.csv").read_bytes().decode().splitlines()
    assert call("run", "trees", "--format", "csv").output.splitlines() == expected


def test_options_bind_parameters_and_may_be_repeated(call: Call) -> None:
    outcome = call(
        *("run", "trees", "--variety", "B", "--variety", "Egremont Russet"),
        *("--planted-before=1990-01-01", "--format", "csv"),
    )
    expected = (ORCHARD / "queries" / "trees.old-apples.csv").read_bytes().decode()
    assert outcome.output.splitlines() == expected.splitlines()


def test_the_table_is_for_people(call: Call) -> None:
    assert call("run", "varieties", "--species", "plum").output == (
        "variety               code  names                              trees\n"
        "variety:reine-claude  G     Greengage; Reine-Claude; Reneklode  2\n"
    ).replace(
        "names                              trees", "names                               trees"
    )


def test_long_gives_one_value_in_each_cell(call: Call) -> None:
    outcome = call("run", "varieties", "--species", "plum", "--long", "--format", "csv")
    assert len(outcome.output.splitlines()) == 4


@pytest.mark.parametrize("name", ["table", "csv", "tsv", "json", "xml"])
def test_every_format_is_there(call: Call, name: str) -> None:
    outcome = call("run", "varieties", "--format", name)
    assert outcome.code == 0
    assert "Conference" in outcome.output
    assert outcome.output.endswith("\n")


def test_a_reading_can_be_chosen(call: Call) -> None:
    assert "tart" not in call("run", "trees").output
    assert "tart" in call("run", "trees", "--reading", "second").output


def test_help_explains_the_parameters_of_the_query(call: Call) -> None:
    outcome = call("run", "trees", "--help")
    assert outcome.code == 0
    words = " ".join(outcome.output.split())
    assert "Usage: cosigraph run trees" in words
    assert "--variety IRI Only trees of these varieties. May be given several times." in words
    assert "One of: B, C, G, R." in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "The name of a query is missing."),
        (["--variety"], "The name of a query is missing."),
        (["tres"], "There is no query 'tres'. Did you mean 'trees'?"),
        (["trees", "--varety", "B"], "no parameter 'varety'. Did you mean 'variety'?"),
        (["trees", "--varety=B"], "no parameter 'varety'. Did you mean 'variety'?"),
        (["trees", "--variety", "Q"], "'Q' is none of the choices"),
        (["trees", "--planted-before", "soon"], "'soon' is no value"),
        (
            ["trees", "--planted-before", "2000-01-01", "--planted-before", "2001-01-01"],
            "one value",
        ),
        (["trees", "--variety"], "--variety"),
        (["trees", "pears"], "unexpected extra argument"),
        (["trees", "--format", "xls"], "'xls' is not one of"),
        (["trees", "--reading", "third"], "There is no reading 'third'."),
    ],
)
def test_a_mistake_is_one_clear_line(call: Call, arguments: list[str], message: str) -> None:
    outcome = call("run", *arguments)
    assert outcome.code == 2
    assert outcome.output == ""
    (line,) = outcome.errors.splitlines()
    assert message in line


def test_a_parameter_may_be_called_by_a_python_keyword(call: Call, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    path = folder / "queries" / "varieties.rq"
    text = path.read_text(encoding="utf-8")
    text = text.replace("  species:", "  class:").replace("p_species", "p_class")
    path.write_text(text.replace("{species: plum}", "{class: plum}"), encoding="utf-8")
    outcome = call("run", "varieties", "--class", "pear", "--format", "csv", project=folder)
    assert outcome.code == 0
    assert len(outcome.output.splitlines()) == 2
