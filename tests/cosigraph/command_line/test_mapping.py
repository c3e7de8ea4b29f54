# SPDX-License-Identifier: Apache-2.0
"""``cosigraph mappings``: listed, filtered and written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cosigraph.mappings import read_sssom
from tests.cosigraph.command_line.conftest import Call
from tests.cosigraph.mappings.conftest import sssom


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "trees.sssom.tsv").write_text(sssom(), encoding="utf-8")
    (data / "candidates.sssom.tsv").write_text(
        sssom().replace("register:7", "register:9"), encoding="utf-8"
    )
    return tmp_path


def test_mappings_are_listed_in_a_plain_table(call: Call, folder: Path) -> None:
    lines = call("mappings", project=folder).output.splitlines()
    assert lines[0].split()[:3] == ["subject", "predicate", "target"]
    assert lines[1].split() == ["tree:apple", "skos:exactMatch", "register:7", "Apple", "0.9"]
    assert len(lines) == 4


def test_filters_narrow_the_list(call: Call, folder: Path) -> None:
    options = ("--subject", "apple", "--predicate", "exactMatch", "--min-confidence", "0.8")
    lines = call("mappings", *options, "--target", "register", project=folder).output.splitlines()
    assert len(lines) == 2


def test_candidates_are_listed_apart(call: Call, folder: Path) -> None:
    output = call("mappings", "--candidates", project=folder).output
    assert "register:9" in output
    assert "register:7" not in output


def test_sssom_is_written_that_is_read_again(call: Call, folder: Path) -> None:
    output = call("mappings", "--format", "sssom", project=folder).output
    assert output == sssom()
    assert len(read_sssom(output, folder).mappings) == 3


def test_csv_has_the_identifiers_spelt_out(call: Call, folder: Path) -> None:
    output = call("mappings", "--format", "csv", project=folder).output
    first, *_ = csv.DictReader(io.StringIO(output))
    assert first["object"] == "https://register.example/7"
    assert first["object_id"] == "register:7"


def test_turtle_is_written(call: Call, folder: Path) -> None:
    output = call("mappings", "--format", "turtle", project=folder).output
    assert "tree:apple skos:broadMatch register:1 ;\n" in output


def test_candidates_do_not_become_a_graph(call: Call, folder: Path) -> None:
    outcome = call("mappings", "--candidates", "--format", "turtle", project=folder)
    assert outcome.code == 2
    assert "Candidates are not written as RDF." in outcome.errors


def test_an_unknown_name_is_told_with_the_nearest(call: Call, folder: Path) -> None:
    outcome = call("mappings", "--target", "registry", project=folder)
    assert outcome.code == 2
    assert "Did you mean 'register'?" in outcome.errors


def test_a_file_that_is_wrong_is_told_with_its_line(call: Call, folder: Path) -> None:
    path = folder / "data" / "trees.sssom.tsv"
    path.write_text(sssom() + "tree:plum\n", encoding="utf-8")
    outcome = call("mappings", project=folder)
    assert outcome.code == 3
    assert f"{path}:16: The row has 1 cells" in outcome.errors


def test_the_shipped_folder_has_mappings(call: Call) -> None:
    lines = call("mappings", "--subject", "Frontex", project=None).output.splitlines()
    assert [line.split()[2] for line in lines[1:]] == [
        "corporate-body:FRONTEX",
        "eurovoc:8439",
        "wikidata:Q21786841",
    ]
