# SPDX-License-Identifier: Apache-2.0
"""The list of released identifiers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph.errors import ProjectError
from cosigraph.released import released_identifiers, to_text

IRIS = st.sets(st.integers(0, 10_000).map("https://orchard.example/id/🌲#{}".format))


@given(IRIS)
def test_a_list_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, iris: set[str]
) -> None:
    path = tmp_path_factory.mktemp("list") / "released.txt"
    path.write_text(to_text(iris), encoding="utf-8")
    assert [iri for _, iri in released_identifiers(path)] == sorted(iris)


def test_ends_of_line_marks_and_comments_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "released.txt"
    path.write_bytes("\ufeff# once\r\n\r\n  http://a/b#c\t\r\nhttp://a/d".encode())
    assert list(released_identifiers(path)) == [(3, "http://a/b#c"), (4, "http://a/d")]


@pytest.mark.parametrize(
    ("content", "where"), [(b"http://a/\nb c\n", "2:1"), (b"http://a/\n\n\xff", "3:1")]
)
def test_a_wrong_line_is_told(tmp_path: Path, content: bytes, where: str) -> None:
    path = tmp_path / "released.txt"
    path.write_bytes(content)
    with pytest.raises(ProjectError) as raised:
        list(released_identifiers(path))
    assert str(raised.value.position).endswith(where)
