# SPDX-License-Identifier: Apache-2.0
"""``add`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph import open_project
from tests.cosigraph.adding.beside import GRAPH, LICENCE, MAPPING, PRICES, TABLE, contents, orchard
from tests.cosigraph.command_line.conftest import Call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return orchard(tmp_path)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.ttl"
    path.write_text(PRICES, encoding="utf-8")
    return path


ABOUT = ("--graph", GRAPH, "--title", "Prices", "--licence", LICENCE)


def test_a_dataset_is_added_and_can_be_asked(call: Call, folder: Path, prices: Path) -> None:
    outcome = call("add", str(prices), *ABOUT, project=folder)
    assert outcome.code == 0
    assert "info: Nothing is known of the namespace https://neighbour.example/" in outcome.errors
    assert outcome.output == "4 statements are in data/added/prices.nt.\n"
    (declared,) = open_project(folder).configuration.datasets
    assert declared.source == "prices.ttl"  # no path of this machine
    assert str(prices.parent) not in (folder / declared.about).read_text(encoding="utf-8")


def test_a_graph_may_be_named_behind_the_projects_base(
    call: Call, folder: Path, prices: Path
) -> None:
    about = ("--graph", "prices/2026", *ABOUT[2:])
    assert call("add", str(prices), *about, project=folder).code == 0
    assert "https://orchard.example/graph/prices/2026" in open_project(folder).dataset.graphs


def test_rows_of_which_nothing_is_made_are_told(call: Call, folder: Path) -> None:
    table, mapping = folder / "prices.csv", folder / "prices.rq"
    table.write_text(TABLE, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    options = ("--mapping", str(mapping))
    outcome = call("add", str(table), *options, *ABOUT, project=folder)
    assert outcome.output == "4 statements of 3 rows are in data/added/prices.nt.\n"
    assert outcome.errors.endswith("mapping makes nothing: 4\n")
    assert "1 line" in outcome.errors
    table.write_text(TABLE + "C,2.00\n", encoding="utf-8")
    assert call("add", "--renew", project=folder).code == 3  # another digest than before
    assert call("add", project=folder).errors == "There is no [[dataset]] that is to be made.\n"


def test_a_violation_is_told_and_the_folder_is_as_it_was(
    call: Call, folder: Path, prices: Path
) -> None:
    with prices.open("a", encoding="utf-8") as file:
        file.write("<https://neighbour.example/t> a <https://orchard.example/ontology#Tree> .\n")
    before = contents(folder)
    outcome = call("add", str(prices), *ABOUT, project=folder)
    assert outcome.code == 3
    assert "violation: A tree has one code of the form T-1." in outcome.errors
    assert "https://neighbour.example/t" in outcome.errors
    assert "cosigraph: The dataset is refused: 3 violations" in outcome.errors
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.ttl",), "--graph and --title and --licence must be given"),
        (("--graph", GRAPH), "The source is missing"),
        (("a.ttl", "--renew", *ABOUT), "With --renew, no source is given"),
    ],
)
def test_a_wrong_call_is_told(
    arguments: tuple[str, ...], told: str, call: Call, folder: Path
) -> None:
    outcome = call("add", *arguments, project=folder)
    assert outcome.code == 2
    assert told in outcome.errors


def test_the_folder_that_ships_is_not_added_to(call: Call, prices: Path) -> None:
    outcome = call("add", str(prices), *ABOUT, project=None)
    assert outcome.code == 2
    assert "Name one of your own with --project" in outcome.errors


def test_a_file_that_is_not_there_is_told(call: Call, folder: Path) -> None:
    outcome = call("add", "nowhere.ttl", *ABOUT, project=folder)
    assert outcome.code == 3
    assert "nowhere.ttl: The file cannot be read: No such file" in outcome.errors
