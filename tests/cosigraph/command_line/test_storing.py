# SPDX-License-Identifier: Apache-2.0
"""``store`` and ``token`` on the command line, and how ``serve`` is told of both."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cosigraph.command_line import serving
from cosigraph.project import open_project
from cosigraph.stored_dataset import DefaultGraphKind
from cosigraph.tokens import fits, hash_of
from cosigraph.versioned_store import VersionedStore
from tests.cosigraph.command_line.conftest import ORCHARD, Call

VARIABLE = "COSIGRAPH_TOKEN_HASH"


def test_a_store_holds_the_projects_graphs(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    made = call("store", "create", str(folder))
    assert made.code == 0
    store = VersionedStore(folder)
    assert set(store.current().graphs) == set(open_project(ORCHARD).dataset.graphs)
    told = call("store", "info", str(folder), project=None)
    assert told.output == made.output
    for word in ("orchard", "union", store.current().digest):
        assert word in told.output


def test_its_default_graph_may_be_the_unnamed_one(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    assert call("store", "create", str(folder), "--default-graph", "unnamed").code == 0
    assert VersionedStore(folder).about.default_graph is DefaultGraphKind.UNNAMED


def test_a_store_that_is_there_is_left_alone(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    call("store", "create", str(folder))
    again = call("store", "create", str(folder))
    assert again.code == 3
    assert "not empty" in again.errors
    assert call("store", "info", str(tmp_path), project=None).code == 3


def test_a_token_and_its_hash_are_made(call: Call) -> None:
    outcome = call("token", project=None)
    (_, token), (_, hashed) = (line.split() for line in outcome.output.splitlines())
    assert outcome.code == 0
    assert fits(token, hashed)


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the server has been called with."""
    calls: list[dict[str, Any]] = []

    class Point:
        def load(self) -> Any:
            return lambda **options: calls.append(options)

    monkeypatch.setattr(serving, "entry_points", lambda **_: [Point()])
    return calls


def test_the_hash_comes_from_the_option_the_environment_or_the_configuration(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[dict[str, Any]]
) -> None:
    project = tmp_path / "orchard"
    shutil.copytree(ORCHARD, project)
    by_option, by_environment, by_file = (hash_of(name) for name in "abc")
    configuration = project / "cosigraph.toml"
    configuration.write_text(
        configuration.read_text() + f'\n[server]\ntoken-hash = "{by_file}"\n', encoding="utf-8"
    )
    words = ("serve", "--store", "x", "--allow-update")
    assert call(*words, project=project).code == 0
    monkeypatch.setenv(VARIABLE, by_environment)
    assert call(*words, project=project).code == 0
    assert call(*words, "--token-hash", by_option, project=project).code == 0
    assert [each["token_hash"] for each in options] == [by_file, by_environment, by_option]
    assert {each["store"] for each in options} == {Path("x")}
    assert all(each["allow_update"] for each in options)


def test_updates_without_a_store_or_a_hash_say_what_to_do(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    without_store = call("serve", "--allow-update", "--port", "0")
    assert (without_store.code, "cosigraph store create" in without_store.errors) == (2, True)
    folder = tmp_path / "store"
    call("store", "create", str(folder))
    without_hash = call("serve", "--allow-update", "--store", str(folder), "--port", "0")
    assert (without_hash.code, "cosigraph token" in without_hash.errors) == (2, True)
