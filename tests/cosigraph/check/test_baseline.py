# SPDX-License-Identifier: Apache-2.0
"""Findings that are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosigraph.check import check_project
from cosigraph.check.baseline import baseline_of, read_baseline, without_known
from cosigraph.check.findings import Severity
from cosigraph.check.selection import Selection, select
from cosigraph.errors import UsageError
from tests.cosigraph.check.test_fingerprints import with_findings

ALL = Selection()


@pytest.fixture
def known(folder: Path) -> Path:
    """A baseline of the findings that the folder has from now on."""
    with_findings(folder)
    path = folder.parent / "known.json"
    report = check_project(folder)
    path.write_text(baseline_of(report.findings, folder), encoding="utf-8")
    return path


def test_what_is_known_neither_counts_nor_fails(folder: Path, known: Path) -> None:
    report = check_project(folder)
    rest = without_known(report, read_baseline(known), ALL)
    assert rest.findings == ()
    assert rest.known == report.findings
    assert not rest.fails(Severity.INFO)
    assert rest.notes == ()


def test_a_baseline_is_sorted_and_has_a_line_for_each_finding(folder: Path, known: Path) -> None:
    text = known.read_text(encoding="utf-8")
    entries = json.loads(text)["findings"]
    assert len(text.splitlines()) == len(entries) + 5
    assert [one["rule"] for one in entries] == sorted(one["rule"] for one in entries)
    assert entries[0]["file"] == "data/trees.ttl"
    assert str(folder) not in "".join(one["file"] for one in entries)


def test_a_baseline_of_nothing_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(baseline_of([], tmp_path), encoding="utf-8")
    assert read_baseline(path) == ()


def test_what_is_new_beside_what_is_known_is_found(folder: Path, known: Path) -> None:
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "tree:4 orch:x 'y'^^xsd:date .\n")
    rest = without_known(check_project(folder), read_baseline(known), ALL)
    assert [finding.rule for finding in rest.findings] == ["terms/undefined", "syntax/literal"]


def test_what_no_longer_occurs_is_told_so_that_the_file_shrinks(folder: Path, known: Path) -> None:
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("'five'^^xsd:integer", "5 "))
    rest = without_known(check_project(folder), read_baseline(known), ALL)
    *gone, advice = rest.notes
    # Of what is found of no node, the line is a part.
    assert {note.split()[2] for note in gone} == {
        "syntax/literal",
        "identifiers/blank-node",
        "terms/undefined",
    }
    assert all("in data/trees.ttl no longer occurs" in note for note in gone)
    assert "--write-baseline" in advice


def test_what_was_not_looked_for_is_not_told_as_gone(folder: Path, known: Path) -> None:
    selection = select(["queries/*"])
    report = check_project(folder, selection=selection)
    assert without_known(report, read_baseline(known), selection).notes == ()
    (folder / "data" / "tasting.ttl").write_text("tree:1", encoding="utf-8")
    assert without_known(check_project(folder), read_baseline(known), ALL).notes == ()


@pytest.mark.parametrize(
    "content",
    [
        *("", "{}", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [1]}'),
        "[" * 200_000,
    ],
    ids=range(6),
)
def test_a_file_that_is_no_baseline_is_told_with_its_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "known.json"
    with pytest.raises(UsageError, match=r"known\.json: The baseline cannot be read"):
        read_baseline(path)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"known\.json: The file is no baseline"):
        read_baseline(path)


def test_a_baseline_that_never_ends_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "known.json").symlink_to("/dev/zero")
    with pytest.raises(UsageError, match=r"known\.json: The baseline cannot be read: This is no"):
        read_baseline(tmp_path / "known.json")
