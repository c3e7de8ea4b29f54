# SPDX-License-Identifier: Apache-2.0
"""Every command, option, exit code and variable is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cosigraph import errors
from cosigraph.command_line.application import app
from tests.documentation.documents import DOCUMENTS


def all_commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group and of the groups in it, by their names."""
    for short, each in getattr(command, "commands", {}).items():
        yield from all_commands(f"{name}{short} ", each)
    if not hasattr(command, "commands"):
        yield name.strip(), command


def test_every_command_and_option_is_documented(root: Path) -> None:
    text = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    commands = dict(all_commands("", typer.main.get_command(app)))
    assert len(commands) >= 12
    for name, command in commands.items():
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


def test_every_option_of_the_server_is_explained(root: Path) -> None:
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    options = [option for parameter in command.params for option in parameter.opts]
    assert len(options) >= 15
    for option in options:
        assert option in text, option


def test_every_limit_is_documented_with_its_default(root: Path) -> None:
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    panel = "Limits"
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    limits = [each for each in command.params if getattr(each, "rich_help_panel", "") == panel]
    assert len(limits) == 11
    for limit in limits:
        default = "all workers but one" if limit.default is None else f"{limit.default:,}"
        row = rf"^\| `{limit.opts[0]} {limit.metavar}` \| {default} \|"
        assert re.search(row, text, re.MULTILINE), limit.opts[0]


def test_every_variable_of_the_environment_is_documented(root: Path) -> None:
    code = [path for room in ("api", "cosigraph") for path in (root / room).rglob("*.py")]
    found = {
        name
        for path in code
        for name in re.findall(r'"(COSIGRAPH_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert {"COSIGRAPH_DEBUG", "COSIGRAPH_LARGEST_FILE"} <= found
    text = "\n".join((root / document).read_text(encoding="utf-8") for document in DOCUMENTS)
    for name in found:
        assert f"`{name}" in text, name
