# SPDX-License-Identifier: Apache-2.0
"""The documentation is true: its examples run, and nothing that exists is undocumented."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
import yaml

from cosigraph import Project, errors
from cosigraph.command_line import application
from cosigraph.configuration import KEYS
from tests.serving import running_server

BINARIES = Path(sys.executable).parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
DOCUMENTS = ["README.md", *sorted(f"docs/{path.name}" for path in Path("docs").glob("*.md"))]
LOCAL = "http://127.0.0.1:8000"


def blocks(root: Path, document: str, language: str) -> list[str]:
    text = (root / document).read_text(encoding="utf-8")
    return [body for name, body in FENCE.findall(text) if name == language]


def shell_lines(root: Path, document: str, program: str) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in blocks(root, document, "sh")
        for line in block.splitlines()
        if line.startswith(f"{program} ")
    ]


def run(line: str, cwd: Path) -> str:
    environment = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    result = subprocess.run(
        shlex.split(line), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{line}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_a_document_shows_run(document: str, root: Path, tmp_path: Path) -> None:
    for line in shell_lines(root, document, "cosigraph"):
        if not line.startswith("cosigraph serve"):
            run(line, tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_requests_that_a_document_shows_are_answered(
    document: str, root: Path, tmp_path: Path, address: str
) -> None:
    for line in shell_lines(root, document, "curl"):
        assert run(line.replace(LOCAL, address).replace("curl", "curl -sSf", 1), tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_that_a_document_shows_runs(document: str, root: Path) -> None:
    for block in blocks(root, document, "python"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block, document, "exec"), {})
        assert printed.getvalue()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_sparql_that_a_document_shows_has_an_answer(
    document: str, root: Path, shipped: Project
) -> None:
    for block in blocks(root, document, "sparql"):
        if not block.startswith("#+"):
            assert shipped.query(block).rows(), block


def test_the_five_ways_to_ask_give_the_same_answer(
    root: Path, tmp_path: Path, address: str, shipped: Project
) -> None:
    expected = shipped.run("goals-shared-across-priorities", minimum=7).to_csv()
    (command,) = (
        line for line in shell_lines(root, "README.md", "cosigraph") if "--minimum" in line
    )
    assert run(f"{command} --format csv", tmp_path).splitlines() == expected.splitlines()
    (request,) = shell_lines(root, "README.md", "curl")
    assert run(request.replace(LOCAL, address), tmp_path).splitlines() == expected.splitlines()
    sheet = next(iter(blocks(root, "README.md", "text"))).strip().replace(LOCAL, address)
    assert set(expected.splitlines()) < set(run(f"curl -sSf {sheet}", tmp_path).splitlines())
    (sparql,) = blocks(root, "README.md", "sparql")
    shared = {(row[0], row[1]) for row in shipped.query(sparql).rows() if int(str(row[1])) >= 7}
    told = {
        (row["sharedGoal"], row["priorityCount"])
        for row in shipped.run("goals-shared-across-priorities", minimum=7)
    }
    assert {(str(a), int(str(b))) for a, b in shared} == {
        (str(a), int(str(b))) for a, b in told
    }


def test_make_targets_that_the_readme_names_exist(root: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE)
    named = [line.split()[1] for line in shell_lines(root, "README.md", "make")]
    assert named
    assert set(named) <= set(targets)


def test_every_command_and_option_is_documented(root: Path) -> None:
    text = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    group = typer.main.get_command(application)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    for name, command in group.commands.items():
        assert f"`cosigraph {name}" in text, name
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in text, f"{name} {option}"


def test_every_exit_code_is_documented(root: Path) -> None:
    text = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    pending: list[type[errors.CosigraphError]] = [errors.CosigraphError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        assert f"| {kind.exit_code} |" in text


def test_every_configuration_key_is_documented(root: Path) -> None:
    text = (root / "docs" / "project-folder.md").read_text(encoding="utf-8")
    for key in KEYS:
        assert f"`{key}`" in text, key


def test_every_query_is_documented(root: Path, shipped: Project) -> None:
    text = (root / "docs" / "queries.md").read_text(encoding="utf-8")
    for query in shipped.queries.values():
        assert f"| `{query.name}` | {query.summary} |" in text, query.name
        for parameter in query.parameters:
            assert f"`{parameter}`" in text


def test_every_address_is_documented(root: Path, shipped: Project) -> None:
    from cosigraph_api.openapi import description  # noqa: PLC0415

    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for path in description(shipped)["paths"]:
        general = re.sub(r"/queries/[a-z-]+", "/queries/NAME", path)
        assert f"`{general}" in text or f"`{Path(general).suffix}`" in text, path


def test_every_rule_of_the_check_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    sources = "\n".join(path.read_text() for path in (root / "cosigraph" / "check").glob("*.py"))
    rules = set(re.findall(r'"((?:syntax|shacl|answers)/[a-z-]+)"', sources))
    assert len(rules) >= 7
    for rule in rules:
        assert f"`{rule}`" in text, rule


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    for document in DOCUMENTS:
        text = (root / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert (root / document).parent.joinpath(target).exists(), f"{document}: {target}"


def test_tests_that_the_threat_model_names_exist(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`]+)`", text)
    assert named
    for path in named:
        assert (root / path).is_file(), path


def test_citation_and_changelog_tell_the_version(root: Path) -> None:
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((root / "CITATION.cff").read_text())["version"] == version
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text()


def test_the_published_agreement_is_that_of_the_readings(root: Path, tmp_path: Path) -> None:
    table = run("cosigraph agreement first second --format markdown", tmp_path)
    assert table.strip() in (root / "docs" / "agreement.md").read_text(encoding="utf-8")
