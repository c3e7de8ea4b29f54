# SPDX-License-Identifier: Apache-2.0
"""A second check of the same is remembered; of anything else it never is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cosigraph.check import Finding, Report, Severity, cached, check_project, inputs
from cosigraph.check.engines import EngineChoice
from cosigraph.check.report_cache import ReportCache, cache_folder
from cosigraph.command_line.application import app
from cosigraph.errors import Position

RULES = Path(__file__).parent / "rules"
Check = Callable[..., Report]


class Counter:
    """Counts the checks that are really made."""

    def __init__(self) -> None:
        self.checks = 0

    def __call__(self, *arguments: Any, **options: Any) -> Report:
        self.checks += 1
        return check_project(*arguments, **options)


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    monkeypatch.setattr(cached, "check_project", counter)
    return counter


@pytest.fixture
def cache(tmp_path: Path) -> ReportCache:
    return ReportCache(tmp_path / "cache")


@pytest.fixture
def check(folder: Path, cache: ReportCache) -> Check:
    def checked(where: Path = folder, **options: Any) -> Report:
        return cached.check_project_cached(where, lambda _: None, cache, **options)

    return checked


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").iterdir())


def test_a_folder_that_has_not_changed_is_not_checked_again(check: Check, counter: Counter) -> None:
    first = check()
    assert check() == first
    assert counter.checks == 1


def break_trees(folder: Path) -> None:
    path = folder / "data" / "trees.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"T-2"', '"T-02"'), encoding="utf-8")


def add_file(folder: Path) -> None:
    (folder / "data" / "more.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")


def remove_shapes(folder: Path) -> None:
    path = folder / "shapes" / "tree.ttl"
    path.write_text("", encoding="utf-8")


def break_query(folder: Path) -> None:
    path = folder / "queries" / "trees.rq"
    path.write_text(path.read_text(encoding="utf-8") + "}", encoding="utf-8")


def change_answer(folder: Path) -> None:
    path = folder / "queries" / "trees.csv"
    path.write_bytes(path.read_bytes() + b"one more\n")


def change_configuration(folder: Path) -> None:
    path = folder / "cosigraph.toml"
    text = path.read_text(encoding="utf-8").replace('files = ["data/trees.ttl"]', "files = []")
    path.write_text(text.replace("files = []", 'files = ["data/tr*.ttl"]'), encoding="utf-8")


def rename_file(folder: Path) -> None:
    (folder / "shapes" / "tree.ttl").rename(folder / "shapes" / "trees.ttl")


def add_elsewhere(folder: Path) -> None:
    (folder / "README.md").write_text("A rule may read this.", encoding="utf-8")


def add_folder(folder: Path) -> None:
    (folder / "data" / "empty.ttl").mkdir()


def add_hidden_file(folder: Path) -> None:
    (folder / "data" / ".more.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")


def add_to_a_folder_of_a_tool(folder: Path) -> None:
    (folder / "data" / "node_modules").mkdir()
    (folder / "data" / "node_modules" / "more.ttl").write_text("<urn:a> <urn:b> 1 .", "utf-8")


def lead_out(folder: Path) -> None:
    path = folder / "data" / "trees.ttl"
    path.symlink_to(path.rename(folder.parent / "trees.ttl"))


def lead_folder_out(folder: Path) -> None:
    path = folder / "data"
    path.symlink_to(path.rename(folder.parent / "data"))


CHANGES = [
    *(add_hidden_file, add_to_a_folder_of_a_tool, lead_out, lead_folder_out),
    *(break_trees, add_file, remove_shapes, break_query, change_answer, change_configuration),
    *(rename_file, add_elsewhere, add_folder),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_that_has_changed_is_checked_again(
    change: Callable[[Path], None], folder: Path, check: Check, counter: Counter
) -> None:
    check()
    change(folder)
    assert check() == check_project(folder)
    assert counter.checks == 2


def test_a_hidden_folder_that_the_configuration_names_counts(folder: Path, check: Check) -> None:
    change_configuration(folder)
    path = folder / "cosigraph.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("data/tr*.ttl", ".hidden/*.ttl"), encoding="utf-8")
    (folder / ".hidden").mkdir()
    hidden = (folder / "data" / "trees.ttl").rename(folder / ".hidden" / "trees.ttl")
    check()
    hidden.write_text(hidden.read_text(encoding="utf-8").replace('"T-2"', '"T-02"'), "utf-8")
    assert check() == check_project(folder)


def test_a_file_that_takes_the_place_of_a_link_that_led_out_counts(
    folder: Path, check: Check
) -> None:
    path = folder / "data" / "trees.ttl"
    first = check()
    lead_out(folder)
    assert [finding.rule for finding in check().findings] == ["project/link-outside"]
    path.resolve().replace(path)
    assert check() == first


def test_a_folder_that_cannot_be_read_is_checked_each_time(
    folder: Path, check: Check, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = os.walk

    def refused(top: str, **options: Any) -> Any:
        options["onerror"](PermissionError(13, "Permission denied", top))
        return walk(top, **options)

    monkeypatch.setattr("cosigraph.check.inputs.os.walk", refused)
    check()
    check()
    assert counter.checks == 2


def test_what_is_changed_back_is_known_again(folder: Path, check: Check, counter: Counter) -> None:
    before = (folder / "data" / "trees.ttl").read_bytes()
    first = check()
    break_trees(folder)
    assert check() != first
    (folder / "data" / "trees.ttl").write_bytes(before)
    assert check() == first
    assert counter.checks == 2


def test_another_engine_checks_again(check: Check, counter: Counter) -> None:
    check(engine=EngineChoice.PYSHACL)
    check(engine=EngineChoice.PYSHIFTY)
    assert counter.checks == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(inputs, "_software", lambda: "a later version"),
        lambda patch: patch.setenv("COSIGRAPH_SOMETHING", "else"),
    ],
)
def test_other_software_or_surroundings_check_again(
    change: Callable[[pytest.MonkeyPatch], None],
    check: Check,
    counter: Counter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check()
    change(monkeypatch)
    check()
    assert counter.checks == 2


def test_the_software_is_this_package_and_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = set()
    package, others = tmp_path / "package", tmp_path / "others"
    package.mkdir()
    others.mkdir()
    monkeypatch.setattr(inputs, "_PACKAGE", package)
    monkeypatch.setattr("sys.path", [str(others), str(tmp_path / "missing")])
    for change in (
        lambda: None,
        lambda: (package / "rule.py").write_text("1", encoding="utf-8"),
        lambda: (package / "rule.py").write_text("2", encoding="utf-8"),
        (others / "rdflib-8.0.dist-info").mkdir,
    ):
        change()
        inputs._software.cache_clear()
        digests.add(inputs._software())
    inputs._software.cache_clear()
    assert len(digests) == 4


@pytest.mark.parametrize("damage", [b"{}", b"0" * 64 + b"\n{}"])
def test_a_damaged_file_is_as_good_as_none(
    damage: bytes, check: Check, counter: Counter, tmp_path: Path
) -> None:
    first = check()
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage)
    assert check() == first
    assert counter.checks == 2
    assert check() == first
    assert counter.checks == 2


def test_a_file_that_is_cut_off_is_as_good_as_none(cache: ReportCache, tmp_path: Path) -> None:
    report = Report((), {"file": 1})
    cache.put("key", report, tmp_path)
    (entry,) = entries(tmp_path)
    content = entry.read_bytes()
    for length in range(len(content)):
        entry.write_bytes(content[:length])
        assert cache.get("key", tmp_path) is None
    entry.write_bytes(content)
    assert cache.get("key", tmp_path) == report


def test_the_same_project_elsewhere_has_its_own_paths(
    folder: Path, check: Check, counter: Counter, tmp_path: Path
) -> None:
    break_trees(folder)
    check()
    other = Path(shutil.copytree(folder, tmp_path / "elsewhere" / "orchard"))
    report = check(other)
    assert report == check_project(other)
    data = [f for f in report.findings if f.rule == "shacl/pattern"]
    assert [f.position.source for f in data] == [str(other / "data" / "trees.ttl")]


def test_what_tells_the_place_in_words_is_of_use_there_alone(
    folder: Path, cache: ReportCache, tmp_path: Path
) -> None:
    position = Position(str(folder / "a.ttl"), 1, 1)
    finding = Finding("a/b", Severity.INFO, "Wrong.", position, advice=f"Look at {folder}.")
    report = Report((finding,), {"file": 1})
    cache.put("key", report, folder)
    assert cache.get("key", folder) == report
    assert cache.get("key", tmp_path / "elsewhere") is None
    cache.put("key", replace(report, findings=(replace(finding, advice=None),)), folder)
    elsewhere = cache.get("key", tmp_path / "elsewhere")
    assert elsewhere is not None
    assert elsewhere.findings[0].position.source == str(tmp_path / "elsewhere" / "a.ttl")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("queries/trees.rq", "\n# when: NOW()\n"),
        ("shapes/tree.ttl", '\nshapes:now sh:select "SELECT $this { BIND(RAND() AS ?r) }" .\n'),
    ],
)
def test_what_may_differ_the_next_time_is_checked_each_time(
    name: str, text: str, folder: Path, check: Check, counter: Counter
) -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    check()
    check()
    assert counter.checks == 2


def test_a_project_that_asks_others_is_checked_each_time(
    folder: Path, check: Check, counter: Counter
) -> None:
    path = folder / "cosigraph.toml"
    text = path.read_text(encoding="utf-8")
    asked = text.replace("[project]\n", '[project]\nservices = ["https://example.org/sparql"]\n')
    path.write_text(asked, encoding="utf-8")
    check()
    check()
    assert counter.checks == 2


def test_a_pipe_is_checked_each_time(folder: Path, check: Check, counter: Counter) -> None:
    os.mkfifo(folder / "data" / "pipe.txt")
    check()
    check()
    assert counter.checks == 2


def test_what_changes_while_it_is_checked_is_not_kept(
    folder: Path, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "data" / "trees.ttl"
    content = path.read_bytes()

    def change_and_check(*arguments: Any, **options: Any) -> Report:
        break_trees(folder)
        report = check_project(*arguments, **options)
        Path(shutil.copy(path, tmp_path / "copy")).replace(path)
        path.write_bytes(content)
        return report

    monkeypatch.setattr(cached, "check_project", change_and_check)
    assert check().findings
    monkeypatch.setattr(cached, "check_project", check_project)
    assert check().findings == ()


def test_the_oldest_reports_go(tmp_path: Path) -> None:
    report = Report((), {"file": 1})
    cache = ReportCache(tmp_path / "cache", most_bytes=500)
    for number in range(10):
        cache.put(f"key{number}", report, tmp_path)
        path = tmp_path / "cache" / f"key{number}.report"
        os.utime(path, (number, number))
    assert sum(path.stat().st_size for path in entries(tmp_path)) <= 500
    assert cache.get("key9", tmp_path) == report
    assert cache.get("key0", tmp_path) is None


def test_where_nothing_can_be_kept_it_is_checked_all_the_same(
    folder: Path, counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    cache = ReportCache(tmp_path / "file" / "cache")
    for _ in range(2):
        cached.check_project_cached(folder, lambda _: None, cache)
    assert counter.checks == 2


def test_every_kind_of_report_can_be_kept(cache: ReportCache) -> None:
    for number, case in enumerate(sorted(RULES.glob("*/*/invalid"))[::12]):
        report = check_project(case)
        cache.put(str(number), report, case)
        assert cache.get(str(number), case) == report


def test_reports_are_kept_where_the_desktop_standard_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/cosigraph/reports")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/anna")
    assert cache_folder() == Path("/home/anna/.cache/cosigraph/reports")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_command_can_do_without(folder: Path, home: Path) -> None:
    command = ["check", "--project", str(folder)]
    assert CliRunner().invoke(app, [*command, "--no-cache"]).exit_code == 0
    assert not (home / "cosigraph").exists()
    assert CliRunner().invoke(app, command).exit_code == 0
    assert len(list((home / "cosigraph" / "reports").iterdir())) == 1
