# SPDX-License-Identifier: Apache-2.0
"""``note``, ``export``, ``info``, ``agreement`` and ``serve`` on the command line."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from cosigraph.command_line import serving
from cosigraph.limits import Limits
from tests.cosigraph.command_line.conftest import ORCHARD, Call

GRAPH = """
@prefix cosi: <https://w3id.org/cosigraph/ontology#> .
@prefix : <https://orchard.example/id/> .
:d cosi:key "d-1" ; cosi:hasBlock :b .
:b cosi:ordinal 1 ; cosi:text "A * tree." .
:g1 a cosi:Goal . :g2 a cosi:Goal . :s a cosi:SharedGoal .
"""
READING = """
@prefix cosi: <https://w3id.org/cosigraph/ontology#> .
@prefix : <https://orchard.example/id/> .
:r a cosi:Realisation ; cosi:goal :g1 ; cosi:sharedGoal :s .
"""
CONFIGURATION = """
[[graph]]
name = "base"
files = ["base.ttl"]
[[graph]]
name = "first"
files = ["first.ttl"]
[[graph]]
name = "second"
files = ["second.ttl"]
replaces = "first"
"""


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    files = {
        "base.ttl": GRAPH,
        "first.ttl": READING,
        "second.ttl": "",
        "cosigraph.toml": CONFIGURATION,
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_documents_are_listed_and_rebuilt(call: Call, diary: Path) -> None:
    assert call("note", project=diary).output == "key  label  blocks\nd-1         1\n"
    assert call("note", "d-1", project=diary).output == "A \\* tree.\n"
    assert call("note", "d-1", "--format", "text", project=diary).output == "A * tree.\n"


def test_the_dataset_is_exported(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "trees.ttl"
    outcome = call("export", "--format", "turtle", "--graph", "trees", "--output", str(path))
    assert (outcome.code, outcome.output) == (0, "")
    assert "\ntree:8 a orch:Tree ;" in path.read_text(encoding="utf-8")


def test_information_is_for_people_and_programs(call: Call) -> None:
    assert "instances of      orch:Tree               8\n" in call("info").output
    assert json.loads(call("info", "--format", "json").output)["triples"] == 155


def test_readings_are_compared(call: Call, diary: Path) -> None:
    table = call("agreement", "first", "second", project=diary).output.splitlines()
    assert [line.split()[-2:] for line in table[1:]] == [["0.500", "0.000"]] * 2
    content = json.loads(
        call("agreement", "first", "second", "--format", "json", project=diary).output
    )
    assert content[0]["firstOnly"] == 1
    markdown = call("agreement", "first", "second", "--format", "markdown", project=diary).output
    assert markdown.startswith("| group | item |")
    assert "Kappa is agreement beyond chance" in markdown


def test_the_server_is_found_by_its_entry_point(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[dict[str, Any]] = []

    class Point:
        def load(self) -> Any:
            return lambda **options: calls.append(options)

    monkeypatch.setattr(serving, "entry_points", lambda **_: [Point()])
    assert call("serve", "--port", "0", "--workers", "3").code == 0
    assert calls[0].pop("project_folder").folder == ORCHARD
    assert calls == [
        {
            "host": "127.0.0.1",
            "port": 0,
            "workers": 3,
            "limits": Limits(),
            "cache_bytes": 64 * 1024 * 1024,
            "proxies": (),
            "services": (),
            "log": None,
            "log_queries": False,
            "store": None,
            "allow_update": False,
            "gate": "warning",
            "token_hash": None,
        }
    ]


def test_the_limits_of_the_server_are_options(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, Any]] = []

    class Point:
        def load(self) -> Any:
            return lambda **options: calls.append(options)

    monkeypatch.setattr(serving, "entry_points", lambda **_: [Point()])
    words = "--timeout 2.5 --rows 10 --result-size 0 --memory 100 --body-size 2 --queue 0 --share 1"
    others = "--patience 3 --grace 0 --proxy 10.0.0.0/8 --proxy ::1 --log - --log-queries "
    others += "--explain-time 2 --explain-probes 7"
    assert call("serve", *words.split(), *others.split()).code == 0
    mebibyte = 1024 * 1024
    assert calls[0]["limits"] == Limits(
        time=2.5,
        rows=10,
        size=None,
        memory=100 * mebibyte,
        body=2 * mebibyte,
        queue=0,
        share=1,
        patience=3,
        grace=0,
        explanation_time=2,
        explanation_probes=7,
    )
    assert calls[0]["proxies"] == ["10.0.0.0/8", "::1"]
    assert (calls[0]["log"], calls[0]["log_queries"]) == ("-", True)
    for wrong in ("--timeout 0", "--rows -1", "--share 0", "--patience 0", "--queue -1"):
        assert call("serve", *wrong.split()).code == 2


def test_without_a_server_it_is_said_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    none: list[EntryPoint] = []
    monkeypatch.setattr(serving, "entry_points", lambda **_: none)
    outcome = call("serve")
    assert outcome.code == 7
    assert outcome.errors.startswith("cosigraph: No server is installed.")
