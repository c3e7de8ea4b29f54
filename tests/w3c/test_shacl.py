# SPDX-License-Identifier: Apache-2.0
"""The W3C's SHACL suite through the interface of the engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.check.engines import Engine, Result
from cosigraph.check.engines.choosing import pyshacl, pyshifty
from tests.w3c.shacl import ShaclCase, cases, outcome, reviewed

ENGINES = {"pyshacl": pyshacl, "pyshifty": pyshifty}
FEWEST = {
    "pyshacl": {"core": 98, "sparql": 21},
    "pyshifty": {"core": 98, "sparql": 22},
}


@pytest.fixture(scope="module")
def suite(suites: Path) -> list[ShaclCase]:
    return list(cases(suites))


@pytest.mark.parametrize("name", ENGINES)
def test_what_an_engine_fails_has_a_reason_and_what_has_a_reason_fails(
    name: str, suite: list[ShaclCase]
) -> None:
    engine = ENGINES[name]()
    failed = {case.name: why for case in suite if (why := outcome(case, engine)) is not None}
    assert set(failed) == set(reviewed()[name]), failed
    for part, fewest in FEWEST[name].items():
        passed = [case for case in suite if case.part == part and case.name not in failed]
        assert len(passed) >= fewest


def test_the_suite_is_whole(suite: list[ShaclCase]) -> None:
    assert [sum(case.part == part for case in suite) for part in ("core", "sparql")] == [98, 22]


class Silent:
    """An engine that finds nothing."""

    name = "silent"
    version = "0"

    def validate(self, data: object, shapes: object) -> list[Result]:
        return []


def test_an_engine_that_finds_nothing_fails(suite: list[ShaclCase]) -> None:
    engine: Engine = Silent()
    passed = [case for case in suite if outcome(case, engine) is None]
    assert {case.expected for case in passed} == {()}
