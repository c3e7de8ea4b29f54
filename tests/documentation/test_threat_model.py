# SPDX-License-Identifier: Apache-2.0
"""The threat model names tests and options that exist."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from cosigraph.command_line.application import app


def test_tests_that_the_threat_model_names_exist(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`:]+)::(\w+)`", text)
    assert len(named) >= 12
    for path, function in named:
        assert f"def {function}(" in (root / path).read_text(encoding="utf-8"), function


def test_each_row_of_the_threat_model_has_surface_threat_defence_and_test(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    head, _, *rows = [line for line in text.splitlines() if line.startswith("|")]
    assert head == "| surface | threat | what holds | test |"
    assert len(rows) >= 30
    for row in rows:
        surface, threat, holds, test = (cell.strip() for cell in row.strip("|").split(" | "))
        assert surface, row
        assert threat, row
        assert holds, row
        assert re.fullmatch(r"`tests/\S+::test_\w+`(, `tests/\S+::test_\w+`)*|none", test), row


def test_options_that_the_threat_model_names_exist(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    options = {option for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"`(--[a-z-]+)`", text))
    assert len(named) >= 8
    assert named <= options
