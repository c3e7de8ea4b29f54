# SPDX-License-Identifier: Apache-2.0
"""The W3C suites over HTTP; docs/conformance.md tells the outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.w3c import manifests
from tests.w3c.page import DOCUMENT, page
from tests.w3c.running import (
    FEDERATED,
    Servers,
    all_groups,
    engine_failures,
    iris_of,
    known,
    run_group,
)

GROUPS = [
    *(
        f"sparql11/{name}"
        for name in (
            "add",
            "aggregates",
            "basic-update",
            "bind",
            "bindings",
            "cast",
            "clear",
            "construct",
            "copy",
            "csv-tsv-res",
            "delete",
            "delete-data",
            "delete-insert",
            "delete-where",
            "drop",
            "exists",
            "functions",
            "graph-store-protocol",
            "grouping",
            "json-res",
            "move",
            "negation",
            "project-expression",
            "property-path",
            "protocol",
            "service",
            "service-description",
            "subquery",
            "syntax-fed",
            "syntax-query",
            "syntax-update-1",
            "syntax-update-2",
            "update-silent",
        )
    ),
    *(
        f"sparql12/{name}"
        for name in (
            "codepoint-escapes",
            "eval-triple-terms",
            "expression",
            "grouping",
            "lang-basedir",
            "rdf11",
            "syntax",
            "syntax-triple-terms-negative",
            "syntax-triple-terms-positive",
            "version",
        )
    ),
]


@pytest.mark.parametrize("group", GROUPS)
def test_what_fails_has_a_reason_and_what_has_a_reason_fails(
    group: str, suites: Path, servers: Servers
) -> None:
    failed = run_group(suites, group, servers)
    expected = set(known().failures).intersection(iris_of(suites, group))
    assert {test: failed[test] for test in set(failed) - expected} == {}
    assert expected - set(failed) == set()


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_fails_that_the_engine_alone_can_do(group: str, suites: Path) -> None:
    failing = set(known().failures).intersection(iris_of(suites, group))
    failing -= {test for test in failing if known().failures[test].startswith("Refused:")}
    by_engine = engine_failures(suites, group)
    if by_engine is None:
        assert not failing or group in FEDERATED
    else:
        assert failing <= set(by_engine)


def test_no_group_is_forgotten(suites: Path) -> None:
    assert [name for name in all_groups(suites) if iris_of(suites, name)] == GROUPS


def test_what_is_not_run_has_a_reason(suites: Path) -> None:
    left_out = {
        name
        for name, group in all_groups(suites).items()
        if len(iris_of(suites, name)) < len(group.cases) + len(group.others)
    }
    assert left_out <= set(known().left_out)


def test_every_reason_is_that_of_a_test(suites: Path) -> None:
    tests = {test for name in GROUPS for test in iris_of(suites, name)}
    assert set(known().failures) <= tests
    assert set(known().left_out) <= set(all_groups(suites))


def test_the_page_tells_the_outcome(suites: Path) -> None:
    reviewed = known()
    assert DOCUMENT.read_text(encoding="utf-8") == page(suites, reviewed.failures, reviewed)


def test_a_folder_that_is_named_and_missing_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(manifests.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=manifests.VARIABLE):
        manifests.suites_folder()
    monkeypatch.delenv(manifests.VARIABLE)
    assert manifests.suites_folder() is None
