# SPDX-License-Identifier: Apache-2.0
"""The pages of a project are made of queries that there are, and that can serve."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cosigraph import Project, open_project
from cosigraph.errors import ConfigurationError


def with_pages(folder: Path, root: Path, entry: str) -> Project:
    copy = shutil.copytree(root / "tests" / "projects" / "orchard", folder / "orchard")
    configuration = copy / "cosigraph.toml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(f"{text}\n[pages]\n{entry}\n", encoding="utf-8")
    return open_project(copy)


@pytest.mark.parametrize(
    "entry", ["start = ['trees']", "pictures = ['trees']", "compare = 'trees'", ""]
)
def test_a_query_that_serves_is_taken(tmp_path: Path, root: Path, entry: str) -> None:
    project = with_pages(tmp_path, root, entry)
    assert set(project.queries) == {"trees", "varieties"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("start = ['tree']", "'start' names a query 'tree', which there is not. Did you mean"),
        ("pictures = ['varieties']", "'varieties' does not serve for 'pictures'. It needs a chart"),
        ("search = 'trees'", "'trees' does not serve for 'search'. It needs one parameter"),
        ("compare = 'varieties'", "'varieties' does not serve for 'compare'. It needs a parameter"),
    ],
)
def test_a_query_that_cannot_serve_is_refused_before_anything_is_served(
    tmp_path: Path, root: Path, entry: str, message: str
) -> None:
    project = with_pages(tmp_path, root, entry)
    with pytest.raises(ConfigurationError) as caught:
        _ = project.queries
    assert message in str(caught.value)
    assert "cosigraph.toml" in str(caught.value)
