# SPDX-License-Identifier: Apache-2.0
"""The wheel holds all that is needed, works outside the checkout, and adds no generic name."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import cosigraph
from cosigraph.terms import to_python

PICTURED_QUERY = "goals-shared-across-priorities"


def run(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    """Return what a command prints; fails with its error output."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    result = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=root)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_adds_no_generic_top_level_name(wheel: Path) -> None:
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {
        "cosigraph",
        "cosigraph_api",
    }


def test_the_wheel_holds_every_content_file_and_page(wheel: Path, root: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    content = {
        f"cosigraph/shipped/{path.relative_to(root).as_posix()}"
        for folder in ("ontology", "data", "shapes", "queries")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    pages = {
        f"cosigraph_api/{path.relative_to(root / 'api/cosigraph_api').as_posix()}"
        for folder in ("templates", "static")
        for path in (root / "api" / "cosigraph_api" / folder).rglob("*")
        if path.is_file()
    }
    assert content
    assert pages
    assert content | pages | {"cosigraph/shipped/cosigraph.toml", "cosigraph/py.typed"} <= held


def test_the_wheel_answers_outside_the_checkout(wheel: Path, root: Path, tmp_path: Path) -> None:
    target = tmp_path / "packages"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
        *("--target", target, wheel),
        cwd=elsewhere,
    )
    program = (
        "import cosigraph, cosigraph.command_line as c; "
        f"assert cosigraph.__file__.startswith({str(target)!r}); "
        f"import sys; sys.argv[1:] = ['run', {PICTURED_QUERY!r}, '--format', 'csv']; c.main()"
    )
    printed = run(sys.executable, "-c", program, cwd=elsewhere, PYTHONPATH=str(target))
    expected = (root / "queries" / f"{PICTURED_QUERY}.csv").read_text(encoding="utf-8")
    assert printed.splitlines() == expected.splitlines()


@pytest.mark.long
def test_the_wheel_installs_into_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "environment", with_pip=True)
    binaries = tmp_path / "environment" / "bin"
    run(binaries / "pip", "install", "--quiet", wheel, cwd=tmp_path)
    printed = run(binaries / "cosigraph", "run", PICTURED_QUERY, cwd=tmp_path)
    assert "sharedGoal" in printed
    installed = run(
        *(binaries / "python", "-c", "import cosigraph_api, cosigraph; print(cosigraph.__file__)"),
        cwd=tmp_path,
    )
    assert str(tmp_path) in installed


def test_one_version_is_told_everywhere(root: Path) -> None:
    package = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    project = cosigraph.open_project(root)
    ontology = project.query(
        "SELECT ?version { ?ontology a owl:Ontology ; owl:versionInfo ?version }"
    ).rows()
    catalogue = project.query("SELECT ?version { ?dataset dcat:version ?version }").rows()
    told = {
        "cosigraph.toml": project.configuration.version,
        "ontology": [to_python(version) for (version,) in ontology if version],
        "catalogue": [to_python(version) for (version,) in catalogue if version],
        "CITATION.cff": next(
            line.split()[1]
            for line in (root / "CITATION.cff").read_text().splitlines()
            if line.startswith("version:")
        ),
    }
    assert told == {**dict.fromkeys(told, package), "ontology": [package], "catalogue": [package]}
