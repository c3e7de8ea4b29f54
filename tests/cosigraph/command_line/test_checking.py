# SPDX-License-Identifier: Apache-2.0
"""``cosigraph check``: exit codes and forms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cosigraph.command_line.conftest import ORCHARD, Call


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
