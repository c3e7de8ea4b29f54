# SPDX-License-Identifier: Apache-2.0
"""``diff`` and ``patch`` on the command line."""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from rich.text import Text

from cosigraph.command_line import comparing
from tests.cosigraph.command_line.conftest import ORCHARD, Call

OLD = "<https://example.org/a> <https://example.org/p> 'old' .\n".replace("'", '"')
NEW = OLD.replace("old", "new")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Two files that differ in one value."""
    for name, text in (("old.nt", OLD), ("new.nt", NEW)):
        (tmp_path / name).write_text(text)
    return str(tmp_path / "old.nt"), str(tmp_path / "new.nt")


def test_exit_codes_are_those_of_diff(call: Call, files: tuple[str, str]) -> None:
    old, new = files
    assert call("diff", old, old).code == 0
    assert call("diff", old, new).code == 1
    assert call("diff", old, new, "--fail-on", "never").code == 0
    assert call("diff", old, new, "--fail-on", "breaking").code == 0
    missing = call("diff", old, f"{new}x.nt")
    assert (missing.code, missing.output) == (3, "")
    assert missing.errors.count("\n") == 1


def test_what_breaks_can_be_all_that_fails(call: Call, tmp_path: Path) -> None:
    folder = shutil.copytree(ORCHARD, tmp_path / "orchard")
    trees = folder / "data" / "trees.ttl"
    text = trees.read_text(encoding="utf-8")
    trees.write_text(text.replace("orch:height 7.25", "orch:height 7.5"), encoding="utf-8")
    both = (str(ORCHARD), str(folder))
    assert call("diff", *both, "--fail-on", "breaking").code == 1
    assert call("diff", *both, "--fail-on", "breaking", "--format", "patch").code == 1
    without = call("diff", *both, "--fail-on", "breaking", "--no-answers")
    assert without.code == 0
    assert "T-1 (tree:1)  [" in without.output
    assert f"[{folder}/data/trees.ttl:33:17]" in without.output


def test_a_project_that_is_named_for_its_queries_must_be_one(
    call: Call, files: tuple[str, str], tmp_path: Path
) -> None:
    outcome = call("diff", *files, project=tmp_path)
    assert (outcome.code, outcome.output) == (3, "")
    assert call("diff", *files, "--no-answers", project=tmp_path).code == 1


def test_the_new_version_is_the_project_folder_unless_another_is_named(call: Call) -> None:
    outcome = call("diff", str(ORCHARD))
    assert (outcome.code, "No difference." in outcome.output) == (0, True)


def test_the_project_folder_is_the_current_one_unless_another_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ORCHARD)
    assert call("diff", str(ORCHARD), project=None).code == 0


def test_formats_are_written_whole_to_a_file(
    call: Call, files: tuple[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    for format_, begins in (
        ("text", "Old: "),
        ("markdown", "# "),
        ("json", "{"),
        ("patch", "H id"),
    ):
        outcome = call("diff", *files, "--format", format_, "--output", str(output))
        assert (outcome.code, outcome.output) == (1, "")
        assert output.read_text(encoding="utf-8").startswith(begins)


def test_limits_are_kept(call: Call, tmp_path: Path) -> None:
    many = tmp_path / "many.nt"
    many.write_text("".join(OLD.replace("/a>", f"/a{n}>") for n in range(9)))
    (tmp_path / "none.nt").write_text("")
    both = (str(tmp_path / "none.nt"), str(many))
    assert "and 7 more added" in call("diff", *both, "--limit", "2").output
    shown = json.loads(call("diff", *both, "--limit", "0", "--format", "json").output)
    assert (shown["things"]["added"]["leftOut"], shown["things"]["added"]["shown"]) == (9, [])
    assert call("diff", *both, "--limit", "-1").code == 2


def test_a_patch_of_the_difference_gives_the_new_version(
    call: Call, files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = files
    patch = call("diff", old, new, "--format", "patch").output
    (tmp_path / "changes").write_text(patch)
    made = call("patch", old, str(tmp_path / "changes"), "--output", str(tmp_path / "made.nq"))
    assert (made.code, (tmp_path / "made.nq").read_text()) == (0, NEW)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(patch.encode())))
    assert call("patch", old, "-").output == NEW


def test_a_patch_comes_with_a_remark_where_blank_nodes_are_hard_to_tell_apart(
    call: Call, tmp_path: Path
) -> None:
    tangle = tmp_path / "tangle.nt"
    pairs = itertools.permutations(range(9), 2)
    tangle.write_text("".join(f"_:b{i} <https://example.org/p> _:b{j} .\n" for i, j in pairs))
    outcome = call("diff", str(tangle), str(tangle), "--format", "patch")
    assert outcome.output.endswith("TX .\nTC .\n")
    assert "9 blank nodes are so much alike" in outcome.errors


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"D <a:s> <a:p> 1 .\n", 3, ":1:15: "),
        (b"B\n", 3, ":1:1: This is no row"),
        (b"\nA \xff\n", 3, ":2: The patch is not UTF-8."),
        (b"D <a:s> <a:p> <a:o> .\n", 2, ":1:1: The patch deletes a statement that is not there."),
    ],
)
def test_a_patch_that_cannot_be_applied_is_told_with_its_place(
    content: bytes, code: int, said: str, call: Call, files: tuple[str, str], tmp_path: Path
) -> None:
    patch = tmp_path / "changes"
    patch.write_bytes(content)
    outcome = call("patch", files[0], str(patch))
    assert (outcome.code, outcome.output) == (code, "")
    assert f"{patch}{said}" in outcome.errors
    assert call("patch", files[0], str(tmp_path)).code == 3
    assert call("patch", files[0], f"{patch}x").code == 3


def test_a_terminal_gets_colours_and_the_same_words(
    call: Call, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = call("diff", *files).output
    assert "\x1b" not in plain
    styles: list[str] = []

    class Screen:
        def __init__(self, **_: object) -> None: ...

        def print(self, text: Text, **_: object) -> None:
            styles.append(str(text.style))
            sys.stdout.write(f"{text.plain}\n")

    monkeypatch.setattr(comparing, "Console", Screen)
    monkeypatch.setattr(comparing, "is_terminal", lambda: True)
    assert re.sub(r"\s+", "", call("diff", *files).output) == re.sub(r"\s+", "", plain)
    assert {"red", "green"} <= set(styles)
