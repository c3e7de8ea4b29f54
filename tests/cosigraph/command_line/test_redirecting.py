# SPDX-License-Identifier: Apache-2.0
"""``w3id`` on the command line, and what ``serve`` says of a record that lacks something."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cosigraph.command_line import serving
from tests.cosigraph.command_line.conftest import ORCHARD, Call


def test_the_rules_are_printed_with_what_is_missing(call: Call, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    with (folder / "cosigraph.toml").open("a", encoding="utf-8") as file:
        file.write("[catalogue]\naddress = 'https://fruit.example/'\n")
    outcome = call("w3id", project=folder)
    assert outcome.code == 0
    assert "RewriteRule ^ https://fruit.example/%1 [R=303,L,NE]" in outcome.output
    assert "warning: [catalogue] has no contact" in outcome.errors


def test_without_an_address_there_is_one_line_that_says_what_to_do(call: Call) -> None:
    outcome = call("w3id")
    assert (outcome.code, outcome.output) == (2, "")
    assert "address under [catalogue]" in outcome.errors


def test_serve_warns_of_what_the_record_lacks(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_server", lambda: lambda **_: None)
    outcome = call("serve")
    for key in ("publisher", "contact", "address", "data-licence"):
        assert f"warning: [catalogue] has no {key}:" in outcome.errors
