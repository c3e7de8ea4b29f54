# SPDX-License-Identifier: Apache-2.0
"""What is published beside the code is that of this version and its readings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from cosigraph import open_project
from tests.documentation.documents import run


def test_citation_and_changelog_tell_the_version(root: Path) -> None:
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((root / "CITATION.cff").read_text())["version"] == version
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text()


def test_the_published_agreement_is_that_of_the_readings(root: Path, tmp_path: Path) -> None:
    table = run("cosigraph agreement first second --format markdown", tmp_path)
    assert table in (root / "docs" / "agreement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reading", ["first", "second", "settled"])
def test_the_published_tables_are_those_of_the_readings(root: Path, reading: str) -> None:
    project = open_project(root, reading=None if reading == "settled" else reading)
    tables = {
        "shared-goals": project.run("shared-goal-evidence", strength="arguable"),
        "themes": project.run("goals-by-theme"),
        "mentions": project.run("mentions"),
    }
    for name, table in tables.items():
        published = (root / "docs" / "readings" / f"{reading}-{name}.csv").read_bytes().decode()
        assert published.splitlines() == table.to_csv().splitlines(), name
