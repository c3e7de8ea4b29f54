# SPDX-License-Identifier: Apache-2.0
"""``release-identifiers`` on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

from cosigraph.check import check_project
from tests.cosigraph.command_line.conftest import ORCHARD, Call


def test_what_was_released_stays_released(call: Call, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ORCHARD, tmp_path / "orchard"))
    released = folder / "released.txt"
    first = call("release-identifiers", "--output", str(released), project=folder)
    assert (first.code, first.output) == (0, "")
    assert "0 released before" in first.errors
    before = released.read_text(encoding="utf-8")
    assert "\nhttps://orchard.example/ontology#Tree\n" in before
    assert check_project(folder).findings == ()
    for path in (folder / "data").iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("tree:8 ", "tree:9 "), encoding="utf-8")
    (gone,) = (one for one in check_project(folder).findings if one.rule == "identifiers/gone")
    assert "id/tree/8> was released" in gone.message
    second = call("release-identifiers", "--output", str(released), project=folder)
    assert "1 new" in second.errors
    assert set(before.splitlines()) < set(released.read_text(encoding="utf-8").splitlines())


def test_without_a_file_the_list_is_shown(call: Call) -> None:
    outcome = call("release-identifiers")
    assert "\nhttps://orchard.example/id/tree/1\n" in outcome.output
    assert outcome.errors == ""
