# SPDX-License-Identifier: Apache-2.0
"""``cosigraph check``: exit codes and forms."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cosigraph.check.reports import WRITERS
from cosigraph.command_line.checking import ReportFormat
from cosigraph.report_formats import MEDIA_TYPES
from tests.cosigraph.command_line.conftest import ORCHARD, Call
from tests.repositories import repository_of_the_orchard


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    """Return a project with one warning."""
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    shutil.rmtree(folder / "queries")
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("7.25", "72.5"), encoding="utf-8")
    return folder


def test_a_clean_project_exits_with_0(call: Call) -> None:
    outcome = call("check")
    assert (outcome.code, outcome.errors) == (0, "")
    assert outcome.output == "No findings: 5 files, 5 shapes, 2 queries, 5 answers checked.\n"


@pytest.mark.parametrize(
    ("threshold", "code"), [("info", 1), ("warning", 1), ("violation", 0), ("never", 0)]
)
def test_the_threshold_decides_the_exit_code(
    call: Call, warned: Path, threshold: str, code: int
) -> None:
    assert call("check", "--fail-on", threshold, project=warned).code == code


def test_warnings_fail_unless_said_otherwise(call: Call, warned: Path) -> None:
    outcome = call("check", project=warned)
    assert outcome.code == 1
    assert "trees.ttl:33:17: warning: " in outcome.output
    assert outcome.output.splitlines()[-1].startswith("1 finding: 1 warning; ")


def test_json_is_for_programs(call: Call, warned: Path) -> None:
    content = json.loads(call("check", "--format", "json", project=warned).output)
    assert content["counts"]["warning"] == 1


def test_a_syntax_error_is_a_finding(call: Call, warned: Path) -> None:
    (warned / "data" / "tasting.ttl").write_text("tree:1", encoding="utf-8")
    outcome = call("check", project=warned)
    assert outcome.code == 1
    assert "tasting.ttl:1:1: violation: " in outcome.output
    assert "Not checked: " in outcome.output


def test_several_formats_go_each_to_its_output_in_order(
    call: Call, warned: Path, tmp_path: Path
) -> None:
    sarif, junit = tmp_path / "a.sarif", tmp_path / "b.xml"
    outcome = call(
        *("check", "--format", "sarif", "--output", str(sarif)),
        *("--format", "junit", "--output", str(junit), "--format", "text"),
        project=warned,
    )
    assert outcome.code == 1
    assert outcome.output.splitlines()[-1].startswith("1 finding")
    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert junit.read_text(encoding="utf-8").startswith("<?xml")


def test_formats_and_outputs_that_do_not_come_out_are_refused(call: Call, tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    for options in (
        ["--output", path, "--output", path],
        ["--format", "json", "--format", "text"],
    ):
        outcome = call("check", *options)
        assert outcome.code == 2
        assert "same order" in outcome.errors
    assert not (tmp_path / "x").exists()


def test_two_formats_are_not_written_over_each_other(call: Call, tmp_path: Path) -> None:
    outputs = ["--output", str(tmp_path / "x"), "--output", f"{tmp_path}/./x"]
    outcome = call("check", "--format", "json", "--format", "sarif", *outputs)
    assert outcome.code == 2
    assert "the same output" in outcome.errors
    assert not (tmp_path / "x").exists()


def test_every_format_of_a_report_can_be_had(call: Call, warned: Path) -> None:
    assert {form.value for form in ReportFormat} == set(MEDIA_TYPES) == set(WRITERS)
    for form in ReportFormat:
        outcome = call("check", "--format", form.value, project=warned)
        assert outcome.code == 1
        assert "max-inclusive" in outcome.output


def test_rules_are_selected_by_patterns(call: Call, warned: Path) -> None:
    assert call("check", "--rule", "syntax/*", project=warned).code == 0
    assert call("check", "--ignore", "shacl/max-*", project=warned).code == 0
    assert call("check", "--rule", "shacl/*", project=warned).code == 1
    outcome = call("check", "--rule", "syntax/litteral", project=warned)
    assert (outcome.code, "syntax/literal" in outcome.errors) == (2, True)


def test_a_baseline_is_written_read_and_shrinks(call: Call, warned: Path, tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    assert call("check", "--write-baseline", known, project=warned).code == 0
    outcome = call("check", "--baseline", known, project=warned)
    assert outcome.code == 0
    assert outcome.output.startswith("No findings, 1 known: ")
    path = warned / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("72.5", "7.25"), encoding="utf-8")
    outcome = call("check", "--baseline", known, project=warned)
    assert outcome.code == 0
    assert "no longer occurs" in outcome.output
    assert call("check", "--baseline", str(tmp_path / "none"), project=warned).code == 2


def test_a_baseline_may_be_renewed_in_the_call_that_reads_it(
    call: Call, warned: Path, tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    call("check", "--write-baseline", str(known), project=warned)
    before = known.read_text(encoding="utf-8")
    call("check", "--baseline", str(known), "--write-baseline", str(known), project=warned)
    assert known.read_text(encoding="utf-8") == before
    both = call("check", "--changed", "HEAD", "--write-baseline", str(known), project=warned)
    assert both.code == 2


def test_only_what_changed_is_told(call: Call, tmp_path: Path) -> None:
    repository = repository_of_the_orchard(tmp_path / "repository")
    repository.edit("data/trees.ttl", "7.25", "72.5")
    repository.commit()
    repository.edit("data/trees.ttl", "5.5", "55.5")
    folder = repository.folder
    told = call("check", "--rule", "shacl/*", "--changed", "HEAD", project=folder)
    assert told.code == 1
    assert "focus node tree:2" in told.output
    assert "focus node tree:1" not in told.output
    assert "1 finding was there before HEAD" in told.output
    assert call("check", "--changed", "nowhere", project=folder).code == 2
    assert call("check", "--changed", "HEAD", project=warned_elsewhere(tmp_path)).code == 3


def warned_elsewhere(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ORCHARD, tmp_path / "in no repository"))


def test_a_review_is_one_comment(call: Call, tmp_path: Path) -> None:
    repository = repository_of_the_orchard(tmp_path / "repository")
    repository.edit("data/trees.ttl", "5.5", "55.5")
    difference = tmp_path / "difference.md"
    difference.write_text("- a *difference*\n", encoding="utf-8")
    options = ["--base", "HEAD", "--difference", str(difference)]
    outcome = call("review", *options, project=repository.folder)
    assert outcome.code == 0
    assert outcome.output.startswith("<!-- cosigraph review: orchard -->")
    assert "shacl/max-inclusive" in outcome.output
    assert "<code>trees</code>: 1 row less, 1 row more" in outcome.output
    assert "- a *difference*" in outcome.output
    missing = call("review", "--base", "HEAD", "--difference", "none", project=repository.folder)
    assert missing.code == 2


def test_a_terminal_gets_colours_unless_they_are_not_wanted(
    warned: Path,
) -> None:
    command = [sys.executable, "-m", "cosigraph", "check", "--project", str(warned)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    coloured = on_terminal(command, environment)
    assert b"\x1b[1;33mwarning" in coloured
    plain = on_terminal(command, {**environment, "NO_COLOR": "1"})
    assert b"\x1b[1;33m" not in plain
    assert b": warning: " in plain


def on_terminal(command: list[str], environment: dict[str, str]) -> bytes:
    """What a command writes where its output is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=environment, stdout=theirs, stderr=subprocess.DEVNULL):
        os.close(theirs)
        written = b""
        with contextlib.suppress(OSError):  # the terminal is gone with the command
            while piece := os.read(ours, 65536):
                written += piece
        os.close(ours)
    return written
