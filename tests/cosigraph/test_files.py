# SPDX-License-Identifier: Apache-2.0
"""Files of a folder that may be a stranger's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import (
    FileTooLargeError,
    LinkOutsideError,
    Position,
    ProjectError,
    UnreadableFileError,
    UsageError,
)
from cosigraph.files import MEBIBYTE, VARIABLE, Allowance, largest_file, matching, read_file

NOBODY = 65534


@contextlib.contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Be somebody whom rights bind, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(0o711)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.ttl", "b.nt", ".c.ttl", "deep/a.ttl", "deep/deeper/a.ttl"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path / "project"


def names(folder: Path, pattern: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in matching(folder, pattern)]


@pytest.mark.parametrize(
    "pattern",
    ["a.ttl", "*.ttl", "deep/*", "**/*.ttl", "*/a.ttl", "**/deeper/a.ttl", "x/*.ttl", "[ab].*"],
)
def test_a_pattern_finds_what_pathlib_finds(folder: Path, pattern: str) -> None:
    assert matching(folder, pattern) == sorted(folder.glob(pattern))


def test_two_stars_at_the_end_are_everything_below(folder: Path) -> None:
    assert names(folder, "deep/**") == names(folder, "deep/**/*")


def test_links_that_lead_in_a_circle_end(folder: Path) -> None:
    (folder / "deep" / "here").symlink_to(".")
    (folder / "deep" / "up").symlink_to("..")
    (folder / "self.ttl").symlink_to("self.ttl")
    assert names(folder, "**/*.ttl") == [
        ".c.ttl",
        "a.ttl",
        "deep/a.ttl",
        "deep/deeper/a.ttl",
        "self.ttl",
    ]
    with pytest.raises(UnreadableFileError, match="Too many levels of symbolic links"):
        read_file(folder / "self.ttl", folder)


def test_what_cannot_be_read_is_an_error_with_its_place(folder: Path) -> None:
    (folder / "a.ttl").chmod(0)
    with unprivileged(folder), pytest.raises(UnreadableFileError) as caught:
        read_file(folder / "a.ttl", folder)
    assert str(caught.value) == f"{folder}/a.ttl: The file cannot be read: Permission denied."


def test_a_folder_that_cannot_be_read_is_not_passed_over(folder: Path) -> None:
    failed: list[UnreadableFileError] = []
    (folder / "deep").chmod(0)
    with unprivileged(folder):
        with pytest.raises(UnreadableFileError, match="The folder cannot be read"):
            matching(folder, "**/*.ttl")
        found = matching(folder, "**/*.ttl", failed.append)
    (folder / "deep").chmod(0o700)
    assert [path.name for path in found] == [".c.ttl", "a.ttl"]
    assert {error.position for error in failed} == {Position(str(folder / "deep"))}


def test_a_link_within_the_folder_is_followed_and_one_that_leads_out_is_not(folder: Path) -> None:
    secret = folder.parent / "secret.ttl"
    secret.write_text("secret", encoding="utf-8")
    (folder / "in.ttl").symlink_to("deep/a.ttl")
    (folder / "out.ttl").symlink_to(secret)
    (folder / "parent").symlink_to("..")
    assert read_file(folder / "in.ttl", folder) == b"deep/a.ttl"
    for name in ("out.ttl", "parent/secret.ttl"):
        with pytest.raises(LinkOutsideError, match="leads out of the project folder"):
            read_file(folder / name, folder)


def test_a_folder_reached_by_a_link_is_as_good(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert read_file(folder.parent / "link" / "a.ttl", folder.parent / "link") == b"a.ttl"


def test_a_pipe_a_device_and_a_folder_are_no_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.ttl")
    for path in (folder / "pipe.ttl", Path("/dev/zero"), folder / "deep"):
        with pytest.raises(UnreadableFileError, match=r"no regular file|is a folder"):
            read_file(path)


def test_a_file_that_has_vanished_is_an_error(folder: Path) -> None:
    (found,) = matching(folder, "a.ttl")
    found.unlink()
    with pytest.raises(UnreadableFileError, match="No such file"):
        read_file(found, folder)


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    with (folder / "a.ttl").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(FileTooLargeError, match=r"larger than what is read \(256 MiB\)"):
        read_file(folder / "a.ttl", folder)
    assert read_file(folder / "b.nt", folder, largest=4) == b"b.nt"
    with pytest.raises(FileTooLargeError):
        read_file(folder / "b.nt", folder, largest=3)


def test_files_together_may_have_four_times_as_much(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    allowance = Allowance()
    with (folder / "a.ttl").open("wb") as file:
        file.truncate(MEBIBYTE)
    for _ in range(4):
        allowance.read(folder / "a.ttl")
    with pytest.raises(FileTooLargeError):
        allowance.read(folder / "b.nt")


def test_statements_have_an_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    allowance = Allowance()
    for _ in range(MEBIBYTE // 64):
        allowance.take_triple(folder / "a.ttl")
    with pytest.raises(FileTooLargeError, match=r"more statements than are read \(16,384\)"):
        allowance.take_triple(folder / "a.ttl")


@pytest.mark.parametrize("text", ["0", "-1", "much", "1.5", "٣", "9" * 30])
def test_a_size_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(UsageError, match=VARIABLE):
        largest_file()


@given(st.text())
def test_whatever_a_file_is_called_its_place_is_one_line_of_utf_8(name: str) -> None:
    shown = str(Position(f"{name}\udcff", 1, 2))
    assert shown.isprintable()
    assert shown.encode().endswith(b"\\xff:1:2")


def test_these_errors_stop_with_the_code_of_a_project() -> None:
    for kind in (FileTooLargeError, LinkOutsideError, UnreadableFileError):
        assert issubclass(kind, ProjectError)
        assert kind.exit_code == 3
