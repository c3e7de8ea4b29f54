# SPDX-License-Identifier: Apache-2.0
"""``cosigraph format`` writes, checks or shows, and says what it did by its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.command_line import main

ROUGH = "<urn:b>   a <urn:T> . # kept\n"
SMOOTH = "<urn:b> a <urn:T> . # kept\n"


@pytest.fixture
def rough(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "a.ttl"
    path.parent.mkdir()
    path.write_text(ROUGH)
    (path.parent / "b.nt").write_text("<urn:b> <urn:p> <urn:o> .\n<urn:a> <urn:p> <urn:o> .\n")
    (path.parent / "c.rdf").write_text("<no-xml")
    return path


def test_files_are_written(rough: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", str(rough)]) == 0
    assert rough.read_text() == SMOOTH
    assert capsys.readouterr().out == f"{rough} changed.\n"
    assert main(["format", str(rough)]) == 0
    assert capsys.readouterr().out == ""


def test_check_names_files_and_writes_nothing(
    rough: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["format", "--check", str(rough.parent)]) == 1
    assert rough.read_text() == ROUGH
    out = capsys.readouterr().out
    assert out == f"{rough} would change.\n{rough.parent / 'b.nt'} would change.\n"


def test_diff_shows_what_would_change(rough: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "--diff", str(rough)]) == 0
    assert rough.read_text() == ROUGH
    assert capsys.readouterr().out.splitlines()[-2:] == [f"-{ROUGH[:-1]}", f"+{SMOOTH[:-1]}"]
    assert main(["format", "--diff", "--check", str(rough)]) == 1


def test_without_files_those_of_the_project_are_formatted(tmp_path: Path, rough: Path) -> None:
    rough.with_name("c.rdf").unlink()
    assert main(["format", "--project", str(tmp_path)]) == 0
    assert rough.read_text() == SMOOTH
    assert rough.with_name("b.nt").read_text().startswith("<urn:a>")


def test_a_file_with_an_error_stays_and_the_others_are_formatted(
    rough: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [rough.with_name(name) for name in ("0.ttl", "1.ttl")]
    for path in broken:
        path.write_text("<urn:a> .")
    assert main(["format", str(rough.parent)]) == 3
    assert rough.read_text() == SMOOTH
    assert [path.read_text() for path in broken] == ["<urn:a> ."] * 2
    err = capsys.readouterr().err
    assert all(f"{path}:1:9: " in err for path in broken)


def test_a_file_of_another_format_is_a_wrong_call(
    rough: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["format", str(rough.with_name("c.rdf"))]) == 2
    assert "Known: .ttl, .trig, .nt, .nq." in capsys.readouterr().err
