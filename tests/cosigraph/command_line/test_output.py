# SPDX-License-Identifier: Apache-2.0
"""Where answers go."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.command_line.output import plain_table, write, write_table
from cosigraph.errors import OutputError


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("old and longer")
    write("new", path)
    assert path.read_text() == "new"
    assert [found.name for found in tmp_path.iterdir()] == ["answer.txt"]


def test_a_file_that_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        write("new", path)
    assert [found.read_text() for found in tmp_path.iterdir()] == ["old"]


def test_a_new_file_has_the_users_usual_rights(tmp_path: Path) -> None:
    write("new", tmp_path / "a")
    (tmp_path / "b").write_text("usual")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "b")}
    assert len(modes) == 1


def test_what_a_link_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write("text", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "text"


def test_a_device_is_written_to_not_replaced() -> None:
    write("text", Path(os.devnull))
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["", "nowhere/answer.txt", "file/answer.txt"])
def test_what_cannot_be_written_is_one_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        write("text", tmp_path / name)
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_a_full_device_is_one_clear_error() -> None:
    with pytest.raises(OutputError, match="No space left"):
        write("text", Path("/dev/full"))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_a_plain_table_keeps_every_word_in_one_line_for_each_row(rows: list[list[str]]) -> None:
    lines = plain_table(("one", "two"), rows).removesuffix("\n").split("\n")
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        assert line.split() == " ".join(row).split()


def test_wide_characters_count_twice() -> None:
    assert plain_table(("a", "b"), [("梨", "x"), ("pear", "y")]) == "a     b\n梨    x\npear  y\n"


def test_a_terminal_gets_a_drawn_table_that_is_not_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    write_table(("tree", "text"), [("[bold]", "word " * 20)])
    output = capsys.readouterr().out
    assert output.count("word") == 20
    assert "[bold]" in output
